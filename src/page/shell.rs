//! What every page has: its head, its style, its script, the box for values that are pointed at.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::shortened;
use super::themes::Colors;

/// Allows the page its own style and script, and nothing from anywhere else.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

/// What all pages do: values under the pointer, choice, tables that sort, paper.
const SCRIPTS: [&str; 4] = [
    include_str!("script/tips.js"),
    include_str!("script/choice.js"),
    include_str!("script/tables.js"),
    include_str!("script/print.js"),
];

/// A whole document: `title` in its head, `more` script behind that of all pages.
pub(super) fn document(title: &str, colors: &Colors, body: &Markup, more: &[&str]) -> String {
    let script = format!("\"use strict\";\n(() => {{\n{}{}}})();", SCRIPTS.concat(), more.concat());
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="generator" content=(format!("blackstart {}", env!("CARGO_PKG_VERSION")));
                title { (shortened(title)) }
                style { (PreEscaped(include_str!("page.css"))) (PreEscaped(colors.css())) }
            }
            body {
                (body)
                div #tip role="status" aria-live="polite" hidden {}
                script { (PreEscaped(script)) }
            }
        }
    };
    page.into_string()
}

/// A list to choose from, with a first entry for all.
pub(super) fn list(id: &str, label: &str, all: &str, names: &[&str]) -> Markup {
    html! {
        span.pick {
            label for=(id) { (label) }
            " "
            select id=(id) {
                option value="" { (all) }
                @for (place, name) in names.iter().enumerate() { option value=(place) { (shortened(name)) } }
            }
        }
    }
}

/// Commands with what each gives.
pub(super) fn commands(commands: &[(String, String)]) -> Markup {
    html! {
        dl {
            @for (what, command) in commands { dt { (what) } dd { pre tabindex="0" { (command) } } }
        }
    }
}
