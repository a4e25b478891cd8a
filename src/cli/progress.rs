//! A progress bar with rate and time left, on a terminal only.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::Failure;
use crate::model::Model;
use crate::study::{Progress, RunOptions, RunOutput, run};

/// Time between two looks at the workers' counter.
const REFRESH: Duration = Duration::from_millis(100);

/// Runs a study with a progress bar on standard error.
pub(super) fn run_with_bar(model: &Model, options: RunOptions) -> Result<RunOutput, Failure> {
    let output = with_bar(options.replications, |progress| run(model, options, progress));
    output.map_err(|error| Failure::Message(error.to_string()))
}

/// Does `work` on so many replications with a progress bar on standard error.
pub(super) fn with_bar<T>(replications: u64, work: impl FnOnce(&Progress) -> T) -> T {
    let progress = Progress::default();
    let finished = AtomicBool::new(false);
    std::thread::scope(|scope| {
        if std::io::stderr().is_terminal() {
            scope.spawn(|| show(&progress, replications, &finished));
        }
        let output = work(&progress);
        finished.store(true, Ordering::Relaxed);
        output
    })
}

fn show(progress: &Progress, replications: u64, finished: &AtomicBool) {
    let bar = ProgressBar::new(replications);
    let template = "{bar:30} {human_pos}/{human_len} replications, {per_sec}, {eta} left";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    while !finished.load(Ordering::Relaxed) {
        bar.set_position(progress.done.load(Ordering::Relaxed));
        std::thread::sleep(REFRESH);
    }
    bar.finish_and_clear();
}
