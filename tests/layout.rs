//! What is printed fits the page, names of any kind included, and says no more than is asked for.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::fs;
use std::path::Path;
use std::process::Output;

use assert_cmd::Command;
use assert_cmd::cargo::cargo_bin;
use tempfile::TempDir;
use unicode_width::UnicodeWidthStr as _;

const SHIPPED: [&str; 3] =
    ["scenarios/me-central-1.ron", "scenarios/me-central-1-designs.ron", "scenarios/red-sea.ron"];

/// Long names, names in other scripts, and names that Markdown, HTML, terminals or tables would act on.
const HOSTILE: &str = r##"Scenario(
    title: "<script>alert(1)</script> | a `b` *c* [d](e) # f g &amp; $h$",
    start: "2026-01-01T00:00:00Z",
    horizon: "30d",
    zone_kinds: {
        "hall": (
            parts: { "a | power-supply-with-a-name-that-is-much-longer-than-any-column-of-a-table-should-be": (failures: {
                "停电停电停电停电停电停电停电停电停电停电停电停电停电停电停电停电停电停电停电停电停电停电停电停电": (every: Exp("10d"), repair: Exp("4h")),
            }) },
            needs: ["a | power-supply-with-a-name-that-is-much-longer-than-any-column-of-a-table-should-be"],
        ),
    },
    regions: { "north": (zones: { "a": "hall" }) },
    services: { "shop`": (scope: Regional) },
    hazards: { "1. *strike* at noon": (occurs: At("3d"), strikes: { "loss": (targets: ["north/a"], repair: Exp("1d")) }) },
    journeys: { "الشراء من المتجر": (calls: ["shop`"], objective: "99%"), "- buy": (calls: ["shop`"]) },
    users: {
        "Санкт-Петербург и вся область вокруг города": (count: 1000, does: { "الشراء من المتجر": "1/h", "- buy": "1/h" }),
        "👩‍👩‍👧‍👦 families|": (count: 1000, does: { "- buy": "1/h" }),
    },
    architectures: { "- `x` | <b>": [Set("zone_kinds.hall.parts.*.failures.*.repair", "1h")], "nothing": [Set("users.*.count", 1000)] },
)
"##;

fn blackstart(folder: &Path, args: &[&str]) -> Output {
    Command::new(cargo_bin!("blackstart")).current_dir(folder).args(args).output().unwrap()
}

