//! A run as one HTML file that needs nothing else: words, figures, pictures, and one replication to play.

mod causes;
mod figures;
mod json;
mod pictures;
mod replay;
mod themes;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::plot::PlotError;
use crate::report::{precision_text, resolved_text, summary_sentences};
use crate::scenario::Loaded;
use crate::study::{Summary, Trace};
use crate::units::{show_count, show_counted, show_percent, show_span};

/// Characters of a title in a heading; all of it stands in the scenario.
const LONGEST_TITLE: usize = 240;
/// Allows the page its own style and script, and nothing from anywhere else.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

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
        let title = shortened(&self.summary.title);
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta http-equiv="Content-Security-Policy" content=(POLICY);
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="generator" content=(format!("blackstart {}", env!("CARGO_PKG_VERSION")));
                    title { (title) }
                    style { (PreEscaped(include_str!("page.css"))) (PreEscaped(colors.css())) }
                }
                body {
                    a.skip href="#figures" { "Skip to the figures" }
                    header {
                        p.kind { "Downtime report" }
                        h1 { bdi { (title) } }
                        @for sentence in summary_sentences(self.summary) { p.sentence { bdi { (sentence) } } }
                        p.source { (source(self.summary)) }
                    }
                    (choice(self.summary))
                    main {
                        (figures::section(self.summary))
                        (pictures)
                        (replay)
                        (causes::section(self.summary))
                        (scenario(self.loaded))
                        (reproduce(self))
                    }
                    div #tip role="status" aria-live="polite" hidden {}
                    script { (PreEscaped(include_str!("page.js"))) }
                }
            }
        };
        Ok(page.into_string())
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

fn choice(summary: &Summary) -> Markup {
    let list = |id: &str, label: &str, all: &str, names: Vec<&str>| {
        html! {
            label for=(id) { (label) }
            select id=(id) {
                option value="" { (all) }
                @for (place, name) in names.iter().enumerate() { option value=(place) { (shortened(name)) } }
            }
        }
    };
    let journeys = distinct(summary.journeys.iter().map(|j| j.journey.as_str()));
    let populations = distinct(summary.journeys.iter().map(|j| j.population.as_str()));
    html! {
        nav.choice aria-label="What to show" {
            (list("journey", "Journey", "all journeys", journeys))
            (list("population", "Users", "all users", populations))
            a href="#figures" { "Figures" }
            a href="#pictures" { "Pictures" }
            a href="#replay" { "One replication" }
            a href="#causes" { "Causes" }
            a href="#scenario" { "Scenario" }
            a href="#reproduce" { "Reproduce" }
        }
    }
}

fn scenario(loaded: &Loaded) -> Markup {
    html! {
        section #scenario aria-labelledby="h-scenario" {
            h2 #h-scenario { "Scenario" }
            p { "Every figure with its default, law and source, as " code { "check --resolved" } " prints it." }
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
            dl {
                @for (what, command) in page.commands { dt { (what) } dd { pre tabindex="0" { (command) } } }
            }
        }
    }
}
