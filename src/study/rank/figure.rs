//! What choke points are ranked by.

use super::super::stopping::figures_of;
use crate::measure::Figures;
use crate::model::{Model, UsageId};
use crate::time::MICROS_PER_SECOND;

const SECOND: f64 = MICROS_PER_SECOND as f64;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quantity {
    Down,
    Hit,
    LostRequests,
    UserMinutesLost,
}

const QUANTITIES: [(Quantity, &str); 4] = [
    (Quantity::Down, "down"),
    (Quantity::Hit, "hit"),
    (Quantity::LostRequests, "lost_requests"),
    (Quantity::UserMinutesLost, "user_minutes_lost"),
];

/// A figure of a replication; less of it is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RankFigure {
    quantity: Quantity,
    /// `None`: over all journeys, downtime weighted by users.
    usage: Option<UsageId>,
}

/// What a figure is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RankUnit {
    /// Seconds.
    Seconds,
    /// Minutes of downtime of single users.
    UserMinutes,
    /// 1 in replications with any, else 0: means are probabilities.
    Probability,
    /// Requests.
    Requests,
}

impl RankFigure {
    /// Downtime of all journeys, weighted by users.
    pub const ALL_DOWN: Self = Self { quantity: Quantity::Down, usage: None };

    /// All figures of a model with their names: "down", "down:chat:gulf".
    #[must_use]
    pub fn all(model: &Model) -> Vec<(String, Self)> {
        let named = |(name, quantity, usage)| (name, Self { quantity, usage });
        figures_of(&QUANTITIES, model).into_iter().map(named).collect()
    }

    /// What it is counted in.
    #[must_use]
    pub const fn unit(self) -> RankUnit {
        match (self.quantity, self.usage) {
            (Quantity::Down, Some(_)) => RankUnit::Seconds,
            (Quantity::Down, None) | (Quantity::UserMinutesLost, _) => RankUnit::UserMinutes,
            (Quantity::Hit, _) => RankUnit::Probability,
            (Quantity::LostRequests, _) => RankUnit::Requests,
        }
    }

    /// The journeys that it looks at, with their users.
    #[must_use]
    pub fn usages(self, model: &Model) -> Vec<(UsageId, f64)> {
        let all = (0..model.usages.len()).map(UsageId::at);
        let users = |usage: UsageId| {
            let population = model.usages[usage.index()].population;
            model.populations[population.index()].users
        };
        all.filter(|usage| self.usage.is_none_or(|of| of == *usage)).map(|u| (u, users(u))).collect()
    }

    /// Its value in one replication.
    pub(super) fn of(self, usages: &[(UsageId, f64)], figures: &Figures) -> f64 {
        let mut sum = 0.0;
        for (usage, users) in usages {
            let Some(found) = figures.usages.get(usage.index()) else { continue };
            let down_s = found.down.micros_f64() / SECOND;
            sum += match self.quantity {
                Quantity::Down if self.usage.is_some() => down_s,
                Quantity::Down => users * down_s / 60.0,
                Quantity::Hit => f64::from(u8::from(down_s > 0.0)),
                Quantity::LostRequests => found.lost_requests,
                Quantity::UserMinutesLost => found.user_minutes_lost,
            };
        }
        if self.quantity == Quantity::Hit { sum.min(1.0) } else { sum }
    }

    /// The most that there can be of it in a replication; nothing where that is not known.
    pub(super) fn whole(self, model: &Model) -> Option<f64> {
        let horizon_s = model.horizon.micros() as f64 / SECOND;
        let users: f64 = self.usages(model).iter().map(|(_, users)| users).sum();
        let whole = match (self.quantity, self.usage) {
            (Quantity::Down, Some(_)) => horizon_s,
            (Quantity::Down, None) => users * horizon_s / 60.0,
            (Quantity::Hit, _) => 1.0,
            (Quantity::LostRequests | Quantity::UserMinutesLost, _) => return None,
        };
        (whole > 0.0).then_some(whole)
    }
}
