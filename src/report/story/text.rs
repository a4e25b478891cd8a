//! The story for reading.

use std::fmt::Write as _;

use super::clock::{calendar_seconds, since_start};
use super::fold::{Line, lines};
use super::words::cause;
use crate::measure::{Story, UsageFigures};
use crate::model::{Model, UsageId};
use crate::report::grid::{Column, Grid};
use crate::report::page::{Page, Tone};
use crate::report::wrap::{columns, indented};
use crate::study::{Picked, Rank, Trace};
use crate::time::SimTime;
use crate::units::{show_count, show_counted, show_percent, show_span};

/// Numbers of initiating events that a line lists.
const LISTED_EVENTS: usize = 6;
/// From this width on there is room for the time beside what happened.
const BESIDE: usize = 120;
/// How much further in the following lines of what happened stand.
const HANGING: usize = 2;
/// Causes that are named in the closing table.
const NAMED_CAUSES: usize = 3;

/// The story of a replication for a terminal; `full`: nothing folded, nothing left out.
#[must_use]
pub fn trace_text(model: &Model, trace: &Trace, full: bool, page: Page) -> String {
    let mut head = heading(model, trace);
    left_out(&trace.story, full, &mut head);
    // An empty line stays one.
    let paragraph = |line: &str| indented(line, (0, 2), page.columns);
    let mut text: String = head.lines().map(paragraph).collect();
    text.push('\n');
    story(model, trace, &lines(model, &trace.story, full), page, &mut text);
    text.push('\n');
    text.push_str(&closing(model, trace).text(page.columns));
    page.finished(&text)
}

fn heading(model: &Model, trace: &Trace) -> String {
    let why = trace.picked.as_ref().map(|picked| format!(": {}", reason(picked))).unwrap_or_default();
    let start = calendar_seconds(model, SimTime::START).unwrap_or_default();
    format!(
        "{}\nseed {}, replication {}{why}\nfrom {start} UTC on, {}\n\n\
         #3 is an initiating event and its number, [#3] means because of it, >> is what users see.\n",
        model.title,
        trace.seed,
        show_count(trace.replication),
        show_span(model.horizon.micros() as f64),
    )
}

/// Why a replication was picked.
fn reason(picked: &Picked) -> String {
    let rank = match picked.rank {
        Rank::Worst => "the worst",
        Rank::Median => "the median",
        Rank::P99 => "the 99 % quantile",
    };
    let value = if picked.is_time {
        show_span(picked.value * 1e6)
    } else {
        show_count(libm::round(picked.value) as u64)
    };
    format!("{rank} of {} by {}, which is {value}", show_count(picked.replications), picked.figure)
}

fn left_out(story: &Story, full: bool, text: &mut String) {
    let failures = || story.events.iter().skip(1).filter(|e| !e.is_response);
    let all = failures().count();
    let reached = failures().filter(|e| e.reached_users).count();
    if reached == 0 {
        text.push_str("No user was down or degraded.\n");
    }
    if !full && reached < all {
        let events = show_counted(all as u64, "initiating event");
        let _ = writeln!(
            text,
            "Of {events}, {} never reached users; --full tells them too.",
            show_count((all - reached) as u64)
        );
    }
}

/// Lines with the time beside them, or on a narrow page under it; said once for what happens at one instant.
fn story(model: &Model, trace: &Trace, lines: &[Line], page: Page, text: &mut String) {
    let longest = since_start(model.horizon).len();
    let is_beside = page.columns >= BESIDE;
    let mut before = None;
    for line in lines {
        let calendar = calendar_seconds(model, line.at).unwrap_or_else(|| " ".repeat(19));
        let stamp = format!("{calendar}  {:>longest$}", since_start(line.at));
        let shown = if before == Some(line.at) { "" } else { stamp.as_str() };
        before = Some(line.at);
        let (deep, told) = told(model, trace, line);
        let indent = deep + if is_beside { columns(&stamp) + 2 } else { 2 };
        let told = indented(&told, (indent, indent + HANGING), page.columns);
        text.push_str(shown);
        if is_beside {
            // The time stands in the first line's indentation.
            text.push_str(told.get(shown.len()..).unwrap_or_default());
        } else {
            text.push_str(if shown.is_empty() { "" } else { "\n" });
            text.push_str(&told);
        }
    }
}

