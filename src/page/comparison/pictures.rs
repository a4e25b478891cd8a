//! Pictures of a comparison, each in both themes.

use maud::{Markup, PreEscaped, html};

use crate::page::themes::Colors;
use crate::plot::{Differences, Picture, PlotError, Theme, pareto_picture};
use crate::study::Comparison;

/// What the picture of differences is for.
const DIFFERENCES: &str = "Mean difference of downtime in a replication, design less baseline: left of 0 is less downtime. A line that \
    does not touch 0 is told from chance when looked at alone; the verdicts hold for all of them together.";

pub(super) fn section(comparison: &Comparison, colors: &mut Colors) -> Result<Markup, PlotError> {
    let mut differences = Vec::new();
    for page in Differences::pages(comparison) {
        differences.push(figure(|theme| page.picture(theme), DIFFERENCES, colors)?);
    }
    let pareto = match comparison.cost_points.is_empty() {
        true => None,
        false => Some(figure(
            |theme| pareto_picture(comparison, theme),
            "What each design costs, and how long its users are down: best is below and left. Number 1 is the baseline.",
            colors,
        )?),
    };
    Ok(html! {
        section #pictures aria-labelledby="h-pictures" {
            h2 #h-pictures { "Pictures" }
            p.hint { "Point at a picture, or go to it with Tab and through its values with the arrow keys, to read them." }
            @for page in &differences { (page) }
            @if let Some(pareto) = pareto { (pareto) }
        }
    })
}

/// A picture in both themes with what it is for.
pub(super) fn figure(
    draw: impl Fn(Theme) -> Result<Picture, PlotError>,
    caption: &str,
    colors: &mut Colors,
) -> Result<Markup, PlotError> {
    let (light, dark) = (draw(Theme::Light)?, draw(Theme::Dark)?);
    let svg = colors.merged(&light, &dark, "");
    Ok(html! {
        figure data-name=(light.name) { (PreEscaped(svg)) figcaption { (caption) } }
    })
}
