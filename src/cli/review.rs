//! The HTML report of a comparison: `compare --report`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::Failure;
use super::compare::Named;
use super::output::{can_be_created, must_be_html, must_not_exist, write_new_file};
use super::progress::watched;
use super::rank::{USUAL_TOP, figure};
use super::shell::{command_line, file_name, repeated};
use super::sweep::{check_points, played_designs, varied};
use super::until::Until;
use crate::page::ComparisonPage;
use crate::scenario::{Changed, Loaded, Vary};
use crate::study::{Comparison, DesignSweeps, RankOptions, Ranking, RunOptions, StoppedBy, rank};
use crate::time::{MICROS_PER_SECOND, SimSpan};

/// What `rank` calls the figure that choke points are ranked by.
const RANKED_BY: &str = "down";
/// How long a component is out when it fails once more; no longer than the scenario.
const OUTAGE_S: i64 = 3_600;

/// What is asked of the report.
#[derive(Debug, Args)]
pub(super) struct ReviewArgs {
    /// Write the comparison as one HTML file for a review: sentences, tables, pictures. The file is new and ends in .html
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Put the choke points of the baseline into the report, as `rank` finds them
    #[arg(long, requires = "report")]
    rank: bool,
    /// Play the baseline and every design at these values of a figure, as `sweep` does, and put that into the report: a path as of
    /// --set and a range (services.auth.restart=1m..10m by 1m), multiples (1m..1h by x2) or a list ([1m, 5m, 1h]); once or twice
    #[arg(long, value_name = "PATH=VALUES", requires = "report")]
    vary: Vec<String>,
}

/// A report that will be written.
pub(super) struct Review<'a> {
    file: &'a Path,
    rank: bool,
    texts: &'a [String],
    /// What is varied, by design; nothing if nothing is.
    vary: Vec<Vec<Vary>>,
}

impl ReviewArgs {
    /// True if there is to be a report.
    pub(super) const fn is_asked(&self) -> bool {
        self.report.is_some()
    }

    /// What can be said of the file before anything is read.
    pub(super) fn check_file(&self) -> Result<(), Failure> {
        let Some(file) = &self.report else { return Ok(()) };
        must_not_exist(file)?;
        must_be_html(file)
    }

    /// What is to be written, once all that can be wrong has been looked at.
    pub(super) fn plan(&self, designs: &[Named]) -> Result<Option<Review<'_>>, Failure> {
        let Some(file) = &self.report else { return Ok(None) };
        if let Some(baseline) = designs.first().filter(|_| self.rank) {
            figure(&baseline.loaded.model, RANKED_BY)?;
        }
        let vary = if self.vary.is_empty() { Vec::new() } else { varied_in(&self.vary, designs)? };
        can_be_created(file)?;
        Ok(Some(Review { file, rank: self.rank, texts: &self.vary, vary }))
    }
}

/// The values of the figures in each design; a mistake in one of them is one of all.
fn varied_in(texts: &[String], designs: &[Named]) -> Result<Vec<Vec<Vary>>, Failure> {
    let of = |design: &Named| {
        let mut sources = design.sources.clone();
        let vary = varied(texts, &mut sources)?;
        check_points(&design.loaded, &vary, &sources)?;
        Ok(vary)
    };
    designs.iter().map(of).collect()
}

impl Review<'_> {
    /// Plays what the report needs beyond the comparison, and writes it; false if that was interrupted, and nothing is written.
    pub(super) fn write(
        &self,
        designs: &[Named],
        (comparison, changes): (&Comparison, &[Vec<Changed>]),
        options: RunOptions,
        source: Vec<String>,
    ) -> Result<bool, Failure> {
        let Some(baseline) = designs.first() else { return Ok(true) };
        let ranking = if self.rank { Some(ranked(baseline, options)?) } else { None };
        if ranking.as_ref().is_some_and(|ranking| ranking.stopped_by == StoppedBy::Interrupted) {
            return Ok(false);
        }
        let swept = if self.vary.is_empty() { None } else { Some(self.swept(designs, options)?) };
        if swept.as_ref().is_some_and(|swept| swept.stopped_by == StoppedBy::Interrupted) {
            return Ok(false);
        }
        let page = ComparisonPage {
            comparison,
            changes,
            baseline: &baseline.loaded,
            ranking: ranking.as_ref(),
            swept: swept.as_ref(),
            commands: &self.commands(source),
        };
        write_new_file(self.file, page.html().map_err(Failure::of)?.as_bytes())?;
        Ok(true)
    }

    /// The designs at the values.
    fn swept(&self, designs: &[Named], options: RunOptions) -> Result<DesignSweeps, Failure> {
        let loaded = designs.iter().map(|design| &design.loaded);
        let designs: Vec<(&Loaded, Vec<Vary>)> = loaded.zip(self.vary.iter().cloned()).collect();
        played_designs(&designs, options)
    }

    /// Commands that give the figures and the report again.
    fn commands(&self, source: Vec<String>) -> Vec<(String, String)> {
        let mut report = source.clone();
        if self.rank {
            report.push("--rank".to_owned());
        }
        report.extend(repeated("--vary", self.texts));
        report.extend(["--report".to_owned(), file_name(self.file)]);
        vec![
            ("The figures".to_owned(), command_line("compare", source.iter())),
            ("This report".to_owned(), command_line("compare", report.iter())),
        ]
    }
}

/// The choke points of a design, with as many replications as the comparison has.
fn ranked(design: &Named, options: RunOptions) -> Result<Ranking, Failure> {
    let model = &design.loaded.model;
    let outage = (OUTAGE_S * MICROS_PER_SECOND).min(model.horizon.micros());
    let ranked = RankOptions {
        figure: (RANKED_BY, figure(model, RANKED_BY)?),
        top: USUAL_TOP as usize,
        outage: SimSpan::from_micros(outage),
        run: options,
    };
    let until = Until { interrupted: true, ..Until::default() };
    watched(options.replications, &until, |progress| rank(model, ranked, progress))?.map_err(Failure::of)
}
