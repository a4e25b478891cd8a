//! The TeleGeography submarine cable map: JSON to sites and cables.

mod layout;
mod lines;
mod pieces;
mod route;

use std::collections::{BTreeMap, BTreeSet};

use self::layout::{Cable, Landing, Lines, Places};
use self::route::{Route, Stop, route};
use super::error::ImportError;
use super::fragment::{self, Fragment, Segment, Site};
use super::text::{Names, name, some_of};
use super::{Imported, SourceText};
use crate::units::distance_km;

const LICENCE: &str = "Data: TeleGeography submarine cable map (https://www.submarinecablemap.com). Licence: CC BY-NC-SA 3.0 \
(https://creativecommons.org/licenses/by-nc-sa/3.0/): name the source, say what was changed, no commercial use, pass \
the fragment on under the same licence only.";

/// A drawn cable may differ from its stated length by this factor before it is worth a warning.
const FAR_FROM_DRAWN: f64 = 2.0;

/// The files of a cable map.
#[derive(Debug)]
pub struct CableMapFiles {
    /// `cable-geo.json`: how all cables run.
    pub lines: SourceText,
    /// `landing-point-geo.json`: where landing points are that say it nowhere else.
    pub places: Option<SourceText>,
    /// The cables to import.
    pub cables: Vec<CableFile>,
}

/// The file of a cable.
#[derive(Debug)]
pub struct CableFile {
    /// Its name in the map, such as "seamewe-4".
    pub slug: String,
    /// `<slug>.json`.
    pub source: SourceText,
}

/// Cables of the TeleGeography map as a fragment.
///
/// Landing points become sites, and so do the points at which the lines of a cable branch. Segments run between them
/// along the lines; the stated length of a cable is shared among its segments in proportion to how long they are drawn.
///
/// # Errors
///
/// Files of another layout, coordinates beyond the globe, or no cable that has both lines and landing points.
pub fn cable_map(files: &CableMapFiles) -> Result<Imported, ImportError> {
    let lines = Lines::read(&files.lines)?;
    let places = files.places.as_ref().map(Places::read).transpose()?.unwrap_or_default();
    let mut drawing = Drawing { lines, places, ..Drawing::default() };
    for file in &files.cables {
        let cable = Cable::read(&file.source)?;
        drawing.add(&file.slug, &file.source.name, &cable)?;
    }
    if drawing.cables.is_empty() {
        let message = "nothing is left to import: no cable has both lines and landing points";
        let why = drawing.warnings.first().map(|first| format!(" ({first})")).unwrap_or_default();
        return Err(ImportError::of(&files.lines.name, format!("{message}{why}")));
    }
    let warnings = std::mem::take(&mut drawing.warnings);
    let fragment = drawing.into_fragment();
    Ok(Imported { fragment: fragment.into_text(), licence: LICENCE, warnings })
}

