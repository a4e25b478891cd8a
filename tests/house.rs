//! The order of the rooms: no import runs against it, and no two rooms import each other.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Each room with the rooms that it may use. A room stands after all that it uses.
const ROOMS: [(&str, &[&str]); 16] = [
    ("time", &[]),
    ("units", &["time"]),
    ("random", &[]),
    ("stats", &[]),
    ("law", &["time", "units", "random", "stats"]),
    ("model", &["time", "units", "random", "stats", "law"]),
    ("scenario", &["time", "units", "random", "stats", "law", "model"]),
    ("import", &["units", "scenario"]),
    ("exact", &["time", "units", "random", "stats", "law", "model"]),
    ("engine", &["time", "random", "law", "model"]),
    ("measure", &["time", "random", "law", "model", "engine"]),
    ("study", &["time", "units", "random", "stats", "law", "model", "engine", "measure"]),
    ("report", &["time", "units", "stats", "law", "model", "scenario", "exact", "measure", "study"]),
    ("plot", &["time", "units", "stats", "law", "model", "scenario", "measure", "study"]),
    ("page", &["units", "model", "scenario", "measure", "study", "report", "plot"]),
    (
        "cli",
        &[
            "time", "units", "random", "stats", "law", "model", "scenario", "import", "exact", "engine",
            "measure", "study", "report", "plot", "page",
        ],
    ),
];

#[test]
fn imports_follow_the_order_of_the_rooms() {
    let mut wrong = Vec::new();
    for file in sources(Path::new("src")) {
        let Some(room) = room_of(&file) else { continue };
        let allowed = ROOMS.iter().find(|(name, _)| *name == room).map(|(_, uses)| *uses);
        let Some(allowed) = allowed else {
            wrong.push(format!(
                "{}: `{room}` is no room; add it to ROOMS and to ARCHITECTURE.md",
                file.display()
            ));
            continue;
        };
        for used in rooms_named_in(&fs::read_to_string(&file).unwrap()) {
            if used != room && !allowed.contains(&used.as_str()) {
                wrong.push(format!("{}: room `{room}` may not use `{used}`", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_room_stands_after_what_it_uses() {
    let mut seen = BTreeSet::new();
    for (room, uses) in ROOMS {
        for used in uses {
            assert!(seen.contains(used), "`{room}` uses `{used}`, which does not stand before it");
        }
        seen.insert(room);
    }
}

/// The check itself must be able to fail.
#[test]
fn a_wrong_import_is_seen() {
    assert_eq!(rooms_named_in("use crate::scenario::Sources;\n"), ["scenario"]);
    assert_eq!(rooms_named_in("// crate::cli\nlet x = crate::law::Law::ZERO;"), ["law"]);
    assert_eq!(rooms_named_in("use crate::{engine::Engine, time};"), ["engine", "time"]);
}

/// Only the command line touches files, terminal and wall clock; the engine has no threads and no clock.
#[test]
fn only_the_command_line_touches_the_world() {
    let worldly =
        ["std::fs", "std::env::", "std::process", "std::time::", "println!", "stdout()", "stderr()"];
    for file in sources(Path::new("src")) {
        let room = room_of(&file).unwrap_or_else(|| "cli".into());
        if room == "cli" {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        for word in worldly {
            assert!(!code.contains(word), "{}: `{word}` belongs to the command line", file.display());
        }
    }
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
    files
}

/// The room that a file belongs to; lib.rs and main.rs belong to none.
fn room_of(file: &Path) -> Option<String> {
    let inside = file.strip_prefix("src").unwrap();
    let first = inside.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
    let room = first.trim_end_matches(".rs").to_owned();
    (room != "lib" && room != "main").then_some(room)
}

/// Rooms named as `crate::room` outside comments, in order of appearance.
fn rooms_named_in(text: &str) -> Vec<String> {
    let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = code.join("\n");
    let mut rooms = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let group = &group[..group.find('}').unwrap()];
            rooms.extend(group.split(',').map(|item| identifier(item.trim())));
        } else {
            rooms.push(identifier(rest));
        }
    }
    rooms.retain(|room| !room.is_empty());
    rooms.dedup();
    rooms
}

fn identifier(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}
