//! The JSON files as they are laid out in the map's repository.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::import::SourceText;
use crate::import::error::ImportError;
use crate::import::sphere::Position;

/// How all cables run, by slug.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// What errors call the file.
    pub(super) file: String,
    by_slug: BTreeMap<String, Vec<Vec<Position>>>,
}

impl Lines {
    pub(super) fn read(source: &SourceText) -> Result<Self, ImportError> {
        let collection: Collection<Vec<Vec<Coordinates>>> = from_json(source)?;
        let mut by_slug: BTreeMap<String, Vec<Vec<Position>>> = BTreeMap::new();
        for feature in collection.features {
            let Some(slug) = feature.properties.slug() else { continue };
            let lines = feature.geometry.coordinates.into_iter();
            let lines = lines.map(|line| line.into_iter().map(|Coordinates(at)| at).collect());
            by_slug.entry(slug).or_default().extend(lines);
        }
        Ok(Self { file: source.name.clone(), by_slug })
    }

    /// The lines of a cable.
    pub(super) fn of(&self, slug: &str) -> Option<&[Vec<Position>]> {
        self.by_slug.get(slug).map(Vec::as_slice)
    }
}

/// Where landing points are, by slug.
#[derive(Debug, Default)]
pub(super) struct Places {
    by_slug: BTreeMap<String, Position>,
}

impl Places {
    pub(super) fn read(source: &SourceText) -> Result<Self, ImportError> {
        let collection: Collection<Coordinates> = from_json(source)?;
        let features = collection.features.into_iter();
        let places =
            features.filter_map(|feature| Some((feature.properties.slug()?, feature.geometry.coordinates.0)));
        Ok(Self { by_slug: places.collect() })
    }

    /// Where a landing point is.
    pub(super) fn of(&self, slug: &str) -> Option<Position> {
        self.by_slug.get(slug).copied()
    }
}

/// What a cable's own file says of it.
#[derive(Debug, Deserialize)]
#[serde(expecting = "an object with `name` and `landing_points`")]
pub(super) struct Cable {
    /// What it is called.
    pub(super) name: String,
    /// Where it lands, in no order that helps.
    pub(super) landing_points: Vec<Landing>,
    /// "170 km", "n.a."
    pub(super) length: Option<String>,
    /// "1992", "December 2005", "2021 Q4"
    pub(super) rfs: Option<String>,
    /// Names, with commas between them.
    pub(super) owners: Option<String>,
}

impl Cable {
    pub(super) fn read(source: &SourceText) -> Result<Self, ImportError> {
        from_json(source)
    }
}

/// A landing point of a cable.
#[derive(Debug, Deserialize)]
pub(super) struct Landing {
    /// Its slug.
    pub(super) id: String,
    /// What it is called.
    pub(super) name: String,
    /// "13.39,144.66"; some versions of the map say it in `landing-point-geo.json` alone.
    latlon: Option<String>,
    /// `true`, "true" or neither.
    is_tbd: Option<Value>,
}

impl Landing {
    /// True where it is not decided yet where the cable lands.
    pub(super) fn is_undecided(&self) -> bool {
        match &self.is_tbd {
            Some(Value::Bool(undecided)) => *undecided,
            Some(Value::String(text)) => text == "true",
            _ => false,
        }
    }

    /// Where it is, if its cable's file says it.
    pub(super) fn place(&self) -> Result<Option<Position>, String> {
        let text = self.latlon.as_deref().map(str::trim).unwrap_or_default();
        if text.is_empty() {
            return Ok(None);
        }
        let degrees = text.split_once(',').and_then(|(latitude, longitude)| {
            Some((latitude.trim().parse::<f64>().ok()?, longitude.trim().parse::<f64>().ok()?))
        });
        let (latitude, longitude) = degrees
            .ok_or_else(|| format!("latlon is \"{text}\", expected two numbers such as \"13.39,144.66\""))?;
        Position::new(latitude, longitude).map(Some)
    }
}

#[derive(Debug, Deserialize)]
#[serde(bound(deserialize = "C: Deserialize<'de>"), expecting = "an object with `features`")]
struct Collection<C> {
    features: Vec<Feature<C>>,
}

#[derive(Debug, Deserialize)]
#[serde(bound(deserialize = "C: Deserialize<'de>"))]
struct Feature<C> {
    properties: Properties,
    geometry: Geometry<C>,
}

/// Newer versions of the map have the slug as `id`; in older ones that is a number.
#[derive(Debug, Deserialize)]
struct Properties {
    slug: Option<String>,
    id: Option<Value>,
}

impl Properties {
    fn slug(self) -> Option<String> {
        self.slug.or(match self.id {
            Some(Value::String(id)) => Some(id),
            _ => None,
        })
    }
}

#[derive(Debug, Deserialize)]
#[serde(bound(deserialize = "C: Deserialize<'de>"))]
struct Geometry<C> {
    coordinates: C,
}

/// Longitude, latitude and perhaps more, as in GeoJSON.
#[derive(Debug, Deserialize)]
#[serde(try_from = "Vec<f64>")]
struct Coordinates(Position);

impl TryFrom<Vec<f64>> for Coordinates {
    type Error = String;

    fn try_from(numbers: Vec<f64>) -> Result<Self, String> {
        match numbers.as_slice() {
            [longitude, latitude, ..] => Position::new(*latitude, *longitude).map(Self),
            _ => Err("a place needs a longitude and a latitude".to_owned()),
        }
    }
}

/// Reads a file; a mistake in a value is told with its place, like one in the JSON itself.
fn from_json<'t, T: Deserialize<'t>>(source: &'t SourceText) -> Result<T, ImportError> {
    serde_json::from_str(&source.text).map_err(|error| ImportError::json(&source.name, &error))
}
