//! Which figures share a picture.

use crate::study::JourneySummary;

/// What one picture shows.
#[derive(Debug)]
pub(super) struct Group<'a> {
    /// The journey, or "" where there are several.
    pub journey: &'a str,
    /// The figures.
    pub members: Vec<&'a JourneySummary>,
    /// Which picture of how many this is.
    pub page: (usize, usize),
}

impl Group<'_> {
    /// " (2 of 3)" where a picture is one of several.
    pub(super) fn page_note(&self) -> String {
        match self.page {
            (_, 1) => String::new(),
            (page, pages) => format!(" ({page} of {pages})"),
        }
    }
}

/// Things that share a picture with others of their kind.
#[derive(Debug)]
pub(super) struct Page<'a, T> {
    /// The things.
    pub items: &'a [T],
    /// Which picture of how many this is.
    pub page: (usize, usize),
}

impl<T> Page<'_, T> {
    /// " (2 of 3)" where a picture is one of several.
    pub(super) fn note(&self) -> String {
        match self.page {
            (_, 1) => String::new(),
            (page, pages) => format!(" ({page} of {pages})"),
        }
    }
}

/// Pages of at most `most` things, about as many on each; none without things.
pub(super) fn paged<T>(items: &[T], most: usize) -> Vec<Page<'_, T>> {
    let pages = items.len().div_ceil(most.max(1));
    items
        .chunks(items.len().div_ceil(pages.max(1)).max(1))
        .enumerate()
        .map(|(index, items)| Page { items, page: (index + 1, pages) })
        .collect()
}

/// One group a journey, in order of appearance; no group has more than `most` members.
pub(super) fn by_journey<'a>(
    figures: impl Iterator<Item = &'a JourneySummary>,
    most: usize,
) -> Vec<Group<'a>> {
    let mut journeys: Vec<(&str, Vec<&JourneySummary>)> = Vec::new();
    for figure in figures {
        match journeys.iter_mut().find(|(name, _)| *name == figure.journey) {
            Some((_, members)) => members.push(figure),
            None => journeys.push((&figure.journey, vec![figure])),
        }
    }
    journeys.into_iter().flat_map(|(journey, members)| pages(journey, &members, most)).collect()
}

/// Groups that follow each other as one, as long as that has at most `most` members: many journeys of one population each
/// would make as many pictures.
pub(super) fn together<'a>(groups: Vec<Group<'a>>, most: usize) -> Vec<Group<'a>> {
    let mut all: Vec<Group<'a>> = Vec::new();
    for group in groups {
        match all.last_mut() {
            Some(last) if last.members.len() + group.members.len() <= most => {
                last.journey = "";
                last.members.extend(group.members);
                last.page = (1, 1);
            }
            _ => all.push(group),
        }
    }
    let mixed = all.iter().filter(|group| group.journey.is_empty()).count();
    for (index, group) in all.iter_mut().filter(|group| group.journey.is_empty()).enumerate() {
        group.page = (index + 1, mixed);
    }
    all
}

fn pages<'a>(journey: &'a str, members: &[&'a JourneySummary], most: usize) -> Vec<Group<'a>> {
    let pages = members.len().div_ceil(most.max(1));
    let page = |(index, members): (usize, &[&'a JourneySummary])| Group {
        journey,
        members: members.to_vec(),
        page: (index + 1, pages),
    };
    members.chunks(most.max(1)).enumerate().map(page).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_groups_share_a_picture() {
        let group = |journey| Group { journey, members: Vec::new(), page: (1, 1) };
        let all = together(vec![group("a"), group("b")], 8);
        assert_eq!(all.len(), 1);
        assert_eq!((all[0].journey, all[0].page), ("", (1, 1)));
    }

    #[test]
    fn pages_are_about_equally_long() {
        let lengths = |count: usize, most| {
            paged(&vec![(); count], most).iter().map(|p| p.items.len()).collect::<Vec<_>>()
        };
        assert_eq!(lengths(5, 4), [3, 2]);
        assert_eq!(lengths(31, 30), [16, 15]);
        assert_eq!(lengths(0, 4), [0; 0]);
    }
}
