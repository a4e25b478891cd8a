//! Names of marks, for those who point at them in an SVG file.

use std::fmt::Write as _;

use super::clip::Point;
use super::marks::{Mark, Shape};
use crate::plot::canvas::{escaped, pixels};
use crate::plot::swimlane::State;

/// So near to a line one points at it, pixels.
const NEAR: f64 = 8.0;

/// A map on which each mark tells its name and state.
pub(super) fn with_titles(svg: &str, marks: &[Mark], at: f64) -> String {
    let mut titles = "<g fill=\"none\" pointer-events=\"all\">\n".to_owned();
    for mark in marks {
        let words = mark.state(at).map_or("whole", State::words);
        let title = format!("<title>{}: {words}</title>", escaped(&mark.name));
        titles += &match &mark.shape {
            Shape::Square((x, y), side) => {
                let (left, top, side) = (pixels(x - 0.5 * side), pixels(y - 0.5 * side), pixels(*side));
                format!("<rect x=\"{left}\" y=\"{top}\" width=\"{side}\" height=\"{side}\">{title}</rect>\n")
            }
            Shape::Disc((x, y), radius) => {
                let (x, y, radius) = (pixels(*x), pixels(*y), pixels(radius.max(0.5 * NEAR)));
                format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\">{title}</circle>\n")
            }
            Shape::Line(parts) => {
                let path: String = parts.iter().map(|part| path(part)).collect();
                format!(
                    "<path d=\"{path}\" pointer-events=\"stroke\" stroke-width=\"{}\">{title}</path>\n",
                    pixels(NEAR)
                )
            }
        };
    }
    titles += "</g>\n</svg>";
    match svg.rfind("</svg>") {
        Some(end) => format!("{}{titles}{}", &svg[..end], &svg[end + "</svg>".len()..]),
        None => svg.to_owned(),
    }
}

fn path(points: &[Point]) -> String {
    let mut path = String::new();
    for (index, (x, y)) in points.iter().enumerate() {
        let _ = write!(path, "{}{} {}", if index == 0 { 'M' } else { 'L' }, pixels(*x), pixels(*y));
    }
    path
}
