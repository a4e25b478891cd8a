//! Names of several things in little room.

/// Names that are listed before "and 3 others".
const LISTED: usize = 6;

/// Names with what their paths have in common said once: "r/az2, r/az2/{utility, generators}".
pub(super) fn together(names: &[&str]) -> String {
    let shown = if names.len() > LISTED + 1 { LISTED } else { names.len() };
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for name in &names[..shown] {
        let (path, last) = name.rsplit_once('/').unwrap_or(("", name));
        match groups.iter_mut().find(|(p, _)| *p == path) {
            Some((_, lasts)) => lasts.push(last),
            None => groups.push((path, vec![last])),
        }
    }
    // "r/a/x, r/b/x": paths that differ in one step only.
    let mut places: Vec<(&str, Vec<&str>, Vec<&str>)> = Vec::new();
    for (path, lasts) in groups {
        let (above, step) = path.rsplit_once('/').unwrap_or(("", path));
        match places.iter_mut().find(|(a, _, l)| (*a, l) == (above, &lasts) && !above.is_empty()) {
            Some((_, steps, _)) => steps.push(step),
            None => places.push((above, vec![step], lasts)),
        }
    }
    let written = places.iter().map(|(above, steps, lasts)| match (*above, steps.as_slice()) {
        ("", [""]) => lasts.join(", "),
        ("", steps) => format!("{}/{}", braced(steps), braced(lasts)),
        (above, steps) => format!("{above}/{}/{}", braced(steps), braced(lasts)),
    });
    let list = written.collect::<Vec<_>>().join(", ");
    if shown < names.len() { format!("{list} and {} others", names.len() - shown) } else { list }
}

fn braced(names: &[&str]) -> String {
    match names {
        [name] => (*name).to_owned(),
        names => format!("{{{}}}", names.join(", ")),
    }
}

/// A path as seen from `owner`: without the part that both share.
pub(super) fn seen_from<'n>(owner: &str, name: &'n str) -> &'n str {
    name.strip_prefix(owner).and_then(|rest| rest.strip_prefix('/')).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_common_is_said_once() {
        assert_eq!(together(&["a"]), "a");
        assert_eq!(together(&["r/z", "r/z/p", "r/z/q", "s@r"]), "r/z, r/z/{p, q}, s@r");
        assert_eq!(together(&["r/a/x", "r/b/x", "r/c/y"]), "r/{a, b}/x, r/c/y");
        assert_eq!(together(&["a", "b"]), "a, b");
        let many: Vec<String> = (0..9).map(|k| format!("r/{k}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(together(&many), "r/{0, 1, 2, 3, 4, 5} and 3 others");
        assert_eq!(together(&many[..7]), "r/{0, 1, 2, 3, 4, 5, 6}");
    }

    #[test]
    fn the_owners_path_is_left_out() {
        assert_eq!(seen_from("r/z", "r/z/p"), "p");
        assert_eq!(seen_from("r/z", "r/z2"), "r/z2");
    }
}
