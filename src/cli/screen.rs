//! How this process speaks to its terminal: set once from its arguments.

use std::io::IsTerminal;
use std::sync::OnceLock;

use clap::Args;
use console::Term;

use crate::report::Page;

/// How every command speaks.
#[derive(Debug, Clone, Copy, Default, Args)]
pub(super) struct ScreenArgs {
    /// Print errors only, and what --format or --out asks for: no report, no progress, no notes
    #[arg(long, short, global = true)]
    quiet: bool,
    /// Lay reports out for so many columns [default: the terminal's width, or 100 where there is none]
    #[arg(long, global = true, value_name = "COLUMNS", allow_negative_numbers = true, value_parser = clap::value_parser!(u16).range(Page::FEWEST_COLUMNS as i64..=1000))]
    width: Option<u16>,
}

static SCREEN: OnceLock<ScreenArgs> = OnceLock::new();

/// Keeps what the command line says; the first time counts.
pub(super) fn set(args: ScreenArgs) {
    let _ = SCREEN.set(args);
}

/// True if nothing but errors and what was asked for is to be printed.
pub(super) fn is_quiet() -> bool {
    SCREEN.get().is_some_and(|screen| screen.quiet)
}

/// The page of standard output.
pub(super) fn page() -> Page {
    let is_terminal = std::io::stdout().is_terminal();
    let terminal = if is_terminal { width_of(&Term::stdout()) } else { None };
    let columns = asked().or(terminal).unwrap_or(Page::PLAIN.columns);
    Page { columns, colour: is_terminal && allows_colour() }
}

/// The page of standard error, for findings; no width is kept where nobody says one, since files have none.
pub(super) fn error_page() -> (Option<usize>, bool) {
    let is_terminal = std::io::stderr().is_terminal();
    let terminal = if is_terminal { width_of(&Term::stderr()) } else { None };
    (asked().or(terminal), is_terminal && allows_colour())
}

fn asked() -> Option<usize> {
    SCREEN.get().and_then(|screen| screen.width).map(usize::from)
}

/// The width of a terminal that tells it.
fn width_of(terminal: &Term) -> Option<usize> {
    let (_, columns) = terminal.size_checked()?;
    Some(usize::from(columns).max(Page::FEWEST_COLUMNS))
}

/// False under NO_COLOR (<https://no-color.org>), and on terminals that know no colour.
fn allows_colour() -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !is_set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}
