//! The story for reading.

use std::fmt::Write as _;

use super::clock::{calendar_seconds, since_start};
use super::fold::{Line, lines};
use super::words::cause;
use crate::measure::{Story, UsageFigures};
use crate::model::{Model, UsageId};
use crate::report::table::table;
use crate::study::{Picked, Rank, Trace};
use crate::time::SimTime;
use crate::units::{show_count, show_counted, show_percent, show_span};

/// Numbers of initiating events that a line lists.
const LISTED_EVENTS: usize = 6;
/// Causes that are named in the closing table.
const NAMED_CAUSES: usize = 3;

/// The story of a replication as plain text; `full`: nothing folded, nothing left out.
#[must_use]
pub fn trace_text(model: &Model, trace: &Trace, full: bool) -> String {
    let mut text = heading(model, trace);
    let lines = lines(model, &trace.story, full);
    left_out(&trace.story, full, &mut text);
    text.push('\n');
    story(model, trace, &lines, &mut text);
    text.push('\n');
    text.push_str(&closing(model, trace));
    text
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

fn story(model: &Model, trace: &Trace, lines: &[Line], text: &mut String) {
    let longest = since_start(model.horizon).len();
    let mut before = None;
    for line in lines {
        let calendar = calendar_seconds(model, line.at).unwrap_or_else(|| " ".repeat(19));
        let stamp = format!("{calendar}  {:>longest$}", since_start(line.at));
        // Said once for what happens at one instant.
        let shown = if before == Some(line.at) { String::new() } else { stamp.clone() };
        before = Some(line.at);
        let width = stamp.len();
        let _ = writeln!(text, "{shown:width$}  {}", told(model, trace, line));
    }
}

fn told(model: &Model, trace: &Trace, line: &Line) -> String {
    if let Some(event) = line.begins {
        return format!("#{event} {}", line.words());
    }
    let because = because(model, &trace.story, line);
    if line.depth > 3 {
        return format!(">> {}{because}", line.words());
    }
    format!("{}{}{because}", "  ".repeat(usize::from(line.depth)), line.words())
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
        None => format!("  [{}]", list(&|event| format!("#{event}"))),
    }
}

/// A line per journey and population.
fn closing(model: &Model, trace: &Trace) -> String {
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
    table(&["", "initiated by", "down", "outages", "degraded"], &rows, 2)
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
