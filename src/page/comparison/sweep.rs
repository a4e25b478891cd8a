//! The designs at several values of one or two figures: whether what is best here is best there.

use maud::{Markup, PreEscaped, html};

use super::Lists;
use crate::page::tables;
use crate::page::themes::Colors;
use crate::plot::{DesignMaps, Picture, PlotError, SweptDesigns, Theme};
use crate::report::{swept_sections, swept_sentences};
use crate::study::{DesignSweeps, Sweep};
use crate::units::{show_counted, show_percent};

pub(super) fn section(
    swept: &DesignSweeps,
    lists: &Lists<'_>,
    colors: &mut Colors,
) -> Result<Markup, PlotError> {
    let parameters = swept.sweeps.first().map_or(&[][..], |sweep| sweep.parameters.as_slice());
    let names: Vec<&str> = parameters.iter().map(|parameter| parameter.name.as_str()).collect();
    let tests = swept.differences.iter().flatten().flatten().count() as u64;
    let confidence = swept.sweeps.first().map_or(0.0, |sweep| sweep.confidence);
    let pictures = match parameters.len() {
        1 => curves(swept, lists, colors)?,
        _ => maps(swept, lists, colors)?,
    };
    Ok(html! {
        section #sweep aria-labelledby="h-sweep" {
            h2 #h-sweep { "Sweep of " bdi { (names.join(" and ")) } }
            p {
                "The baseline and every design with these values, on the same random draws. "
                "Where a design itself changes the figure, the value takes the place of its own. "
                "Less and more than in the baseline hold with " (show_percent(confidence)) " confidence for all "
                (show_counted(tests, "difference")) " together (Holm's method)."
            }
            @for sentence in swept_sentences(&lists.designs, swept) { p { bdi { (sentence) } } }
            @for picture in &pictures { (picture) }
            @for section in swept_sections(&lists.designs, swept) { (tables::section(&section)) }
        }
    })
}

/// A line for each design.
fn curves(swept: &DesignSweeps, lists: &Lists<'_>, colors: &mut Colors) -> Result<Vec<Markup>, PlotError> {
    let names = std::iter::once("baseline").chain(lists.designs.iter().copied());
    let designs: Vec<(&str, &Sweep)> = names.zip(&swept.sweeps).collect();
    let all = SweptDesigns::of(&designs);
    let picture = |one: &SweptDesigns<'_>| {
        let usage = lists.usage(one.journey, one.population);
        figure(|theme| one.picture(theme), usage, colors)
    };
    all.iter().map(picture).collect()
}

/// A map for each design.
fn maps(swept: &DesignSweeps, lists: &Lists<'_>, colors: &mut Colors) -> Result<Vec<Markup>, PlotError> {
    let all = DesignMaps::of(&lists.designs, swept);
    let picture = |one: &DesignMaps<'_>| {
        let usage = lists.usage(one.journey, one.population);
        figure(|theme| one.picture(theme), usage, colors)
    };
    all.iter().map(picture).collect()
}

/// A picture in both themes that follows the lists of journeys and of users.
fn figure(
    draw: impl Fn(Theme) -> Result<Picture, PlotError>,
    usage: Option<(usize, usize)>,
    colors: &mut Colors,
) -> Result<Markup, PlotError> {
    let (light, dark) = (draw(Theme::Light)?, draw(Theme::Dark)?);
    let svg = colors.merged(&light, &dark, "");
    Ok(html! {
        figure data-name=(light.name) data-j=[usage.map(|(j, _)| j)] data-p=[usage.map(|(_, p)| p)] { (PreEscaped(svg)) }
    })
}
