//! Prices that nobody knows, and how they are set once they are drawn.

use super::UnknownPlace;
use crate::model::ids::{CrewId, UsageId};
use crate::model::{Costs, Model};
use crate::time::SimSpan;

/// Which price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Price {
    /// What a component costs once, all its units together; by number among the items.
    Capital(usize),
    /// What it costs per second.
    Running(usize),
    /// What crews cost per second whether they are busy or not, which goes with their number; by number among the items.
    Standing(usize),
    /// Time over which capital is spread, microseconds.
    Lifetime,
    /// What each of the people of a busy crew costs per second.
    Crew(CrewId),
    /// A user-minute lost of a usage.
    UserMinute(UsageId),
}

impl Price {
    /// True for what a system costs whether or not anything fails.
    const fn is_of_the_system(self) -> bool {
        matches!(self, Self::Capital(_) | Self::Running(_) | Self::Standing(_) | Self::Lifetime)
    }

    /// Sets a price that is drawn: `value`, and how many times its nominal value that is.
    pub(super) fn set(self, value: f64, ratio: f64, copy: &mut Costs) {
        match self {
            Self::Capital(item) => {
                copy.items.get_mut(item).into_iter().for_each(|item| item.capital = value);
            }
            Self::Running(item) => {
                copy.items.get_mut(item).into_iter().for_each(|item| item.running = value);
            }
            Self::Standing(item) => {
                copy.items.get_mut(item).into_iter().for_each(|item| item.running *= ratio);
            }
            Self::Lifetime => copy.lifetime = SimSpan::from_micros_f64(value.max(1.0)),
            Self::Crew(crew) => {
                copy.crews.get_mut(crew.index()).into_iter().for_each(|cost| *cost *= ratio);
            }
            Self::UserMinute(usage) => {
                copy.usages.get_mut(usage.index()).into_iter().for_each(|cost| *cost = value);
            }
        }
    }
}

/// Prices that several figures multiply into begin with what is written.
pub(super) fn reset(own: &Costs, copy: &mut Costs) {
    copy.crews.clone_from(&own.crews);
    copy.items.clone_from(&own.items);
}

impl Model {
    /// True if nobody knows all of what the system costs whether or not anything fails.
    #[must_use]
    pub fn has_unknown_prices(&self) -> bool {
        let is_price = |place| matches!(place, UnknownPlace::Price(price) if price.is_of_the_system());
        self.costs.is_some() && self.unknowns.numbers.iter().any(|number| is_price(number.place))
    }

    /// What the system costs, with these values of its unknown figures; into a copy that was made before.
    pub fn make_prices_known(&self, drawn: &[f64], copy: &mut Costs) {
        self.costs.iter().for_each(|own| reset(own, copy));
        for number in self.known_numbers(drawn) {
            if let UnknownPlace::Price(price) = number.place {
                price.set(number.value, number.ratio(), copy);
            }
        }
    }
}