/// What a line says, and how far in it stands.
fn told(model: &Model, trace: &Trace, line: &Line) -> (usize, String) {
    if let Some(event) = line.begins {
        return (0, Tone::Strong.of(&format!("#{event}")) + " " + &line.words());
    }
    let because = because(model, &trace.story, line);
    if line.depth > 3 {
        return (0, format!(">> {}{because}", standing_out(&line.words())));
    }
    (2 * usize::from(line.depth), line.words() + &because)
}

/// What users see, with the word that says how they are.
fn standing_out(words: &str) -> String {
    let tones = [("DOWN", Tone::Bad), ("DEGRADED", Tone::Unsure), ("UP", Tone::Good)];
    let says = |state: &str| words.find(&format!(": {state}")).map(|at| at + 2);
    match tones.into_iter().find_map(|(state, tone)| Some((says(state)?, state, tone))) {
        Some((at, state, tone)) => {
            format!("{}{}{}", &words[..at], tone.of(state), &words[at + state.len()..])
        }
        None => words.to_owned(),
    }
}

/// "[#3, #9]"; where users are hit, in words.
fn because(model: &Model, story: &Story, line: &Line) -> String {
    let name = |event: u32| format!("#{event} {}", cause(model, story, event));
    let others: Vec<u32> =
        line.events.iter().copied().filter(|e| *e > 0 && Some(*e) != line.initiator).collect();
    let list = |tell: &dyn Fn(u32) -> String| {
        let mut list = others.iter().take(LISTED_EVENTS).map(|e| tell(*e)).collect::<Vec<_>>().join(", ");
        if others.len() > LISTED_EVENTS {
            let _ = write!(list, " and {} others", others.len() - LISTED_EVENTS);
        }
        list
    };
    match line.initiator {
        Some(0) => "; no initiating event".to_owned(),
        Some(initiator) if others.is_empty() => format!("; initiated by {}", name(initiator)),
        Some(initiator) => format!("; initiated by {}, with {}", name(initiator), list(&name)),
        None if others.is_empty() => String::new(),
        None if line.depth > 3 && !line.is_relief => format!("; because of {}", list(&name)),
        // The second space stays at the bracket wherever the line breaks.
        None => format!(" \u{a0}[{}]", list(&|event| format!("#{event}"))),
    }
}

/// A line per journey and population.
fn closing(model: &Model, trace: &Trace) -> Grid {
    let rows: Vec<Vec<String>> = trace
        .figures
        .usages
        .iter()
        .enumerate()
        .map(|(index, figures)| {
            let (journey, population) = model.usage_name(UsageId::at(index));
            let down = show_span(figures.down.micros_f64());
            let down = if figures.censored { format!("> {down}") } else { down };
            vec![
                format!("{journey} {population}"),
                initiated_by(model, figures),
                down,
                show_count(figures.outages.len() as u64),
                show_span(figures.degraded.micros_f64()),
            ]
        })
        .collect();
    let columns = vec![
        Column::names(""),
        Column::text("initiated by"),
        Column::values("down"),
        Column::values("outages"),
        Column::values("degraded"),
    ];
    Grid::of(columns, rows)
}

/// Causes of the outages, largest downtime first.
fn initiated_by(model: &Model, figures: &UsageFigures) -> String {
    let mut causes: Vec<_> = figures.causes.iter().filter(|c| c.initiated > 0.0).collect();
    causes.sort_by(|a, b| b.initiated.total_cmp(&a.initiated).then(a.cause.cmp(&b.cause)));
    let down = figures.down.micros_f64();
    let named = causes.iter().take(NAMED_CAUSES).map(|c| {
        let name = &model.causes[c.cause.index()];
        if causes.len() == 1 { name.clone() } else { format!("{name} {}", show_percent(c.initiated / down)) }
    });
    let mut text = named.collect::<Vec<_>>().join(", ");
    if causes.len() > NAMED_CAUSES {
        let _ = write!(text, " and {} others", causes.len() - NAMED_CAUSES);
    }
    if text.is_empty() { "-".to_owned() } else { text }
}
