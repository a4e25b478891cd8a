//! Requests of a usage where there is load: what the engine's books say of them.

use super::figures::UsageFigures;
use crate::engine::{Books, Engine};
use crate::model::{Model, UsageId};

/// What is remembered of a usage between two looks.
#[derive(Debug, Clone)]
pub(super) struct UsageLoad {
    /// New requests per second at an average time of day, and users.
    pub(super) demand: (f64, f64),
    /// True if anything may change that.
    pub(super) has_surges: bool,
    books: Books,
}

impl UsageLoad {
    pub(super) fn new(model: &Model) -> Self {
        Self { demand: (0.0, 0.0), has_surges: !model.load.surges.is_empty(), books: Books::default() }
    }

    /// Takes over what has been booked since the last look, in which a share `alternative` of all requests, of `success` that
    /// succeeded, was served by alternatives.
    pub(super) fn account(
        &mut self,
        engine: &Engine<'_>,
        usage: UsageId,
        (success, alternative): (f64, f64),
        figures: &mut UsageFigures,
    ) {
        let Some((books, waiting)) = engine.books_of(usage) else { return };
        if alternative > 0.0 && success > 0.0 {
            figures.alternative_requests += (books.served - self.books.served) * alternative / success;
        }
        (figures.requests, figures.lost_requests) = (books.fresh, books.lost);
        (figures.shed_requests, figures.attempts) = (books.shed, books.attempts);
        // The sum over no pools is -0.
        figures.waiting_requests = waiting + 0.0;
        self.books = books;
    }
}
