//! Routes and placement: which ways traffic takes, and what of it arrives.

mod drops;
mod placement;
mod routes;
mod sharing;
mod topology;
mod ways;

pub use drops::{Drops, UserLoad, drops};
pub use placement::{Levels, PlacedFlow, Placement, place};
pub use routes::Routes;
pub use topology::Topology;
pub use ways::Way;
