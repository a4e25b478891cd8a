//! What a gate found: for the terminal, for a document, and for programs that read JUnit.

use std::fmt::Write as _;

use serde::Serialize;

use super::grid::{Column, Grid};
use super::page::{Page, Tone};
use super::sheet::{Section, Sheet};
use super::skewed::NAMED;
use super::table::{first_of, precise_seconds as seconds};
use super::text::{clock_time, partial};
use crate::study::{Check, Decision, StandsIn, StoppedBy, Subject, Unlike, Unmatched, decided};
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
    /// What ended the playing: interrupted, the results are partial.
    pub stopped_by: StoppedBy,
    /// What all checks come to; nothing has passed that was interrupted.
    pub decision: Decision,
    /// The checks.
    pub checks: Vec<Check>,
    /// What the baseline is called.
    pub baseline: Option<String>,
    /// Journeys that only the baseline or only the scenario has; those that are gone are undecided.
    pub unmatched: Vec<Unmatched>,
    /// What is good to know of the baseline.
    pub notes: Vec<String>,
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
            stopped_by: StoppedBy::Replications,
            decision: decided(&checks),
            checks,
            baseline: None,
            unmatched: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// With what cannot be compared with the baseline `name`, and what is good to know of it.
    #[must_use]
    pub fn against(mut self, name: &str, unmatched: Vec<Unmatched>, notes: Vec<String>) -> Self {
        self.baseline = Some(name.to_owned());
        self.unmatched = unmatched;
        self.notes = notes;
        self.decided_again()
    }

    /// With what ended the playing.
    #[must_use]
    pub fn stopped(mut self, by: StoppedBy) -> Self {
        self.stopped_by = by;
        self.decided_again()
    }

    fn decided_again(mut self) -> Self {
        let is_open = self.gone() > 0 || self.stopped_by == StoppedBy::Interrupted;
        self.decision = match decided(&self.checks) {
            Decision::Passed if is_open => Decision::Undecided,
            other => other,
        };
        self
    }

    /// Journeys of the baseline that there are no more.
    fn gone(&self) -> usize {
        self.unmatched.iter().filter(|one| one.stands_in == StandsIn::Baseline).count()
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
        let played = format!(
            "{}, {}, seed {}; 95 % confidence for all checks of a kind together",
            self.title,
            show_counted(self.replications, "replication"),
            self.seed
        );
        let notes = self.notes.iter().map(|note| format!("note: {note}"));
        let sections = [(!self.checks.is_empty()).then(|| self.checked()), self.not_compared()];
        Sheet {
            sentences: vec![self.sentence()],
            head: std::iter::once(played).chain(notes).collect(),
            sections: sections.into_iter().flatten().collect(),
        }
    }

    fn sentence(&self) -> String {
        let counts = match self.counts() {
            counts if counts.is_empty() => "no check was finished".to_owned(),
            counts => counts,
        };
        match self.stopped_by {
            StoppedBy::Interrupted => {
                format!("Gate interrupted{}: {counts} so far.", partial(self.stopped_by))
            }
            _ => format!("Gate {}: {counts}.", word(self.decision)),
        }
    }

    fn checked(&self) -> Section {
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
        Section { notes: self.skewed().into_iter().collect(), ..Section::titled("Checks", grid) }
    }

    /// What only one of the two has.
    fn not_compared(&self) -> Option<Section> {
        if self.unmatched.is_empty() {
            return None;
        }
        let columns =
            vec![Column::names(""), Column::names("journey"), Column::names("users"), Column::text("why")];
        let row = |one: &Unmatched| {
            let first = match one.stands_in {
                StandsIn::Baseline => tone(Decision::Undecided).of(word(Decision::Undecided)),
                StandsIn::Scenario => "new".to_owned(),
            };
            vec![first, one.journey.clone(), one.population.clone(), self.why(one)]
        };
        Some(Section::titled("Not compared", Grid::of(columns, self.unmatched.iter().map(row).collect())))
    }

    fn why(&self, one: &Unmatched) -> String {
        let baseline = self.baseline.as_deref().unwrap_or("the baseline");
        match one.stands_in {
            StandsIn::Baseline => format!("only {baseline} has it: whether it is worse is not known"),
            StandsIn::Scenario => format!("{baseline} does not have it"),
        }
    }

    /// One line on checks of which few long outages make most.
    fn skewed(&self) -> Option<String> {
        let name = |check: &Check| format!("{} {}", check.journey, check.population);
        let mut names: Vec<String> = self.checks.iter().filter(|check| check.skewed).map(name).collect();
        names.dedup();
        (!names.is_empty()).then(|| {
            let of = first_of(&names, NAMED);
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
        let gone = if decision == Decision::Undecided { self.gone() } else { 0 };
        self.checks.iter().filter(|check| check.decision == decision).count() + gone
    }

    /// As JUnit XML: what failed is a failure, what is undecided an error, what is new is skipped.
    #[must_use]
    pub fn junit(&self) -> String {
        let mut cases: Vec<Case> = self.checks.iter().map(case_of).collect();
        cases.extend(self.unmatched.iter().map(|one| Case {
            class: "change",
            name: format!("{} {}: not compared", one.journey, one.population),
            outcome: Some(match one.stands_in {
                StandsIn::Baseline => ("error", format!("undecided: {}", self.why(one))),
                StandsIn::Scenario => ("skipped", self.why(one)),
            }),
        }));
        if self.stopped_by == StoppedBy::Interrupted {
            cases.push(Case {
                class: "gate",
                name: "all replications are played".to_owned(),
                outcome: Some(("error", format!("interrupted{}", partial(self.stopped_by)))),
            });
        }
        let of = |element: &str| {
            cases.iter().filter(|case| case.outcome.as_ref().is_some_and(|(is, _)| *is == element)).count()
        };
        let counts = format!(
            "tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\"",
            cases.len(),
            of("failure"),
            of("error"),
            of("skipped")
        );
        let title = escaped(&self.title);
        let mut xml = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"blackstart gate\" {counts}>\n  <testsuite name=\"{title}\" {counts}>\n"
        );
        xml.extend(cases.iter().map(Case::xml));
        for note in &self.notes {
            let _ = writeln!(xml, "    <system-out>note: {}</system-out>", escaped(note));
        }
        xml + "  </testsuite>\n</testsuites>\n"
    }
}

