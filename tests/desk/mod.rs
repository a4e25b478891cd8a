//! A folder of its own for commands that write files.
#![allow(unreachable_pub, reason = "shared by test files")]

use std::fs;
use std::path::PathBuf;

use assert_cmd::Command;
use assert_cmd::cargo::cargo_bin;
use tempfile::TempDir;

pub struct Desk {
    folder: TempDir,
}

impl Desk {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What a command prints, and the file that it writes to `name`, which stands behind `to`.
    pub fn writes(&self, command: &str, args: &[&str], to: &str, name: &str) -> (String, String) {
        let out = self.path(name);
        let output = Command::new(cargo_bin!("blackstart"))
            .arg(command)
            .args(args)
            .args([to, out.to_str().unwrap()])
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        (String::from_utf8(output.stdout).unwrap(), fs::read_to_string(out).unwrap())
    }

    /// What a command says that is refused and leaves nothing behind.
    pub fn refuses(&self, args: &[&str]) -> String {
        let before = self.names();
        let output = Command::new(cargo_bin!("blackstart")).args(args).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
        assert!(output.stdout.is_empty() && !said.contains("panicked"), "{said}");
        assert_eq!(self.names(), before, "{args:?}");
        said
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort_unstable();
        names
    }
}
