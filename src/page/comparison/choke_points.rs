//! Choke points of the baseline: what a further design would have to mend.

use maud::{Markup, html};

use super::pictures::figure;
use crate::page::tables;
use crate::page::themes::Colors;
use crate::plot::{PlotError, Tornado};
use crate::report::{ranking_sections, ranking_sentences};
use crate::study::Ranking;

pub(super) fn section(ranking: &Ranking, colors: &mut Colors) -> Result<Markup, PlotError> {
    let tornado = Tornado::of(ranking);
    let picture = figure(
        |theme| tornado.picture(theme),
        "What the figure would be less without the failures of each, and how much more with one more failure.",
        colors,
    )?;
    Ok(html! {
        section #choke-points aria-labelledby="h-choke-points" {
            h2 #h-choke-points { "Choke points of the baseline" }
            @for sentence in ranking_sentences(ranking) { p { bdi { (sentence) } } }
            (picture)
            @for section in ranking_sections(ranking) { (tables::section(&section)) }
        }
    })
}
