//! Ctrl-C: the first ends a run, comparison or plot after the present block of replications, the second the process.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use super::output::note;
use super::{Failure, Outcome};

/// A signal belongs to the whole process, and so does the memory of it.
static SEEN: AtomicBool = AtomicBool::new(false);

/// Whether it is watched for: it can be asked for only once.
static LISTENING: OnceLock<Result<(), String>> = OnceLock::new();

/// From now on Ctrl-C is counted; without this call it ends the process as usual.
pub(super) fn listen() -> Result<(), Failure> {
    let listening = LISTENING.get_or_init(|| {
        ctrlc::set_handler(on_signal).map_err(|error| format!("cannot watch for Ctrl-C: {error}"))
    });
    listening.clone().map_err(Failure::Message)
}

/// True once Ctrl-C has been pressed.
pub(super) fn seen() -> bool {
    SEEN.load(Ordering::Relaxed)
}

fn on_signal() {
    if SEEN.swap(true, Ordering::Relaxed) {
        std::process::exit(i32::from(Outcome::Interrupted.code()));
    }
    note("interrupted: the present block of replications is finished first; Ctrl-C again ends at once");
}
