//! A comparison of designs as one HTML file: what each saves or costs, how surely, because of what, and how to get it again.

mod causes;
mod choke_points;
mod cost;
mod designs;
mod differences;
mod pictures;
mod sweep;
mod unknown;

use maud::{Markup, html};

use super::themes::Colors;
use super::{distinct, shell, shortened};
use crate::plot::PlotError;
use crate::report::{comparison_sentences, dependence_sentences, difference_precision_text, figure_name};
use crate::scenario::{Changed, Loaded};
use crate::study::{Comparison, DesignSweeps, Difference, Quantity, Ranking, StoppedBy};
use crate::units::{show_counted, show_percent, show_span};

/// What the page of a comparison is made of.
#[derive(Debug)]
pub struct ComparisonPage<'a> {
    /// What was found.
    pub comparison: &'a Comparison,
    /// Of each design what it says otherwise than the baseline.
    pub changes: &'a [Vec<Changed>],
    /// The baseline.
    pub baseline: &'a Loaded,
    /// Choke points of the baseline, if they were asked for.
    pub ranking: Option<&'a Ranking>,
    /// The baseline and the designs at several values of one or two figures, if that was asked for.
    pub swept: Option<&'a DesignSweeps>,
    /// Commands that give the same again, each with what it gives.
    pub commands: &'a [(String, String)],
}

/// Names to choose from; what belongs to one of them carries its place among them.
struct Lists<'a> {
    designs: Vec<&'a str>,
    journeys: Vec<&'a str>,
    populations: Vec<&'a str>,
    figures: Vec<Quantity>,
}

impl<'a> Lists<'a> {
    fn of(comparison: &'a Comparison) -> Self {
        let all = || comparison.designs.iter().flat_map(|design| &design.differences);
        let mut figures: Vec<Quantity> = Vec::new();
        for difference in all() {
            if !figures.contains(&difference.figure) {
                figures.push(difference.figure);
            }
        }
        Self {
            designs: comparison.designs.iter().map(|design| design.design.as_str()).collect(),
            journeys: distinct(all().filter(|d| is_of_users(d)).map(|d| d.journey.as_str())),
            populations: distinct(all().filter(|d| is_of_users(d)).map(|d| d.population.as_str())),
            figures,
        }
    }

    /// Places of a journey and of a population.
    fn usage(&self, journey: &str, population: &str) -> Option<(usize, usize)> {
        let place = |all: &[&str], name: &str| all.iter().position(|known| *known == name);
        Some((place(&self.journeys, journey)?, place(&self.populations, population)?))
    }
}

/// False of traffic and data, which no population has.
const fn is_of_users(difference: &Difference) -> bool {
    !difference.population.is_empty()
}

impl ComparisonPage<'_> {
    /// The page as an HTML document: equal bytes for equal input.
    ///
    /// # Errors
    /// [`PlotError`] if a picture cannot be drawn.
    pub fn html(&self) -> Result<String, PlotError> {
        let mut colors = Colors::default();
        let lists = Lists::of(self.comparison);
        let pictures = pictures::section(self.comparison, &mut colors)?;
        let choke_points = self.ranking.map(|ranking| choke_points::section(ranking, &mut colors));
        let choke_points = choke_points.transpose()?;
        let sweep = self.swept.map(|swept| sweep::section(swept, &lists, &mut colors)).transpose()?;
        let cost = cost::section(self.comparison);
        let unknown = unknown::section(self.comparison, &lists);
        let title = &self.baseline.model.title;
        let body = html! {
            a.skip href="#designs" { "Skip to the designs" }
            header {
                p.kind { "Comparison of designs" }
                h1 { bdi { (shortened(title)) } }
                @for sentence in comparison_sentences(self.comparison) { p.sentence { bdi { (sentence) } } }
                @for sentence in dependence_sentences(&self.comparison.designs) { p.sentence { bdi { (sentence) } } }
                p.source { (source(self.comparison)) }
            }
            nav.choice aria-label="What to show" {
                (shell::list("design", "Design", "all designs", &lists.designs))
                (shell::list("journey", "Journey", "all journeys", &lists.journeys))
                (shell::list("population", "Users", "all users", &lists.populations))
                (shell::list("figure", "Figure", "all figures", &lists.figures.iter().map(|f| figure_name(*f)).collect::<Vec<_>>()))
                a href="#designs" { "Designs" }
                a href="#pictures" { "Pictures" }
                a href="#differences" { "Differences" }
                a href="#causes" { "Causes" }
                @if cost.is_some() { a href="#cost" { "Cost" } }
                @if unknown.is_some() { a href="#unknown" { "What we do not know" } }
                @if choke_points.is_some() { a href="#choke-points" { "Choke points" } }
                @if sweep.is_some() { a href="#sweep" { "Sweep" } }
                a href="#scenario" { "Scenario" }
                a href="#reproduce" { "Reproduce" }
            }
            main {
                (designs::section(self))
                (pictures)
                (differences::section(self.comparison, &lists))
                (causes::section(self.comparison, &lists))
                @if let Some(cost) = cost { (cost) }
                @if let Some(unknown) = unknown { (unknown) }
                @if let Some(choke_points) = choke_points { (choke_points) }
                @if let Some(sweep) = sweep { (sweep) }
                (super::scenario(self.baseline, "The baseline: every figure"))
                (reproduce(self))
            }
        };
        Ok(shell::document(title, &colors, &body, &[]))
    }
}

fn source(comparison: &Comparison) -> String {
    format!(
        "{} of {} of each design, with the same random draws in all of them (seed {}){}; {} intervals; blackstart {}",
        show_counted(comparison.replications, "replication"),
        show_span(comparison.horizon_s * 1e6),
        comparison.seed,
        match comparison.stopped_by {
            StoppedBy::Replications => String::new(),
            other => format!(", stopped by: {other}"),
        },
        show_percent(comparison.confidence),
        comparison.blackstart
    )
}

fn reproduce(page: &ComparisonPage<'_>) -> Markup {
    let Comparison { seed, replications, blackstart, precision, .. } = page.comparison;
    html! {
        section #reproduce aria-labelledby="h-reproduce" {
            h2 #h-reproduce { "How to reproduce it" }
            p {
                "The same scenarios, seed and version give the same bits on any machine: seed " (seed) ", "
                (show_counted(*replications, "replication")) " of each design, blackstart " (blackstart) "."
            }
            @if !page.baseline.files.is_empty() {
                p { "The baseline was read from: " (page.baseline.files.join(", ")) "." }
            }
            @for goal in precision { p { "Precision: " (difference_precision_text(goal)) "." } }
            (shell::commands(page.commands))
        }
    }
}
