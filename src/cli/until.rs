//! What may end a run before its last replication.

use std::time::Duration;

use clap::Args;

use super::Failure;
use super::input::unknown_figure;
use crate::model::Model;
use crate::study::{Figure, Goal};
use crate::units::{probability, span_micros};

/// Replications that a run gets at most if something else may end it, and no number is given.
pub(super) const MOST_REPLICATIONS: u64 = 1_000_000;

/// When to end.
#[derive(Debug, Clone, Args)]
pub(super) struct UntilArgs {
    /// Play until the largest mean downtime is this precise, such as 2%: half its 95 % interval over its mean.
    /// Then --replications is the upper limit, 1,000,000 if it is not given
    #[arg(long, value_name = "SHARE", allow_hyphen_values = true, value_parser = relative)]
    precision: Option<f64>,
    /// Play until a named figure is this precise, such as down:chat:gulf=2% (journey, population); may be repeated
    #[arg(long = "precision-of", value_name = "FIGURE=SHARE", value_parser = named)]
    precision_of: Vec<(String, f64)>,
    /// End after this wall-clock time, such as 60s. Then --replications is the upper limit, 1,000,000 if it is not
    /// given
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, value_parser = wall_time)]
    time: Option<Duration>,
}

impl UntilArgs {
    /// The number of replications to play at most, where `asked` was asked for and `usual` is the default of a run
    /// that nothing else ends.
    pub(super) fn most_replications(&self, asked: Option<u64>, usual: u64) -> u64 {
        let alone = self.precision.is_none() && self.precision_of.is_empty() && self.time.is_none();
        asked.unwrap_or(if alone { usual } else { MOST_REPLICATIONS })
    }

    /// What these arguments mean for `model`.
    pub(super) fn of(&self, model: &Model) -> Result<Until, Failure> {
        let mut goals: Vec<Goal> =
            self.precision.map(|relative| Goal { figure: Figure::Largest, relative }).into_iter().collect();
        for (name, relative) in &self.precision_of {
            let figures = Figure::named(model, name);
            if figures.is_empty() {
                return Err(unknown_figure(name, &Figure::names(model)));
            }
            goals.extend(figures.into_iter().map(|figure| Goal { figure, relative: *relative }));
        }
        if !goals.is_empty() && model.usages.is_empty() {
            return Err(Failure::Message(
                "--precision needs users, and the scenario describes none".to_owned(),
            ));
        }
        Ok(Until { goals, time: self.time, interrupted: true })
    }
}

/// What may end a run before its last replication; by default nothing.
#[derive(Debug, Clone, Default)]
pub(super) struct Until {
    /// Figures that are to be precise.
    pub(super) goals: Vec<Goal>,
    /// Wall-clock time.
    pub(super) time: Option<Duration>,
    /// Whether Ctrl-C ends it with what there is.
    pub(super) interrupted: bool,
}

/// A share above 0 % and up to 100 %.
pub(super) fn relative(text: &str) -> Result<f64, String> {
    match probability(text).map_err(|error| error.to_string())? {
        share if share > 0.0 => Ok(share),
        _ => Err("it must be more than 0%".to_owned()),
    }
}

/// A figure and its share: the last `=` parts them, since names may hold one.
fn named(text: &str) -> Result<(String, f64), String> {
    let Some((name, share)) = text.rsplit_once('=') else {
        return Err("a figure and a share are wanted, as in `down:chat:gulf=2%`".to_owned());
    };
    Ok((name.trim().to_owned(), relative(share)?))
}

pub(super) fn wall_time(text: &str) -> Result<Duration, String> {
    let seconds = span_micros(text).map_err(|error| error.to_string())? / 1e6;
    match Duration::try_from_secs_f64(seconds) {
        Ok(time) if time.is_zero() => Err("it must be more than 0".to_owned()),
        Ok(time) => Ok(time),
        Err(_) => Err("it is too long".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_higher_where_something_else_ends_the_run() {
        let nothing = UntilArgs { precision: None, precision_of: Vec::new(), time: None };
        let precise = UntilArgs { precision: Some(0.02), ..nothing.clone() };
        let named = UntilArgs { precision_of: vec![("down:chat:gulf".into(), 0.02)], ..nothing.clone() };
        let timed = UntilArgs { time: Some(Duration::from_secs(1)), ..nothing.clone() };
        assert_eq!(nothing.most_replications(None, 10_000), 10_000);
        for until in [precise, named, timed] {
            assert_eq!(until.most_replications(None, 10_000), MOST_REPLICATIONS);
            assert_eq!(until.most_replications(Some(7), 10_000), 7);
        }
    }

    #[test]
    fn the_last_equals_sign_parts_figure_and_share() {
        assert_eq!(named("down:a=b:c = 5 %"), Ok(("down:a=b:c".to_owned(), 0.05)));
        assert!(named("down:a:b").is_err() && named("down:a:b=").is_err() && named("down:a:b=5").is_err());
    }
}
