//! All pictures of a run, each in both themes.

use maud::{Markup, PreEscaped, html};

use super::themes::Colors;
use super::{Page, places};
use crate::plot::{DependencyGraph, Picture, PlotError, Theme, pictures};
use crate::study::Summary;

/// With no more journeys of populations than this, each has its own picture of success over time.
const EACH_ALONE: usize = 12;
/// Begins the names of pictures of success over time.
const SUCCESS: &str = "success";

/// What a picture is for, by the beginning of its name.
const CAPTIONS: [(&str, &str); 9] = [
    ("availability", "Which journeys miss their objective, by how many nines, and how sure that is."),
    (SUCCESS, "What share of requests succeeds, when, and how much replications differ in that."),
    ("exceedance", "How likely more downtime than a given length is; the risk, not the mean."),
    ("outages", "Whether there are many short outages or few long ones."),
    ("causes", "What begins outages, and what has a part in them."),
    ("stages", "On what recovery spends the time: where a shorter time buys most."),
    ("blast-radius", "What one occurrence of each cause does to whom."),
    ("headroom", "How full each unit gets, and how full the survivors get while anything is impaired."),
    ("graph", "What users depend on, with single points of failure and pairs."),
];

/// A picture in both themes, and whose it is.
struct Both {
    light: Picture,
    dark: Picture,
    of: Option<(usize, usize)>,
}

pub(super) fn section(page: &Page<'_>, colors: &mut Colors) -> Result<Markup, PlotError> {
    let graph = DependencyGraph::of(&page.loaded.model);
    let mut all = both(page.summary, None)?;
    if page.summary.journeys.len() <= EACH_ALONE {
        all = each_alone(page.summary, all)?;
    }
    all.push(Both { light: graph.picture(Theme::Light)?, dark: graph.picture(Theme::Dark)?, of: None });
    let figure = |Both { light, dark, of }: &Both, colors: &mut Colors| {
        let svg = colors.merged(light, dark, "");
        html! {
            figure data-name=(light.name) data-j=[of.map(|(j, _)| j)] data-p=[of.map(|(_, p)| p)] {
                (PreEscaped(svg))
                figcaption { (caption(&light.name)) }
            }
        }
    };
    Ok(html! {
        section #pictures aria-labelledby="h-pictures" {
            h2 #h-pictures { "Pictures" }
            p.hint { "Point at a picture, or go to it with Tab and through its values with the arrow keys, to read them." }
            @for picture in &all { (figure(picture, colors)) }
        }
    })
}

fn both(summary: &Summary, of: Option<(usize, usize)>) -> Result<Vec<Both>, PlotError> {
    let (light, dark) = (pictures(summary, Theme::Light)?, pictures(summary, Theme::Dark)?);
    Ok(light.into_iter().zip(dark).map(|(light, dark)| Both { light, dark, of }).collect())
}

/// Success over time of each journey of a population instead of that of each journey, so that one can be chosen.
fn each_alone(summary: &Summary, all: Vec<Both>) -> Result<Vec<Both>, PlotError> {
    let is_success = |picture: &Both| picture.light.name.starts_with(SUCCESS);
    let mut alone = Vec::new();
    for (figures, place) in summary.journeys.iter().zip(places(summary)) {
        let one = Summary { journeys: vec![figures.clone()], ..summary.clone() };
        alone.extend(both(&one, Some(place))?.into_iter().filter(is_success));
    }
    let first = all.iter().position(is_success).unwrap_or(all.len());
    let mut kept: Vec<Both> = all.into_iter().filter(|picture| !is_success(picture)).collect();
    let after = kept.split_off(first.min(kept.len()));
    Ok(kept.into_iter().chain(alone).chain(after).collect())
}

fn caption(name: &str) -> &'static str {
    CAPTIONS.iter().find(|(begin, _)| name.starts_with(begin)).map_or("", |(_, caption)| caption)
}
