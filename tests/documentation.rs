//! What the documents show is true: RON blocks are read, output is what the program prints, figures are computed.
//!
//! `UPDATE_DOCS=1 cargo test --test documentation` replaces the output that the documents show by the present one.

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use blackstart::law::Law;
use blackstart::report::render_diagnostics;
use blackstart::scenario::decode::law;
use blackstart::scenario::law_spec::{LawKind, LawSpec, Spread};
use blackstart::scenario::{Diagnostic, Diagnostics, Severity, SourceFile, Sources, load_extending, parse};
use blackstart::units::{show_percent, show_span};
use common::extended;

/// Two tests may replace parts of one document: the one after the other.
static REPLACING: Mutex<()> = Mutex::new(());

const UPDATE: &str = "run `UPDATE_DOCS=1 cargo test --test documentation`, and read the change";

/// A fenced block of a document.
struct Block {
    /// "docs/scenario.md, line 12".
    place: String,
    /// What stands behind the opening fence.
    language: String,
    /// The numbers of its first line and of its closing fence, from 0.
    lines: std::ops::Range<usize>,
    text: String,
}

/// README.md and everything in docs/.
fn documents() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = vec![root.join("README.md")];
    found.extend(std::fs::read_dir(root.join("docs")).unwrap().map(|entry| entry.unwrap().path()));
    found.retain(|path| path.is_file() && path.extension().is_some_and(|e| e == "md"));
    found.sort();
    found
}

fn blocks(document: &Path) -> Vec<Block> {
    let text = std::fs::read_to_string(document).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let mut blocks = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        if let Some(language) = lines[at].strip_prefix("```") {
            let length = lines[at + 1..].iter().position(|line| *line == "```");
            let end = at + 1 + length.unwrap_or_else(|| panic!("{}: an open block", document.display()));
            blocks.push(Block {
                place: format!("{}, line {}", document.display(), at + 1),
                language: language.to_owned(),
                lines: at + 1..end,
                text: lines[at + 1..end].join("\n"),
            });
            at = end;
        }
        at += 1;
    }
    blocks
}

/// A block is a whole scenario, or fields of one.
fn is_whole(block: &Block) -> bool {
    let code = block.text.lines().find(|line| !line.is_empty() && !line.trim_start().starts_with("//"));
    code.is_some_and(|line| line.starts_with("Scenario("))
}

fn findings_of(text: &str) -> (Sources, Vec<Diagnostic>) {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    // A block stands beside the files of the tutorial, which it may extend.
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/tutorial/block");
    let file = SourceFile { identity: path.clone(), path, text: text.to_owned() };
    let _ = load_extending(&file, &extended, &[], &mut sources, &mut found);
    (sources, found.into_vec())
}

#[test]
fn whole_scenarios_load() {
    let mut seen = 0;
    for document in documents() {
        for block in blocks(&document).iter().filter(|b| b.language == "ron" && is_whole(b)) {
            let (sources, findings) = findings_of(&block.text);
            assert!(
                findings.is_empty(),
                "{}:\n{}",
                block.place,
                render_diagnostics(&sources, &findings, false)
            );
            seen += 1;
        }
    }
    assert!(seen > 0);
}

/// Fields of a scenario are read as such; only names that stand elsewhere may be missing.
#[test]
fn fragments_are_fields_of_a_scenario() {
    const ELSEWHERE: [&str; 12] = [
        "there is no component",
        "there is no service",
        "there is no region",
        "there is no zone kind",
        "there is no crew",
        "there is no site",
        "there is no journey",
        "there is no population",
        "there is no hazard",
        "a service with members needs regions",
        "no component matches",
        "there is no zone near",
    ];
    let mut seen = 0;
    for document in documents() {
        for block in blocks(&document).iter().filter(|b| b.language == "ron" && !is_whole(b)) {
            let has = |field: &str| block.text.lines().any(|line| line.starts_with(field));
            let mut head = String::new();
            for (field, value) in
                [("title:", "\"x\""), ("start:", "\"2026-03-01T00:00:00Z\""), ("horizon:", "\"1y\"")]
            {
                if !has(field) {
                    head += &format!("{field} {value}, ");
                }
            }
            let text = format!("Scenario({head}{}\n)", block.text);
            let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
            let tree = parse::parse(sources.add("block", &text), &text, &mut found);
            assert!(
                tree.is_some(),
                "{}:\n{}",
                block.place,
                render_diagnostics(&sources, &found.into_vec(), false)
            );
            let (sources, findings) = findings_of(&text);
            let wrong: Vec<Diagnostic> = findings
                .into_iter()
                .filter(|finding| finding.severity == Severity::Error)
                .filter(|finding| !ELSEWHERE.iter().any(|known| finding.message.starts_with(known)))
                .collect();
            assert!(wrong.is_empty(), "{}:\n{}", block.place, render_diagnostics(&sources, &wrong, false));
            seen += 1;
        }
    }
    assert!(seen > 0);
}

/// At once, since other tests may be reading.
fn replace(document: &Path, text: &str) {
    let new = document.with_extension("md.new");
    std::fs::write(&new, text).unwrap();
    std::fs::rename(&new, document).unwrap();
}

