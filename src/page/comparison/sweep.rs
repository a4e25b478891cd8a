//! The designs at several values of one figure: whether what is best here is best there.

use maud::{Markup, PreEscaped, html};

use super::{ComparisonPage, Lists};
use crate::page::tables;
use crate::page::themes::Colors;
use crate::plot::{PlotError, SweptDesigns, Theme};
use crate::report::{swept_sections, swept_sentences};
use crate::study::Sweep;

/// Nothing unless it was asked for.
pub(super) fn section(
    page: &ComparisonPage<'_>,
    lists: &Lists<'_>,
    colors: &mut Colors,
) -> Result<Option<Markup>, PlotError> {
    let names = std::iter::once("baseline").chain(lists.designs.iter().copied());
    let designs: Vec<(&str, &Sweep)> = names.zip(page.sweeps).collect();
    let Some(parameter) = page.sweeps.first().and_then(|sweep| sweep.parameters.first()) else {
        return Ok(None);
    };
    let mut figures = Vec::new();
    for swept in SweptDesigns::of(&designs) {
        let (light, dark) = (swept.picture(Theme::Light)?, swept.picture(Theme::Dark)?);
        let svg = colors.merged(&light, &dark, "");
        let of = lists.usage(swept.journey, swept.population);
        figures.push(html! {
            figure data-name=(light.name) data-j=[of.map(|(j, _)| j)] data-p=[of.map(|(_, p)| p)] { (PreEscaped(svg)) }
        });
    }
    Ok(Some(html! {
        section #sweep aria-labelledby="h-sweep" {
            h2 #h-sweep { "Sweep of " bdi { (parameter.name) } }
            p {
                "The baseline and every design with this figure at each of the values, on the same random draws. "
                "Where a design itself changes the figure, the value takes the place of its own."
            }
            @for sentence in swept_sentences(&designs) { p { bdi { (sentence) } } }
            @for figure in &figures { (figure) }
            @for section in swept_sections(&designs) { (tables::section(&section)) }
        }
    }))
}