fn head() -> Vec<String> {
    [
        "Submarine cables: sites and cables for a scenario that extends this file.",
        LICENCE,
        "Changed: segments run along the lines of the map between landing points and the points at which lines branch.",
        "The stated length of a cable is shared among its segments in proportion to how long they are drawn.",
        "Not in the map, and to be added: capacities, faults, corridors.",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// What has been drawn so far.
#[derive(Default)]
struct Drawing {
    lines: Lines,
    places: Places,
    /// By name.
    sites: BTreeMap<String, Site>,
    cables: Vec<fragment::Cable>,
    warnings: Vec<String>,
}

impl Drawing {
    fn add(&mut self, slug: &str, file: &str, cable: &Cable) -> Result<(), ImportError> {
        let landings = self.landings(slug, file, cable)?;
        let Some(lines) = self.lines.of(slug) else {
            self.warnings.push(format!("{slug}: left out, since cable-geo.json does not say how it runs"));
            return Ok(());
        };
        let stops: Vec<Stop> =
            landings.iter().map(|(slug, at, _)| Stop { name: name(slug), at: *at }).collect();
        let drawn = route(&name(slug), lines, &stops)
            .map_err(|message| ImportError::of(&self.lines.file, message))?;
        if drawn.segments.is_empty() {
            self.warnings.push(format!("{slug}: left out, since it joins no two landing points"));
            return Ok(());
        }
        self.warnings.extend(drawn.warnings.iter().map(|warning| format!("{slug}: {warning}")));
        let factor = self.factor(slug, cable, &drawn);
        self.add_sites(&drawn, &landings);
        self.add_cable(slug, cable, &drawn, factor);
        Ok(())
    }

    /// The landing points of a cable that have a place.
    fn landings<'c>(
        &mut self,
        slug: &str,
        file: &str,
        cable: &'c Cable,
    ) -> Result<Vec<(&'c str, super::sphere::Position, &'c str)>, ImportError> {
        let (mut placed, mut seen) = (Vec::new(), BTreeSet::new());
        let (mut undecided, mut unplaced) = (Vec::new(), Vec::new());
        for landing in &cable.landing_points {
            let Landing { id, name, .. } = landing;
            if landing.is_undecided() {
                undecided.push(id.clone());
                continue;
            }
            let own = landing
                .place()
                .map_err(|message| ImportError::of(file, format!("landing point {id}: {message}")))?;
            match own.or_else(|| self.places.of(id)) {
                Some(at) if seen.insert(id.as_str()) => placed.push((id.as_str(), at, name.as_str())),
                Some(_) => {}
                None => unplaced.push(id.clone()),
            }
        }
        for (what, which) in [("not decided yet", undecided), ("without a place", unplaced)] {
            if !which.is_empty() {
                self.warnings.push(format!("{slug}: landing points {what}, left out: {}", some_of(&which)));
            }
        }
        Ok(placed)
    }

    /// How many times longer the cable is than it is drawn; 1 where no length is stated.
    fn factor(&mut self, slug: &str, cable: &Cable, drawn: &Route) -> f64 {
        let stated = cable.length.as_deref().map(str::trim).unwrap_or_default();
        let total: f64 = drawn.segments.iter().map(|segment| segment.km).sum();
        // "12,091 km"
        let km = distance_km(&stated.replace(',', "")).ok().filter(|km| *km > 0.0);
        let (Some(km), true) = (km, total > 0.0) else {
            let says = if stated.is_empty() { "nothing".to_owned() } else { format!("\"{stated}\"") };
            self.warnings
                .push(format!("{slug}: {says} is stated as its length; {total:.0} km are drawn, and taken"));
            return 1.0;
        };
        let factor = km / total;
        if !(1.0 / FAR_FROM_DRAWN..=FAR_FROM_DRAWN).contains(&factor) {
            self.warnings
                .push(format!("{slug}: {km:.0} km are stated as its length, but {total:.0} km are drawn"));
        }
        factor
    }

    fn add_sites(&mut self, drawn: &Route, landings: &[(&str, super::sphere::Position, &str)]) {
        for stop in &drawn.stops {
            let comment = landings
                .iter()
                .find(|(slug, ..)| name(slug) == stop.name)
                .map_or("lines branch here", |(.., name)| name);
            self.sites.entry(stop.name.clone()).or_insert_with(|| Site {
                name: stop.name.clone(),
                at: stop.at,
                comment: comment.to_owned(),
            });
        }
    }

    /// Two segments between the same sites would be called the same: the second belongs to a cable of its own.
    fn add_cable(&mut self, slug: &str, cable: &Cable, drawn: &Route, factor: f64) {
        let mut times: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        let mut parts: Vec<Vec<Segment>> = Vec::new();
        for segment in &drawn.segments {
            let (from, to) = (segment.from.as_str(), segment.to.as_str());
            let part = times.entry((from.min(to), from.max(to))).or_default();
            if *part == parts.len() {
                parts.push(Vec::new());
            }
            if let Some(part) = parts.get_mut(*part) {
                part.push(Segment { km: segment.km * factor, ..segment.clone() });
            }
            *part += 1;
        }
        for segments in parts {
            let comments = remarks(cable);
            self.cables.push(fragment::Cable { name: name(slug), comments, segments });
        }
    }

    /// No two sites and cables may be called the same.
    fn into_fragment(mut self) -> Fragment {
        let mut names = Names::default();
        for site in self.sites.keys() {
            names.give(site);
        }
        for cable in &mut self.cables {
            cable.name = names.give(&cable.name);
        }
        let sites = self.sites.into_values().collect();
        Fragment { head: head(), sites, cables: self.cables, links: Vec::new() }
    }
}

/// What else the map says of a cable.
fn remarks(cable: &Cable) -> Vec<String> {
    let of = |what: &str, text: &Option<String>| {
        text.as_deref()
            .filter(|text| !text.trim().is_empty())
            .map(|text| format!("; {what}{text}"))
            .unwrap_or_default()
    };
    let length = of("length ", &cable.length);
    let mut remarks = vec![format!("{}{length}{}", cable.name, of("ready for service ", &cable.rfs))];
    let owners = cable.owners.as_deref().filter(|owners| !owners.trim().is_empty());
    remarks.extend(owners.map(|owners| format!("Owners: {owners}")));
    remarks
}
