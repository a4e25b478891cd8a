//! Pictures of a run: SVG text drawn from a [`Summary`], and PNG from the same SVG. Data in, bytes out.

mod allowed;
mod availability;
mod blast;
mod canvas;
mod causes;
mod differences;
mod error;
mod exceedance;
mod fallback;
mod frame;
mod glyphs;
mod graph;
mod groups;
mod hazards;
mod headroom;
mod legend;
mod linear;
mod log_ticks;
mod map;
mod names;
mod outages;
mod pareto;
mod png;
mod rows;
mod signed_ticks;
mod stages;
mod style;
mod success;
mod sweep;
mod swimlane;
#[cfg(test)]
mod tests;
mod text;
mod ticks;
mod time_ticks;
mod tornado;

pub use differences::Differences;
pub use error::PlotError;
pub use graph::DependencyGraph;
pub use map::{Map, Mark, MarkKind, SIGN, Shape, fares};
pub use pareto::pareto_picture;
pub use png::{Png, png};
pub use sweep::{DesignMaps, SweptDesigns, sweep_picture};
pub use swimlane::{State, Swimlane};
pub use tornado::Tornado;

use crate::study::Summary;

/// What draws one kind of picture.
type Plot = fn(&Summary, Theme) -> Result<Vec<Picture>, PlotError>;

/// Every plot; a new one is one file and one line here.
const PLOTS: [Plot; 8] = [
    availability::draw,
    success::draw,
    exceedance::draw,
    outages::draw,
    causes::draw,
    stages::draw,
    blast::draw,
    headroom::draw,
];

/// A picture and the name under which it is to be kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// Stem of a file name, such as "success-chat": `[a-z0-9-]` only, and unique among a summary's pictures.
    pub name: String,
    /// What it shows, in words.
    pub title: String,
    /// An SVG document.
    pub svg: String,
    /// What is shown where, for a reader who points there.
    pub spots: Vec<Spot>,
}

/// A place in a picture and what is shown there. Pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct Spot {
    /// Left edge.
    pub left: f64,
    /// Upper edge.
    pub top: f64,
    /// How wide it is.
    pub width: f64,
    /// How high it is.
    pub height: f64,
    /// The value, as the results hold it, and what it is a value of.
    pub text: String,
}

/// Whether a picture goes on a light or a dark page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// Dark on white.
    #[default]
    Light,
    /// Light on near black.
    Dark,
}

/// All pictures of a summary, in an order that depends on the summary alone.
///
/// # Errors
/// [`PlotError`] if a picture cannot be drawn.
pub fn pictures(summary: &Summary, theme: Theme) -> Result<Vec<Picture>, PlotError> {
    let mut all = Vec::new();
    for plot in PLOTS {
        all.extend(plot(summary, theme)?);
    }
    names::make_unique(&mut all);
    Ok(all)
}
