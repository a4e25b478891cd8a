//! What a gate found: for the terminal, for a document, and for programs that read JUnit.

use std::fmt::Write as _;

use serde::Serialize;

use super::grid::{Column, Grid};
use super::page::{Page, Tone};
use super::sheet::{Section, Sheet};
use super::skewed::listed;
use super::table::precise_seconds as seconds;
use crate::study::{Check, Decision, Subject, decided};
use crate::units::show_counted;

/// What a gate found.
#[derive(Debug, Serialize)]
pub struct GateReport {
    /// Version of this form.
    pub format: u32,
    /// Version of blackstart that made it.
    pub blackstart: String,
    /// The scenario's title.
    pub title: String,
    /// Seed of all draws.
    pub seed: u64,
    /// Replications that were played.
    pub replications: u64,
    /// What all checks come to.
    pub decision: Decision,
    /// The checks.
    pub checks: Vec<Check>,
}

impl GateReport {
    /// The report of these checks.
    #[must_use]
    pub fn new(title: &str, seed: u64, replications: u64, checks: Vec<Check>) -> Self {
        Self {
            format: 1,
            blackstart: env!("CARGO_PKG_VERSION").to_owned(),
            title: title.to_owned(),
            seed,
            replications,
            decision: decided(&checks),
            checks,
        }
    }

    /// As plain text.
    #[must_use]
    pub fn text(&self, page: Page) -> String {
        self.sheet().text(page)
    }

    /// As Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        self.sheet().markdown()
    }

    fn sheet(&self) -> Sheet {
        let columns = vec![
            Column::names(""),
            Column::names("journey"),
            Column::names("users"),
            Column::text("checked"),
            Column::values("found"),
            Column::values("may be"),
            Column::values("allowed"),
        ];
        let grid = Grid::of(columns, self.checks.iter().map(row).collect());
        Sheet {
            sentences: vec![format!("Gate {}: {}.", word(self.decision), self.counts())],
            head: vec![format!(
                "{}, {}, seed {}; 95 % confidence for all checks of a kind together",
                self.title,
                show_counted(self.replications, "replication"),
                self.seed
            )],
            sections: vec![Section {
                notes: self.skewed().into_iter().collect(),
                ..Section::titled("Checks", grid)
            }],
        }
    }

    /// One line on checks of which few long outages make most.
    fn skewed(&self) -> Option<String> {
        let name = |check: &Check| format!("{} {}", check.journey, check.population);
        let mut names: Vec<String> = self.checks.iter().filter(|check| check.skewed).map(name).collect();
        names.dedup();
        (!names.is_empty()).then(|| {
            let of = listed(names);
            format!("rests on few long outages, so the usual interval does not do to pass; more replications would tell: {of}")
        })
    }

    /// "1 failed, 2 passed"
    fn counts(&self) -> String {
        let counted = [Decision::Failed, Decision::Undecided, Decision::Passed]
            .map(|decision| (decision, self.count(decision)))
            .into_iter()
            .filter(|(_, count)| *count > 0);
        counted.map(|(decision, count)| format!("{count} {}", word(decision))).collect::<Vec<_>>().join(", ")
    }

    fn count(&self, decision: Decision) -> usize {
        self.checks.iter().filter(|check| check.decision == decision).count()
    }

    /// As JUnit XML: what failed is a failure, what is undecided an error.
    #[must_use]
    pub fn junit(&self) -> String {
        let (tests, failures, errors) =
            (self.checks.len(), self.count(Decision::Failed), self.count(Decision::Undecided));
        let counts = format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\"");
        let title = escaped(&self.title);
        let mut xml = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"blackstart gate\" {counts}>\n  <testsuite name=\"{title}\" {counts}>\n"
        );
        for check in &self.checks {
            let name = escaped(&format!("{} {}: {}", check.journey, check.population, checked(check)));
            let class =
                if matches!(check.subject, Subject::Objective { .. }) { "objective" } else { "change" };
            let message = escaped(&found(check));
            let _ = match check.decision {
                Decision::Passed => writeln!(xml, "    <testcase classname=\"{class}\" name=\"{name}\"/>"),
                Decision::Failed | Decision::Undecided => {
                    let element = if check.decision == Decision::Failed { "failure" } else { "error" };
                    writeln!(
                        xml,
                        "    <testcase classname=\"{class}\" name=\"{name}\">\n      <{element} message=\"{message}\"/>\n    </testcase>"
                    )
                }
            };
        }
        xml + "  </testsuite>\n</testsuites>\n"
    }
}

fn row(check: &Check) -> Vec<String> {
    vec![
        tone(check.decision).of(word(check.decision)),
        check.journey.clone(),
        check.population.clone(),
        checked(check),
        seconds(check.mean_s),
        range(check),
        allowed(check),
    ]
}

const fn tone(decision: Decision) -> Tone {
    match decision {
        Decision::Passed => Tone::Good,
        Decision::Failed => Tone::Bad,
        Decision::Undecided => Tone::Unsure,
    }
}

const fn word(decision: Decision) -> &'static str {
    match decision {
        Decision::Passed => "passed",
        Decision::Failed => "failed",
        Decision::Undecided => "undecided",
    }
}

fn checked(check: &Check) -> String {
    match &check.subject {
        Subject::Objective { availability, month } => {
            format!("down in {month} within {}", exact_percent(*availability))
        }
        Subject::Change { baseline } => format!("change from {baseline}"),
    }
}

/// An objective as it was written: to round it would change what is asked.
pub(super) fn exact_percent(share: f64) -> String {
    let digits = format!("{:.9}", 100.0 * share);
    format!("{} %", digits.trim_end_matches('0').trim_end_matches('.'))
}

fn found(check: &Check) -> String {
    let allowed = allowed(check);
    format!(
        "{}: found {}, may be {}, allowed {allowed}",
        word(check.decision),
        seconds(check.mean_s),
        range(check)
    )
}

fn range(check: &Check) -> String {
    match (check.low_s, check.high_s) {
        (Some(0.0), Some(0.0)) => "exactly 0".to_owned(),
        (Some(low), Some(high)) => format!("{} to {}", seconds(low), seconds(high)),
        _ => "few events".to_owned(),
    }
}

fn allowed(check: &Check) -> String {
    check.allowed_s.map_or("no sure increase".to_owned(), seconds)
}

/// Text as an attribute of XML; characters that XML cannot hold are replaced.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}
