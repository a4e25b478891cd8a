//! Why there is no picture.

use std::fmt;

use plotters::drawing::DrawingAreaErrorKind;

/// Why there is no picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlotError {
    /// The bundled font could not be read.
    Font,
    /// Drawing failed.
    Drawing(String),
    /// A text is not an SVG document that can be shown.
    Svg(String),
    /// A PNG would have no pixels, or more than [`png`](super::png()) makes.
    Size {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
    /// A PNG could not be written.
    Png(String),
}

impl fmt::Display for PlotError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Font => write!(f, "the bundled font cannot be read"),
            Self::Drawing(reason) => write!(f, "cannot draw a picture: {reason}"),
            Self::Svg(reason) => write!(f, "cannot show an SVG document: {reason}"),
            Self::Size { width, height } => write!(f, "cannot make a PNG of {width} x {height} pixels"),
            Self::Png(reason) => write!(f, "cannot write a PNG: {reason}"),
        }
    }
}

impl std::error::Error for PlotError {}

impl<E: std::error::Error + Send + Sync> From<DrawingAreaErrorKind<E>> for PlotError {
    fn from(error: DrawingAreaErrorKind<E>) -> Self {
        Self::Drawing(error.to_string())
    }
}
