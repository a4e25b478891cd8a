//! One picture for both themes: where the light and the dark drawing differ, a variable of the page takes its place.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::plot::{Picture, Spot, State, Theme};

/// Units of the drawing in a pixel.
const FINE: f64 = 4.0;

/// Values of attributes that differ between the themes.
#[derive(Debug, Default)]
pub(super) struct Colors {
    pairs: BTreeMap<(String, String), usize>,
}

impl Colors {
    /// A picture that is drawn in both themes as one SVG element, with `more` in it, over everything else.
    pub(super) fn merged(&mut self, light: &Picture, dark: &Picture, more: &str) -> String {
        let mut svg = self.both(&light.svg, &dark.svg).unwrap_or_else(|| light.svg.clone());
        svg = svg.replacen(" xmlns=\"http://www.w3.org/2000/svg\"", " class=\"pic\" tabindex=\"0\"", 1);
        let spots = spots(&light.spots);
        if let Some(end) = svg.rfind("</svg>") {
            svg.insert_str(end, &(more.to_owned() + &spots));
        }
        svg
    }

    /// `None` if the drawings differ in more than values of attributes.
    fn both(&mut self, light: &str, dark: &str) -> Option<String> {
        // Text in an SVG has no plain quotes, so that every second part is the value of an attribute.
        let (left, right): (Vec<&str>, Vec<&str>) = (light.split('"').collect(), dark.split('"').collect());
        if left.len() != right.len() {
            return None;
        }
        let mut merged = String::with_capacity(light.len());
        let mut parts = left.iter().zip(right).peekable();
        while let Some((before, other)) = parts.next() {
            if *before != other {
                return None;
            }
            let Some((value, in_dark)) = parts.next() else {
                merged.push_str(before);
                break;
            };
            // What every element says again stands in the style of the page.
            let name = before.rsplit(' ').next().unwrap_or_default();
            let is_usual = matches!(
                (name, *value, in_dark),
                ("opacity=", "1", "1")
                    | ("stroke=", "none", "none")
                    | ("dy=", "0.5ex", _)
                    | ("font-family=", ..)
            );
            if is_usual {
                merged.push_str(before.trim_end_matches(name).trim_end());
            } else if *value == in_dark {
                let _ = write!(merged, "{before}\"{value}\"");
            } else {
                let next = self.pairs.len();
                let number = *self.pairs.entry(((*value).to_owned(), in_dark.to_owned())).or_insert(next);
                let _ = write!(merged, "{before}\"var(--v{number})\"");
            }
        }
        Some(merged)
    }

    /// What the variables stand for, and the colours of states.
    pub(super) fn css(&self) -> String {
        let mut values: Vec<(&usize, &(String, String))> =
            self.pairs.iter().map(|(pair, n)| (n, pair)).collect();
        values.sort();
        let light =
            values.iter().fold(states(Theme::Light), |all, (n, (v, _))| all + &format!("--v{n}:{v};"));
        let dark = values.iter().fold(states(Theme::Dark), |all, (n, (_, v))| all + &format!("--v{n}:{v};"));
        let mut css =
            format!(":root{{{light}}}\n@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}\n");
        for state in State::ALL {
            let name = state.name();
            let _ = writeln!(css, ".s-{name}{{--s:var(--s-{name});--i:var(--i-{name})}}");
        }
        css
    }
}

fn states(theme: Theme) -> String {
    let color = |state: State| {
        let [color, ink] = state.colors(theme);
        let name = state.name();
        format!("--s-{name}:{color};--i-{name}:{ink};")
    };
    State::ALL.into_iter().map(color).collect()
}

/// Unseen places with what they tell a reader who points at them.
fn spots(spots: &[Spot]) -> String {
    let mut text = "<g class=\"spots\">".to_owned();
    for Spot { left, top, width, height, text: told } in spots {
        let [x, y, w, h] = [left, top, width, height].map(|v| (v * FINE).round());
        let told = escaped(told);
        let _ = write!(text, "<rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" data-t=\"{told}\"/>");
    }
    text + "</g>"
}

/// Text as the value of an attribute.
pub(super) fn escaped(text: &str) -> String {
    maud::html! { (text) }.into_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_becomes_a_variable() {
        let mut colors = Colors::default();
        let light = "<svg><rect x=\"1\" opacity=\"1\" fill=\"#FFF\"/><text fill=\"#000\">\n&quot;a&quot;\n</text></svg>";
        let dark = "<svg><rect x=\"1\" opacity=\"1\" fill=\"#111\"/><text fill=\"#EEE\">\n&quot;a&quot;\n</text></svg>";
        let merged = colors.both(light, dark).unwrap();
        let expected =
            "<svg><rect x=\"1\" fill=\"var(--v0)\"/><text fill=\"var(--v1)\">\n&quot;a&quot;\n</text></svg>";
        assert_eq!(merged, expected);
        assert!(
            colors.css().contains("--v0:#FFF;--v1:#000;") && colors.css().contains("--v0:#111;--v1:#EEE;")
        );
        assert_eq!(colors.both("<a b=\"1\"/>", "<a/>"), None);
    }
}
