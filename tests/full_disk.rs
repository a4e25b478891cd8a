//! A disk without space left: a clear message, exit code 2, and nothing half written.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use assert_cmd::cargo::cargo_bin;

const SCENARIO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/tutorial/01-one-zone.ron");
const NO_SPACE: &str = "No space left on device";

/// Mounts a small disk over the folder $1, changes into it, and does the rest of its arguments after $2, the options
/// of the disk.
const ON_DISK: &str =
    r#"folder=$1; options=$2; shift 2; mount -t tmpfs -o "$options" tmpfs "$folder" && cd "$folder" && "$@""#;

/// What `sh -c script` leaves on a disk with such options, in a namespace of its own; `$0` is the program, `$1` a
/// scenario. `None`, loudly, where this system does not let tests mount.
fn on_disk(options: &str, script: &str) -> Option<Output> {
    let folder = tempfile::tempdir().unwrap();
    let mounted = |inner: &[&str]| {
        let mut command = Command::new("unshare");
        command.args(["-rm", "sh", "-c", ON_DISK, "sh"]).arg(folder.path()).arg(options).args(inner).output()
    };
    if !mounted(&["true"]).is_ok_and(|output| output.status.success()) {
        eprintln!(
            "SKIPPED: no small disk can be mounted here (unshare -rm, tmpfs), so a full one is not tested"
        );
        return None;
    }
    let program = cargo_bin!("blackstart");
    Some(mounted(&["sh", "-c", script, program.to_str().unwrap(), SCENARIO]).unwrap())
}

/// A command on a disk that is too small for what it writes: refused, and the folder is as it was.
fn leaves_nothing(options: &str, args: &str) {
    let script = format!(r#""$0" {args}; echo "code $?"; find . -mindepth 1"#);
    let Some(output) = on_disk(options, &script) else { return };
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.starts_with("error: cannot write ") && said.to_lowercase().contains("no s"),
        "{args}: {said}"
    );
    assert!(said.lines().count() == 1 && !said.contains("panicked"), "{args}: {said}");
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "code 2\n", "{args} on {options}: {said}");
}

#[test]
fn a_full_disk_is_named_and_nothing_is_left() {
    // Room for the first files but not for all; for a file's beginning; for none.
    for options in ["size=64k", "size=16k", "size=4k"] {
        for args in [
            r#"run "$1" -n 3000 --out x"#,
            r#"run "$1" -n 3000 --out deep/er/x --format json"#,
            r#"plot "$1" -n 600 --out x"#,
            r#"plot "$1" -n 600 --out deep/er/x --theme dark"#,
        ] {
            leaves_nothing(options, args);
        }
    }
}

/// A disk that may hold no further file is seen before the run, which would take for ever.
#[test]
fn a_disk_without_room_for_a_name_is_seen_at_once() {
    leaves_nothing("size=64k,nr_inodes=1", r#"run "$1" -n 100000000 --out x"#);
    leaves_nothing("size=64k,nr_inodes=1", r#"plot "$1" -n 100000000 --out x"#);
}

/// What was there stays.
#[test]
fn earlier_results_survive_a_full_disk() {
    let script = r#""$0" run "$1" -n 2 --out first >/dev/null || exit; before=$(cat first/* | cksum)
        "$0" run "$1" -n 20000 --out second; echo "code $?"; test "$before" = "$(cat first/* | cksum)" && ls -A"#;
    let Some(output) = on_disk("size=512k", script) else { return };
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("error: cannot write second: ") && said.contains(NO_SPACE), "{said}");
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "code 2\nfirst\n");
}

/// Every command that prints.
#[test]
fn a_standard_output_that_is_full_is_no_success() {
    for args in [
        &["run", SCENARIO, "-n", "10"][..],
        &["run", SCENARIO, "-n", "10", "--format", "json"],
        &["run", SCENARIO, "-n", "10", "--format", "csv"],
        &["compare", SCENARIO, SCENARIO, "-n", "10"],
        &["trace", SCENARIO],
        &["check", SCENARIO],
        &["check", SCENARIO, "--resolved"],
        &["explain"],
    ] {
        let full = fs::OpenOptions::new().write(true).open(Path::new("/dev/full")).unwrap();
        let output = Command::new(cargo_bin!("blackstart")).args(args).stdout(full).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
        assert_eq!(
            said,
            format!("error: cannot write to standard output: {NO_SPACE} (os error 28)\n"),
            "{args:?}"
        );
    }
}
