//! Which topic a name means.

use std::fmt;

use super::examples::last;
use super::topic::Topic;
use crate::scenario::diagnostics::{excerpt, suggest};

/// Near topics that are listed for an unknown one.
const NEAR: usize = 6;
/// Characters that a name must have for it to mean something that another holds it.
const SHORTEST: usize = 4;
/// Characters beyond which no name is compared: it would take long, and no topic is like it.
const LONGEST: usize = 100;
/// Likeness (Jaro and Winkler, 0 to 1) from which on a topic is near.
const ALIKE: f64 = 0.8;

/// Why a name means no topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotFound {
    /// Several topics end in it.
    Ambiguous {
        /// What was asked for.
        query: String,
        /// Full names of the topics.
        candidates: Vec<String>,
    },
    /// None has it.
    Unknown {
        /// What was asked for.
        query: String,
        /// What may have been meant.
        meant: Option<String>,
        /// Topics of similar names.
        near: Vec<String>,
    },
}

impl fmt::Display for NotFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ambiguous { query, candidates } => {
                write!(f, "`{}` has several meanings; ask for one of", excerpt(query))?;
                candidates.iter().try_for_each(|name| write!(f, "\n  {name}"))
            }
            Self::Unknown { query, meant, near } => {
                write!(f, "there is no topic `{}`", excerpt(query))?;
                if let Some(meant) = meant {
                    write!(f, "\n  did you mean `{meant}`?")?;
                }
                if !near.is_empty() {
                    write!(f, "\n  near it:")?;
                    near.iter().try_for_each(|name| write!(f, "\n    {name}"))?;
                }
                write!(f, "\n  `blackstart explain` lists all topics")
            }
        }
    }
}

impl std::error::Error for NotFound {}

/// How strictly names are compared, strictest first.
const COMPARISONS: [fn(&str) -> String; 3] = [str::to_owned, str::to_lowercase, simplified];

/// The topic that `query` means: by its full name, by the end of it, or by the name of a figure.
///
/// Upper and lower case, blanks for underscores, and a plural's "s" matter only where they tell topics apart.
///
/// # Errors
/// [`NotFound`] if there is none, or more than one.
pub fn find<'t>(topics: &'t [Topic], query: &str) -> Result<&'t Topic, NotFound> {
    let query = query.trim();
    for comparable in COMPARISONS {
        let wanted = comparable(query);
        if let Some(topic) = topics.iter().find(|topic| comparable(&topic.name) == wanted) {
            return Ok(original(topics, topic));
        }
    }
    for comparable in COMPARISONS {
        let wanted = comparable(query);
        let ending = format!(".{wanted}");
        let ends_so: Vec<&Topic> =
            topics.iter().filter(|topic| comparable(&topic.name).ends_with(&ending)).collect();
        let is_named_so = |topic: &&Topic| topic.other_names.iter().any(|name| comparable(name) == wanted);
        // A name of the language rather than that of a figure, which full names lead to as well.
        let found = if ends_so.is_empty() { topics.iter().filter(is_named_so).collect() } else { ends_so };
        if !found.is_empty() {
            return the_only(topics, &found, query);
        }
    }
    Err(unknown(topics, query))
}

/// The topic that all of `found` lead to.
fn the_only<'t>(topics: &'t [Topic], found: &[&'t Topic], query: &str) -> Result<&'t Topic, NotFound> {
    let mut originals: Vec<&Topic> = found.iter().map(|topic| original(topics, topic)).collect();
    originals.sort_by(|a, b| a.name.cmp(&b.name));
    originals.dedup_by(|a, b| a.name == b.name);
    match originals.as_slice() {
        [only] => Ok(only),
        several => {
            let candidates = several.iter().map(|topic| topic.name.clone()).collect();
            Err(NotFound::Ambiguous { query: query.to_owned(), candidates })
        }
    }
}

/// The topic itself, where `topic` is only another place of it.
fn original<'t>(topics: &'t [Topic], topic: &'t Topic) -> &'t Topic {
    let same = topic.same_as.as_ref().and_then(|name| topics.iter().find(|other| other.name == *name));
    same.unwrap_or(topic)
}

/// A name in lower case, blanks and hyphens as underscores, each step without a plural's "s".
fn simplified(name: &str) -> String {
    let name = name.to_lowercase().replace([' ', '-'], "_");
    name.split('.').map(|step| step.trim_end_matches('s')).collect::<Vec<_>>().join(".")
}

fn unknown(topics: &[Topic], query: &str) -> NotFound {
    let originals: Vec<&Topic> = topics.iter().filter(|topic| topic.same_as.is_none()).collect();
    let names = originals.iter().map(|topic| topic.name.as_str());
    let ends = originals.iter().map(|topic| last(&topic.name));
    // A full name, unless the end that was meant has several meanings.
    let meant = suggest(query, names.chain(ends)).map(|name| find(topics, name).map_or(name, |t| &t.name));
    let near = near(&originals, query).filter(|name| Some(*name) != meant).take(NEAR);
    NotFound::Unknown {
        query: query.to_owned(),
        near: near.map(ToOwned::to_owned).collect(),
        meant: meant.map(ToOwned::to_owned),
    }
}

/// Topics whose names are like `query`, or hold it, the nearest first.
fn near<'t>(topics: &[&'t Topic], query: &str) -> impl Iterator<Item = &'t str> {
    let query = query.to_lowercase();
    let length = query.chars().count();
    let likeness = |topic: &&'t Topic| {
        let name = topic.name.to_lowercase();
        let end = last(&name);
        let alike = strsim::jaro_winkler(&query, &name).max(strsim::jaro_winkler(&query, end));
        let holds = name.contains(&query) || (end.len() >= SHORTEST && query.contains(end));
        (alike + f64::from(u8::from(holds)), topic.name.as_str())
    };
    // Less is in everything, more is like nothing.
    let comparable = topics.iter().filter(|_| (SHORTEST..=LONGEST).contains(&length));
    let mut near: Vec<(f64, &str)> = comparable.map(likeness).filter(|(alike, _)| *alike >= ALIKE).collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    near.into_iter().map(|(_, name)| name)
}