/// Blocks that begin with `$ blackstart` show the first lines of what the program prints; "..." ends what is cut.
#[test]
fn shown_output_is_real() {
    let update = std::env::var_os("UPDATE_DOCS").is_some();
    let _replacing = update.then(|| REPLACING.lock());
    let mut seen = 0;
    for document in documents() {
        let text = std::fs::read_to_string(&document).unwrap();
        let mut lines: Vec<String> = text.lines().map(ToOwned::to_owned).collect();
        for block in blocks(&document).iter().rev() {
            let Some(command) = block.text.lines().next().and_then(|line| line.strip_prefix("$ blackstart "))
            else {
                continue;
            };
            seen += 1;
            let shown: Vec<&str> = block.text.lines().skip(1).collect();
            let cut = shown.last() == Some(&"...");
            let printed = printed_by(command);
            let wanted = if cut { shown.len() - 1 } else { printed.len() };
            let mut now: Vec<&str> = printed.iter().take(wanted).map(String::as_str).collect();
            if cut {
                now.push("...");
            }
            if update {
                let output = now.iter().map(|line| (*line).to_owned());
                lines.splice(block.lines.start + 1..block.lines.end, output);
            } else {
                assert_eq!(shown, now, "{}: {UPDATE}", block.place);
            }
        }
        let now = lines.join("\n") + "\n";
        if update && now != text {
            replace(&document, &now);
        }
    }
    assert!(seen > 0);
}

/// Output and messages of `blackstart` with these arguments, line by line.
fn printed_by(command: &str) -> Vec<String> {
    let output = Command::new(env!("CARGO_BIN_EXE_blackstart"))
        .args(words(command))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    String::from_utf8(text).unwrap().lines().map(ToOwned::to_owned).collect()
}

/// A command line's words as a shell would split them.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for c in line.chars() {
        match quote {
            Some(open) if c == open => quote = None,
            None if c == '"' || c == '\'' => quote = Some(c),
            None if c == ' ' => words.push(String::new()),
            _ => words.last_mut().unwrap().push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Files that the documents name exist.
#[test]
fn named_scenarios_exist() {
    for document in documents() {
        let text = std::fs::read_to_string(&document).unwrap();
        for word in text.split(|c: char| c.is_whitespace() || matches!(c, '`' | '(' | ')' | '"' | ',')) {
            let Some(at) = word.find("scenarios/") else { continue };
            // "scenarios/x.ron:21:21" names a place in a file.
            let path = word[at..].find(".ron").map_or(&word[at..], |end| &word[at..at + end + 4]);
            let path = path.trim_end_matches(['.', ':', ';']);
            assert!(
                Path::new(env!("CARGO_MANIFEST_DIR")).join(path).exists(),
                "{}: {path}",
                document.display()
            );
        }
    }
}

/// The table of laws in docs/scenario.md.
#[test]
fn laws_have_the_figures_that_are_shown() {
    let update = std::env::var_os("UPDATE_DOCS").is_some();
    let _replacing = update.then(|| REPLACING.lock());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/scenario.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let table =
        text.split("| Law | p50 | mean | p90 | p99 | Mind |\n|---|---|---|---|---|---|\n").nth(1).unwrap();
    let mut now = text.clone();
    let rows: Vec<&str> = table.lines().take_while(|line| line.starts_with('|')).collect();
    assert!(rows.len() > 5);
    for row in rows {
        let mut cells: Vec<String> = row.trim_matches('|').split('|').map(|c| c.trim().to_owned()).collect();
        let law = cells[0].trim_matches('`').to_owned();
        cells.splice(1..5, figures(&law));
        now = now.replace(row, &format!("| {} |", cells.join(" | ")));
    }
    if update {
        replace(&path, &now);
    } else {
        assert!(text == now, "the table of laws is out of date: {UPDATE}");
    }
}

/// Median, mean, p90 and p99 of a law.
fn figures(text: &str) -> [String; 4] {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let node = parse::parse(sources.add("law", text), text, &mut found).unwrap();
    let kind = if text.contains('%') { LawKind::Fraction } else { LawKind::Time };
    let law = built(&law(&node, kind, &mut found).unwrap());
    let values = [law.quantile(0.5), law.mean(), law.quantile(0.9), law.quantile(0.99)];
    values.map(|value| if kind == LawKind::Time { show_span(value) } else { show_percent(value) })
}

fn built(spec: &LawSpec) -> Law {
    match spec {
        LawSpec::Exp { mean } => Law::exp(*mean).unwrap(),
        LawSpec::LogNormal { median, spread: Spread::P90(p90) } => {
            Law::log_normal_p90(*median, *p90).unwrap()
        }
        LawSpec::LogNormal { median, spread: Spread::Sigma(sigma) } => {
            Law::log_normal(*median, *sigma).unwrap()
        }
        LawSpec::Weibull { scale, shape } => Law::weibull(*scale, *shape).unwrap(),
        LawSpec::Gamma { mean, cv } => Law::gamma(*mean, *cv).unwrap(),
        LawSpec::Fixed(value) => Law::fixed(*value).unwrap(),
        LawSpec::Uniform { low, high } => Law::uniform(*low, *high).unwrap(),
        LawSpec::Triangular { low, mode, high } => Law::triangular(*low, *mode, *high).unwrap(),
        LawSpec::Empirical(values) => Law::empirical(values.clone()).unwrap(),
        LawSpec::Mix(parts) => Law::mix(parts.iter().map(|(w, l)| (w.value, built(l))).collect()).unwrap(),
        LawSpec::Never => Law::NEVER,
        LawSpec::Uncertain { .. } => panic!("the table has known laws"),
    }
}
