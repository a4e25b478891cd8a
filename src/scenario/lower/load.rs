//! Load: what units serve and call, how users ask, what changes demand, and who reacts to it.

mod responses;
mod signals;
mod sizes;
mod surges;
mod units;
mod usages;
mod warnings;

pub(super) use responses::{RoutesOf, add_responses};
pub(super) use signals::state_name;
pub(super) use surges::add_surges;
pub(super) use units::add_units;
pub(super) use usages::{say_unknown, say_unknown_tokens, usage_load};
pub(super) use warnings::warn;

use super::names::{Names, Place};
use crate::model::{CompId, Kind};

/// Where a member or unit is.
fn place_of<'n>(names: &'n Names<'_>, component: CompId) -> Place<'n> {
    let path = names.of(component);
    let place = match names.kind(component) {
        Kind::Member => path.rsplit_once('/').map(|(place, _)| place),
        _ => path.split_once('@').map(|(_, place)| place),
    };
    match place
        .map(|place| place.split_once('/').map_or((place, None), |(region, zone)| (region, Some(zone))))
    {
        Some((region, zone)) => Place { region: Some(region), zone },
        None => Place::default(),
    }
}
