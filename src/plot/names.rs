//! File names of pictures.

use std::collections::BTreeSet;

use super::Picture;

/// Characters of a name that come from the scenario; more makes paths too long for some file systems.
const LONGEST: usize = 60;

/// "success-chat-gulf" from a plot's name and the names of what it shows.
pub(super) fn stem(plot: &str, of: &str) -> String {
    let mut name = plot.to_owned();
    let mut gap = true;
    for c in of.chars().take(LONGEST) {
        if c.is_ascii_alphanumeric() {
            if gap {
                name.push('-');
            }
            name.push(c.to_ascii_lowercase());
        }
        gap = !c.is_ascii_alphanumeric();
    }
    name
}

/// Numbers the names that are taken: names that differ may have the same letters.
pub(super) fn make_unique(pictures: &mut [Picture]) {
    let mut taken = BTreeSet::new();
    for picture in pictures {
        let mut name = picture.name.clone();
        let mut number = 2;
        while !taken.insert(name.clone()) {
            name = format!("{}-{number}", picture.name);
            number += 1;
        }
        picture.name = name;
    }
}