/// What a command prints that ends with one of these codes.
#[track_caller]
fn printed(folder: &Path, args: &[&str]) -> String {
    let output = blackstart(folder, args);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(matches!(output.status.code(), Some(0 | 4 | 5)), "{args:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn hostile() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("x.ron"), HOSTILE).unwrap();
    folder
}

#[track_caller]
fn fits(text: &str, width: usize, what: &[&str]) {
    assert!(!text.is_empty(), "{what:?}");
    for line in text.lines() {
        assert!(line.width() <= width, "{what:?}: {} columns: {line:?}\n{text}", line.width());
        assert_eq!(line.trim_end(), line, "{what:?}: spaces at the end");
        assert!(!line.chars().any(char::is_control), "{what:?}: {line:?}");
    }
}

#[test]
fn any_name_fits_any_page() {
    for width in ["60", "80", "100"] {
        let fits = |folder: &Path, args: &[&str]| {
            let args = [args, &["--width", width]].concat();
            fits(&printed(folder, &args), width.parse().unwrap(), &args);
        };
        fits(root(), &["explain", "downtime"]);
        fits(root(), &["explain"]);
        let folder = hostile();
        for args in [
            &["run", "x.ron", "-n", "200"][..],
            &["check", "x.ron"],
            &["compare", "x.ron", "-n", "200"],
            &["gate", "x.ron", "-n", "200", "--baseline", "x.ron"],
            &["trace", "x.ron", "--full"],
        ] {
            fits(folder.path(), args);
        }
    }
}

#[test]
fn reports_of_the_shipped_scenarios_fit_80_columns() {
    let fits = |args: &[&str]| {
        let args = [args, &["--width", "80"]].concat();
        fits(&printed(root(), &args), 80, &args);
    };
    for path in SHIPPED {
        fits(&["run", path, "-n", "40"]);
        fits(&["check", path]);
        fits(&["trace", path, "--full"]);
    }
    fits(&["compare", SHIPPED[1], "-n", "40"]);
    fits(&["gate", SHIPPED[0], "-n", "40", "--baseline", SHIPPED[0]]);
}

/// Where there is no terminal, nothing of the machine shows: no width, no colour.
#[test]
fn what_is_piped_depends_on_nothing_else() {
    let args = ["run", "scenarios/me-central-1.ron", "-n", "100"];
    let plain = printed(root(), &args);
    let elsewhere = Command::new(cargo_bin!("blackstart"))
        .current_dir(root())
        .args(args)
        .env("COLUMNS", "33")
        .env("TERM", "dumb")
        .env("CLICOLOR_FORCE", "1")
        .output()
        .unwrap();
    assert_eq!(plain, String::from_utf8(elsewhere.stdout).unwrap());
    assert_eq!(plain, printed(root(), &[&args[..], &["--width", "100"]].concat()));
    assert!(!plain.contains('\u{1b}'));
}

#[test]
fn widths_have_limits() {
    for width in ["59", "1001", "0", "-1", "wide"] {
        let output = blackstart(root(), &["check", "scenarios/red-sea.ron", "--width", width]);
        assert_eq!(output.status.code(), Some(2), "{width}");
    }
}

/// Markdown in which nothing acts but what the report means.
#[test]
fn markdown_reads_like_this() {
    let folder = hostile();
    let run = printed(folder.path(), &["run", "x.ron", "-n", "200", "--format", "markdown"]);
    insta::assert_snapshot!("hostile_run_markdown", run);
    let compare = printed(folder.path(), &["compare", "x.ron", "-n", "200", "--format", "markdown"]);
    for text in [run, compare] {
        for line in text.lines() {
            assert!(!line.chars().any(char::is_control), "{line:?}");
            // Each row of a table has as many cells as its header.
            let cells = line.replace("\\|", "").matches('|').count();
            assert!(cells == 0 || line.starts_with('|') && line.ends_with('|'), "{line}");
            assert!(!line.contains('<') || line.contains("\\<") || line.contains("< 0.1"), "{line}");
        }
    }
    let flagship =
        printed(root(), &["run", "scenarios/me-central-1.ron", "-n", "1000", "--format", "markdown"]);
    insta::assert_snapshot!("flagship_markdown", flagship);
}

/// Quiet: nothing but errors, and what is asked for by name.
#[test]
fn quiet_prints_errors_and_what_is_asked_for() {
    let folder = hostile();
    let at = folder.path();
    let nothing = |code: i32, args: &[&str]| {
        let output = blackstart(at, args);
        let said = [output.stdout, output.stderr].concat();
        assert_eq!(
            (output.status.code(), String::from_utf8(said).unwrap().as_str()),
            (Some(code), ""),
            "{args:?}"
        );
    };
    nothing(0, &["run", "x.ron", "-n", "50", "--quiet", "--out", "saved"]);
    nothing(0, &["-q", "run", "x.ron", "-n", "50", "--plots", "drawn"]);
    nothing(0, &["plot", "saved", "--out", "pictures", "-q"]);
    nothing(0, &["graph", "x.ron", "--out", "g.svg", "-q"]);
    nothing(0, &["trace", "x.ron", "--plot", "t.svg", "-q"]);
    nothing(0, &["compare", "x.ron", "-n", "50", "-q"]);
    nothing(0, &["check", "x.ron", "-q"]);
    nothing(4, &["gate", "x.ron", "-n", "200", "--objective=- buy:👩‍👩‍👧‍👦 families|=99.99%", "-q"]);
    assert!(at.join("saved/run.json").exists() && at.join("drawn/causes.svg").exists());
    for format in ["json", "csv", "markdown"] {
        let run = ["run", "x.ron", "-n", "50", "--format", format];
        assert_eq!(printed(at, &run), printed(at, &[&run[..], &["--quiet"]].concat()));
    }
    let wrong = blackstart(at, &["run", "x.ron", "--set", "horizn=1d", "-q"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8(wrong.stderr).unwrap().contains("did you mean `horizon`?"));
    // Less precise than asked is not as asked.
    let loose = blackstart(at, &["run", "x.ron", "--precision", "1%", "-n", "600", "-q"]);
    assert_eq!((loose.status.code(), loose.stdout.len()), (Some(3), 0));
    assert!(String::from_utf8(loose.stderr).unwrap().starts_with("not converged"));
}
