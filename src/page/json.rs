//! Data inside a page.

use maud::{Markup, PreEscaped, html};
use serde::Serialize;

/// Data as an element of its own: text in it cannot end the element, whatever it says.
pub(super) fn data(id: &str, value: &impl Serialize) -> Markup {
    // Plain data always has a form in JSON.
    let text = serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned());
    html! { script id=(id) type="application/json" { (PreEscaped(harmless(&text))) } }
}

/// The same JSON without characters that HTML or a script could act on; they occur in strings only.
fn harmless(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => text.push_str(&format!("\\u{:04x}", u32::from(c))),
            _ => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_leave_its_element() {
        let hostile = "</script><script>alert(1)</script><!-- &amp; \u{2028}";
        let element = data("d", &[hostile]).into_string();
        let inside = element.strip_prefix("<script id=\"d\" type=\"application/json\">").unwrap();
        let inside = inside.strip_suffix("</script>").unwrap();
        assert!(!inside.contains(['<', '>', '&', '\u{2028}']), "{inside}");
        assert_eq!(serde_json::from_str::<Vec<String>>(inside).unwrap(), [hostile]);
    }
}