/// A test case of JUnit.
struct Case {
    class: &'static str,
    name: String,
    /// The element that says that it did not pass, and its message.
    outcome: Option<(&'static str, String)>,
}

impl Case {
    fn xml(&self) -> String {
        let head = format!("    <testcase classname=\"{}\" name=\"{}\"", self.class, escaped(&self.name));
        match &self.outcome {
            None => head + "/>\n",
            Some((element, message)) => {
                format!("{head}>\n      <{element} message=\"{}\"/>\n    </testcase>\n", escaped(message))
            }
        }
    }
}

fn case_of(check: &Check) -> Case {
    let element = match check.decision {
        Decision::Passed => None,
        Decision::Failed => Some("failure"),
        Decision::Undecided => Some("error"),
    };
    Case {
        class: if matches!(check.subject, Subject::Objective { .. }) { "objective" } else { "change" },
        name: format!("{} {}: {}", check.journey, check.population, checked(check)),
        outcome: element.map(|element| (element, found(check))),
    }
}

/// What tells that the baseline `name` may be of another system.
#[must_use]
pub fn unlike_text(name: &str, unlike: &Unlike) -> String {
    let quoted = |title: &str| format!("\"{}\"", title.split_whitespace().collect::<Vec<_>>().join(" "));
    match unlike {
        Unlike::Title { was, is } => {
            format!("{name} is of a scenario with another title: {}, not {}", quoted(was), quoted(is))
        }
        Unlike::Start { was_unix_s, is_unix_s } => format!(
            "{name} is of a scenario with another start: {} UTC, not {} UTC",
            clock_time(*was_unix_s),
            clock_time(*is_unix_s)
        ),
        Unlike::Components { kept, of } => format!(
            "{name} may be of another scenario: of its {} the scenario has {kept}",
            show_counted(*of, "component")
        ),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn check(decision: Decision) -> Check {
        Check {
            subject: Subject::Objective { availability: 0.99, month: "2026-01".to_owned() },
            journey: "buy".to_owned(),
            population: "all".to_owned(),
            mean_s: 1.0,
            low_s: Some(0.0),
            high_s: Some(2.0),
            allowed_s: Some(3.0),
            skewed: false,
            decision,
        }
    }

    /// Who reads only a file of results has no exit code.
    #[test]
    fn what_was_interrupted_has_not_passed() {
        let report =
            GateReport::new("t", 1, 512, vec![check(Decision::Passed)]).stopped(StoppedBy::Interrupted);
        let report = report.against("main", Vec::new(), vec!["not all".to_owned()]);
        assert_eq!(report.decision, Decision::Undecided);
        for text in [report.text(Page::PLAIN), report.markdown(), report.junit()] {
            assert!(text.contains("interrupted (partial results)") && text.contains("not all"), "{text}");
        }
        assert!(report.junit().contains("tests=\"2\" failures=\"0\" errors=\"1\" skipped=\"0\""));
        let json = serde_json::to_value(&report).unwrap();
        assert_eq!((&json["stopped_by"], &json["decision"]), (&"interrupted".into(), &"undecided".into()));
        let failed =
            GateReport::new("t", 1, 512, vec![check(Decision::Failed)]).stopped(StoppedBy::Interrupted);
        assert_eq!(failed.decision, Decision::Failed);
        let nothing = GateReport::new("t", 1, 512, Vec::new()).stopped(StoppedBy::Interrupted);
        assert!(nothing.markdown().contains("no check was finished so far"));
    }
}
