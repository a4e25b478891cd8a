//! A run, or a comparison of designs, as one HTML file that needs nothing else: words, figures, pictures, and of a run one
//! replication to play.

mod causes;
mod chapters;
mod comparison;
mod figures;
mod json;
mod pictures;
mod replay;
mod shell;
mod tables;
mod themes;

use maud::{Markup, html};

pub use comparison::ComparisonPage;

use crate::plot::PlotError;
use crate::report::{Chapter, chapters, precision_text, resolved_text, summary_sentences};
use crate::scenario::Loaded;
use crate::study::{Summary, Trace};
use crate::units::{show_count, show_counted, show_percent, show_span};

/// Characters of a title in a heading; all of it stands in the scenario.
const LONGEST_TITLE: usize = 240;

/// What a page is made of.
#[derive(Debug)]
pub struct Page<'a> {
    /// What the run found.
    pub summary: &'a Summary,
    /// The system that was played.
    pub loaded: &'a Loaded,
    /// The replication to play.
    pub trace: &'a Trace,
    /// Commands that give the same again, each with what it gives.
    pub commands: &'a [(String, String)],
}

impl Page<'_> {
    /// The page as an HTML document: equal bytes for equal input.
    ///
    /// # Errors
    /// [`PlotError`] if a picture cannot be drawn.
    pub fn html(&self) -> Result<String, PlotError> {
        let mut colors = themes::Colors::default();
        let pictures = pictures::section(self, &mut colors)?;
        let replay = replay::section(self, &mut colors)?;
        let chapters = chapters(self.summary);
        let body = html! {
            a.skip href="#figures" { "Skip to the figures" }
            header {
                p.kind { "Downtime report" }
                h1 { bdi { (shortened(&self.summary.title)) } }
                @for sentence in summary_sentences(self.summary) { p.sentence { bdi { (sentence) } } }
                p.source { (source(self.summary)) }
            }
            (choice(self.summary, &chapters))
            main {
                (figures::section(self.summary))
                (pictures)
                (replay)
                (causes::section(self.summary))
                (chapters::sections(&chapters))
                (scenario(self.loaded, "Every figure"))
                (reproduce(self))
            }
        };
        Ok(shell::document(&self.summary.title, &colors, &body, &[include_str!("script/replay.js")]))
    }
}

/// A title that does not fill a screen.
fn shortened(title: &str) -> String {
    let mut short: String = title.chars().take(LONGEST_TITLE).collect();
    if short.len() < title.len() {
        short.push('…');
    }
    short
}

fn source(summary: &Summary) -> String {
    format!(
        "{} of {}, seed {}, stopped by: {}; {} intervals; blackstart {}",
        show_counted(summary.replications, "replication"),
        show_span(summary.horizon_s * 1e6),
        summary.seed,
        summary.stopped_by,
        show_percent(summary.confidence),
        summary.blackstart
    )
}

/// Names in order of appearance; what belongs to one of them carries its place among them.
fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut all = Vec::new();
    for name in names {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    all
}

/// Places of each figure's journey and population in the lists to choose from.
fn places(summary: &Summary) -> Vec<(usize, usize)> {
    let journeys = distinct(summary.journeys.iter().map(|j| j.journey.as_str()));
    let populations = distinct(summary.journeys.iter().map(|j| j.population.as_str()));
    let place = |all: &[&str], name: &str| all.iter().position(|n| *n == name).unwrap_or_default();
    summary
        .journeys
        .iter()
        .map(|j| (place(&journeys, &j.journey), place(&populations, &j.population)))
        .collect()
}

fn choice(summary: &Summary, chapters: &[Chapter]) -> Markup {
    let journeys = distinct(summary.journeys.iter().map(|j| j.journey.as_str()));
    let populations = distinct(summary.journeys.iter().map(|j| j.population.as_str()));
    html! {
        nav.choice aria-label="What to show" {
            (shell::list("journey", "Journey", "all journeys", &journeys))
            (shell::list("population", "Users", "all users", &populations))
            a href="#figures" { "Figures" }
            a href="#pictures" { "Pictures" }
            a href="#replay" { "One replication" }
            a href="#causes" { "Causes" }
            (chapters::links(chapters))
            a href="#scenario" { "Scenario" }
            a href="#reproduce" { "Reproduce" }
        }
    }
}

fn scenario(loaded: &Loaded, whose: &str) -> Markup {
    html! {
        section #scenario aria-labelledby="h-scenario" {
            h2 #h-scenario { "Scenario" }
            p { (whose) " with its default, law and source, as " code { "check --resolved" } " prints it." }
            details {
                summary { "Show the scenario" }
                pre tabindex="0" { (resolved_text(loaded, crate::report::Page::PLAIN)) }
            }
        }
    }
}

fn reproduce(page: &Page<'_>) -> Markup {
    let Summary { seed, replications, blackstart, precision, .. } = page.summary;
    html! {
        section #reproduce aria-labelledby="h-reproduce" {
            h2 #h-reproduce { "How to reproduce it" }
            p {
                "The same scenario, seed and version give the same bits on any machine: seed " (seed) ", "
                (show_count(*replications)) " replications, blackstart " (blackstart) "."
            }
            @if !page.loaded.files.is_empty() {
                p { "Read from: " (page.loaded.files.join(", ")) "." }
            }
            @for goal in precision { p { "Precision: " (precision_text(goal)) "." } }
            (shell::commands(page.commands))
        }
    }
}
