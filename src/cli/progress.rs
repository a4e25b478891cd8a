//! A run under watch: a progress bar on a terminal, the wall clock, and Ctrl-C.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::park_timeout;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::screen::is_quiet;
use super::until::Until;
use super::{Failure, interrupt};
use crate::model::Model;
use crate::study::{Progress, RunOptions, RunOutput, StoppedBy, run_until};

/// Time between two looks at the workers' counter, the clock and Ctrl-C.
const REFRESH: Duration = Duration::from_millis(100);

/// Runs a study that only Ctrl-C may end early, with a progress bar on standard error.
pub(super) fn run_with_bar(model: &Model, options: RunOptions) -> Result<RunOutput, Failure> {
    run_with_bar_until(model, options, &Until { interrupted: true, ..Until::default() })
}

/// Runs a study that `until` may end early, with a progress bar on standard error.
pub(super) fn run_with_bar_until(
    model: &Model,
    options: RunOptions,
    until: &Until,
) -> Result<RunOutput, Failure> {
    let work = |progress: &Progress| run_until(model, options, &until.goals, progress);
    watched(options.replications, until, work)?.map_err(Failure::of)
}

/// Does `work` on so many replications with a progress bar on standard error.
pub(super) fn with_bar<T>(replications: u64, work: impl FnOnce(&Progress) -> T) -> T {
    with_watch(replications, &Until::default(), work)
}

/// Does `work` on so many replications under watch for what `until` says.
pub(super) fn watched<T>(
    replications: u64,
    until: &Until,
    work: impl FnOnce(&Progress) -> T,
) -> Result<T, Failure> {
    if until.interrupted {
        interrupt::listen()?;
    }
    Ok(with_watch(replications, until, work))
}

fn with_watch<T>(replications: u64, until: &Until, work: impl FnOnce(&Progress) -> T) -> T {
    let progress = Progress::default();
    let finished = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let watch = scope.spawn(|| watch(&progress, replications, until, &finished));
        let output = work(&progress);
        finished.store(true, Ordering::Relaxed);
        watch.thread().unpark();
        output
    })
}

/// Shows how far the run is and ends it when it is time, until it has finished.
fn watch(progress: &Progress, most: u64, until: &Until, finished: &AtomicBool) {
    let begun = Instant::now();
    let bar = (std::io::stderr().is_terminal() && !is_quiet()).then(|| bar(most));
    while !finished.load(Ordering::Relaxed) {
        if until.interrupted && interrupt::seen() {
            let _ = progress.stop.set(StoppedBy::Interrupted);
        }
        let left = until.time.map(|time| time.saturating_sub(begun.elapsed()));
        if left.is_some_and(|left| left.is_zero()) {
            let _ = progress.stop.set(StoppedBy::Time);
        }
        if let Some(bar) = &bar {
            let done = progress.done.load(Ordering::Relaxed);
            bar.set_length(expected(progress, done, most, begun.elapsed(), until.time));
            bar.set_position(done);
        }
        // Woken when the run has finished; a passed deadline is not waited for again.
        park_timeout(left.filter(|left| !left.is_zero()).map_or(REFRESH, |left| left.min(REFRESH)));
    }
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
}

/// Replications that there will probably be: by precision or by the clock, whichever ends the run first.
fn expected(progress: &Progress, done: u64, most: u64, elapsed: Duration, time: Option<Duration>) -> u64 {
    let by_precision = match progress.expected.load(Ordering::Relaxed) {
        0 => most,
        expected => expected,
    };
    let rate = done as f64 / elapsed.as_secs_f64().max(f64::MIN_POSITIVE);
    let by_time =
        time.filter(|_| done > 0).map_or(most, |time| (rate * time.as_secs_f64()).min(most as f64) as u64);
    by_precision.min(by_time).max(done)
}

fn bar(replications: u64) -> ProgressBar {
    let bar = ProgressBar::new(replications);
    let template = "{bar:30} {human_pos}/{human_len} replications, {per_sec}, {eta} left";
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// 100 replications a second; 10,000 at most.
    fn expected_of(by_precision: u64, time: Option<Duration>) -> u64 {
        let progress = Progress::default();
        progress.expected.store(by_precision, Ordering::Relaxed);
        expected(&progress, 100, 10_000, SECOND, time)
    }

    #[test]
    fn the_bar_goes_to_what_ends_the_run_first() {
        assert_eq!(expected_of(0, None), 10_000);
        assert_eq!(expected_of(700, None), 700);
        assert_eq!(expected_of(700, Some(5 * SECOND)), 500);
        assert_eq!(expected_of(300, Some(5 * SECOND)), 300);
        // What is done already is never more than what is expected.
        assert_eq!(expected_of(50, None), 100);
        assert_eq!(expected_of(0, Some(500 * SECOND)), 10_000);
    }
}
