//! A run for the terminal: the sentence first, then the figures, the causes, and where the time goes.

use jiff::Timestamp;

use super::drawn::{bar, line};
use super::grid::{Cell, Column, Grid};
use super::page::Page;
use super::sheet::{Section, Sheet};
use super::skewed::{aside, run_skew_note};
use super::table::{mean_seconds, part, quantile_seconds, seconds, share, with_interval};
use super::{cost, data, load, network, uncertain};
use crate::stats::MeanEstimate;
use crate::study::{CauseShare, CurvePoint, ENOUGH_EVENTS, JourneySummary, Precision, StoppedBy, Summary};
use crate::units::{show_count, show_counted, show_percent, show_short, show_span};

/// Causes that are listed by name; the rest is added up.
const LISTED_CAUSES: usize = 12;
/// Share of downtime that a cause must have, in either column, to be listed.
const LISTED_SHARE: f64 = 0.005;
/// Instants of success over time that the text shows; those of a run that keeps [`CURVE_POINTS`] are among them.
///
/// [`CURVE_POINTS`]: crate::study::CURVE_POINTS
pub const TEXT_CURVE_POINTS: usize = 97;
/// Share of failing requests, and number of replications that fail whole, from which a line is drawn: below, it is chance.
const SEEN: f64 = 0.01;
const SEEN_REPLICATIONS: f64 = 5.0;
/// How many of them a character stands for.
const INSTANTS_OF_A_CHARACTER: usize = 3;
/// Populations that get a sentence.
const SENTENCES: usize = 4;
/// Nines are printed from this horizon on, seconds.
const NINES_FROM_S: f64 = 30.0 * 86_400.0;

/// The report of a run for a terminal.
#[must_use]
pub fn summary_text(summary: &Summary, page: Page) -> String {
    sheet(summary).text(page)
}

/// The report of a run, before it is laid out.
pub(super) fn sheet(summary: &Summary) -> Sheet {
    let played = format!(
        "{}, seed {}, {}, stopped by: {}{}",
        show_counted(summary.replications, "replication"),
        summary.seed,
        show_span(summary.horizon_s * 1e6),
        summary.stopped_by,
        partial(summary.stopped_by)
    );
    let precision = summary.precision.iter().map(|goal| format!("precision: {}", precision_text(goal)));
    let sections =
        [journeys(summary), causes(summary), failing_users(summary), stages(summary), blast_radius(summary)];
    let mut sections: Vec<Section> = sections.into_iter().flatten().collect();
    sections.extend(chapters(summary).into_iter().flat_map(|chapter| chapter.sections));
    Sheet {
        sentences: summary_sentences(summary),
        head: std::iter::once(played).chain(precision).collect(),
        sections,
    }
}

/// Sections on one subject, for a report that has a heading for each.
#[derive(Debug)]
pub struct Chapter {
    /// What it is about.
    pub title: &'static str,
    /// Its sections.
    pub sections: Vec<Section>,
}

/// What is said only of scenarios that have it: latency and load, network, what nobody knows, cost, data.
#[must_use]
pub fn chapters(summary: &Summary) -> Vec<Chapter> {
    let network = summary.network.iter().flat_map(network::sections).collect();
    let data = summary.data.iter().map(|data| data::section(data, summary.horizon_s)).collect();
    let all = [
        ("Latency", slow(summary).into_iter().collect()),
        ("Load", load::sections(summary)),
        ("Network", network),
        ("What we do not know", uncertain::section(summary).into_iter().collect()),
        ("Cost", summary.cost.as_ref().map(cost::section).into_iter().collect()),
        ("Data", data),
    ];
    let chapters = all.into_iter().map(|(title, sections): (_, Vec<Section>)| Chapter { title, sections });
    chapters.filter(|chapter| !chapter.sections.is_empty()).collect()
}

/// What is said of results that the user ended before they were complete.
pub(super) const fn partial(stopped_by: StoppedBy) -> &'static str {
    match stopped_by {
        StoppedBy::Interrupted => " (partial results)",
        _ => "",
    }
}

/// How precise a figure is beside what was asked: "down:chat:gulf ±1.9 % (asked 2 %)".
#[must_use]
pub fn precision_text(precision: &Precision) -> String {
    let figure = precision.figure.as_deref().unwrap_or("no figure");
    let asked = show_percent(precision.asked);
    match precision.is {
        None => format!("{figure} few events (asked {asked}, not reached)"),
        Some(is) if precision.reached => format!("{figure} ±{} (asked {asked})", show_percent(is)),
        // Nor does what is too narrow, or narrow by chance.
        Some(is) if precision.skewed => format!(
            "{figure} ±{}, perhaps more, as it rests on few long outages (asked {asked}, not reached)",
            show_percent(is)
        ),
        Some(is) if is <= precision.asked => format!(
            "{figure} ±{} on fewer than {ENOUGH_EVENTS} replications with downtime (asked {asked}, not reached)",
            show_percent(is)
        ),
        Some(is) => format!("{figure} ±{} (asked {asked}, not reached)", show_percent(is)),
    }
}

/// For each population what it loses most of, how sure that is, and because of what; largest loss first.
#[must_use]
pub fn summary_sentences(summary: &Summary) -> Vec<String> {
    let mut worst: Vec<&JourneySummary> = Vec::new();
    for journey in &summary.journeys {
        match worst.iter_mut().find(|w| w.population == journey.population) {
            Some(w) if w.down_s.mean < journey.down_s.mean => *w = journey,
            Some(_) => {}
            None => worst.push(journey),
        }
    }
    if worst.is_empty() {
        return vec!["No users are described, so nothing is lost.".to_owned()];
    }
    worst.sort_by(|a, b| b.down_s.mean.total_cmp(&a.down_s.mean));
    let because = |journey: &JourneySummary| match journey.causes.first() {
        Some(cause) if journey.down_s.non_zero > 0 => {
            format!("; {} of it from \"{}\"", part(cause.initiated), cause.cause)
        }
        _ => String::new(),
    };
    worst
        .iter()
        .take(SENTENCES)
        .map(|journey| format!("{}{}.", sentence(journey), because(journey)))
        .collect()
}

fn sentence(worst: &JourneySummary) -> String {
    let who = format!("Users in {}", worst.population);
    let down: &MeanEstimate = &worst.down_s;
    if down.non_zero == 0 {
        let bound = show_percent(worst.impact.interval.high);
        let played = show_counted(down.replications, "replication");
        return format!("{who} were never down in {played} (probability below {bound})");
    }
    match &down.interval {
        Some(interval) => {
            let (mean, ends) = with_interval(down.mean, interval);
            format!("{who} lose {mean} of {} (95 % interval {ends}{})", worst.journey, aside(down))
        }
        None => format!(
            "{who} lose {} of {}, but that rests on few events: {} of {} (95 % interval of the probability {} to {})",
            seconds(down.mean),
            worst.journey,
            show_count(down.non_zero),
            show_counted(down.replications, "replication"),
            show_percent(worst.impact.interval.low),
            show_percent(worst.impact.interval.high)
        ),
    }
}

fn journeys(summary: &Summary) -> Option<Section> {
    let nines = summary.horizon_s >= NINES_FROM_S;
    let columns = vec![
        Column::names(""),
        Column::names(""),
        Column::values("down, mean"),
        Column::values("median"),
        Column::values("p90"),
        Column::values("p99"),
        Column::values(if nines { "availability" } else { "error budget" }),
        Column::values("users hit, peak"),
    ];
    let row = |j: &JourneySummary| {
        vec![
            j.journey.clone(),
            j.population.clone(),
            mean_seconds(&j.down_s),
            quantile_seconds(j.down_p50_s.value),
            quantile_seconds(j.down_p90_s.value),
            quantile_seconds(j.down_p99_s.value),
            if nines { show_percent(j.availability) } else { budget_share(j) },
            part(j.peak_error),
        ]
    };
    let rows: Vec<Vec<String>> = summary.journeys.iter().map(row).collect();
    let notes = || censored(summary).into_iter().chain(run_skew_note(summary)).collect();
    (!rows.is_empty()).then(|| Section::of(Grid::of(columns, rows), notes()))
}

fn budget_share(journey: &JourneySummary) -> String {
    journey.budget.as_ref().map_or_else(|| "no objective".to_owned(), |b| show_percent(b.worst_month))
}

fn censored(summary: &Summary) -> Vec<String> {
    let open: Vec<String> = summary
        .journeys
        .iter()
        .filter(|j| j.censored > 0.0)
        .map(|j| format!("{} {} in {}", j.journey, j.population, show_percent(j.censored)))
        .collect();
    if open.is_empty() {
        return Vec::new();
    }
    vec![format!("still down at the horizon (lengths are lower bounds): {}", open.join(", "))]
}

/// Journeys whose requests take too long on the network.
fn slow(summary: &Summary) -> Option<Section> {
    let row = |j: &JourneySummary| {
        let slow = j.above_latency_limit_s.as_ref().filter(|s| s.non_zero > 0)?;
        let mean = Cell::value(mean_seconds(slow), slow.mean, "s");
        Some(vec![j.journey.clone().into(), j.population.clone().into(), mean])
    };
    let rows: Vec<Vec<Cell>> = summary.journeys.iter().filter_map(row).collect();
    let columns = vec![Column::names("slower than the limit"), Column::names(""), Column::values("mean")];
    (!rows.is_empty()).then(|| Section::of(Grid::of(columns, rows), Vec::new()))
}

/// Two columns that each add up to 100 %.
fn causes(summary: &Summary) -> Option<Section> {
    if summary.causes.is_empty() {
        return None;
    }
    let (listed, rest): (Vec<_>, Vec<_>) = summary.causes.iter().partition(|c| is_listed(summary, c));
    let mut rows: Vec<Vec<String>> = listed.into_iter().map(cause_row).collect();
    if !rest.is_empty() {
        let sum = |f: fn(&CauseShare) -> f64| rest.iter().map(|c| f(c)).sum::<f64>();
        let initiated = sum(|c| c.initiated);
        rows.push(vec![
            format!("{} other{}", rest.len(), if rest.len() == 1 { "" } else { "s" }),
            part(initiated),
            bar(initiated),
            part(sum(|c| c.shared)),
            events(sum(|c| c.events)),
        ]);
    }
    let columns = vec![
        Column::names("causes of downtime, by users"),
        Column::values("initiated"),
        Column::bars(""),
        Column::values("shared"),
        Column::values("events"),
    ];
    Some(Section::of(Grid::of(columns, rows), Vec::new()))
}

/// True for causes that a reader should see by name.
fn is_listed(summary: &Summary, cause: &CauseShare) -> bool {
    let matters = |c: &CauseShare| c.initiated.max(c.shared) >= LISTED_SHARE;
    let first = || summary.causes.iter().filter(|c| matters(c)).take(LISTED_CAUSES);
    first().any(|c| c.cause == cause.cause)
}

fn cause_row(cause: &CauseShare) -> Vec<String> {
    vec![
        cause.cause.clone(),
        share(cause.initiated, cause.initiated_interval),
        bar(cause.initiated),
        share(cause.shared, cause.shared_interval),
        events(cause.events),
    ]
}

/// Mean number of occurrences in a replication.
fn events(mean: f64) -> String {
    match mean {
        m if m == m.round() && m < 1e6 => format!("{m:.1}"),
        m if m >= 0.095 => format!("{m:.2}"),
        m => format!("{m:.1e}"),
    }
}

fn stages(summary: &Summary) -> Option<Section> {
    let with_downtime = summary.journeys.iter().filter(|j| !j.stages.is_empty());
    let row = |j: &JourneySummary| {
        let parts: Vec<String> = j.stages.iter().map(|s| format!("{} {}", s.stage, part(s.share))).collect();
        vec![j.journey.clone(), j.population.clone(), parts.join(", ")]
    };
    let rows: Vec<Vec<String>> = with_downtime.map(row).collect();
    let columns = vec![Column::names(""), Column::names(""), Column::text("")];
    (!rows.is_empty()).then(|| Section::titled("where the time goes", Grid::of(columns, rows)))
}

/// Share of failing requests over time, where the scenario says when things happen.
fn failing_users(summary: &Summary) -> Option<Section> {
    if summary.hazards.is_empty() {
        return None;
    }
    let rows: Vec<Vec<String>> = summary.journeys.iter().filter_map(|j| failing_row(summary, j)).collect();
    let columns = vec![
        Column::names("users failing"),
        Column::names(""),
        Column::bars("from start to horizon"),
        Column::values("most"),
        Column::values("at, UTC"),
    ];
    (!rows.is_empty()).then(|| Section::of(Grid::of(columns, rows), Vec::new()))
}

/// The line of one journey, to its own height; nothing if no request ever fails, or if that was not kept.
fn failing_row(summary: &Summary, journey: &JourneySummary) -> Option<Vec<String>> {
    let points = &journey.curve.as_ref()?.points;
    let failing = |point: &CurvePoint| (1.0 - point.mean).max(0.0);
    // The same instants however many were kept.
    let every = (points.len().saturating_sub(1) / (TEXT_CURVE_POINTS - 1)).max(1);
    let points: Vec<&CurvePoint> = points.iter().step_by(every).collect();
    let most =
        points.iter().max_by(|a, b| failing(a).total_cmp(&failing(b)).then(b.at_s.total_cmp(&a.at_s)))?;
    let height = failing(most);
    if height < SEEN.max(SEEN_REPLICATIONS / summary.replications as f64) {
        return None;
    }
    let cell = |points: &[&CurvePoint]| points.iter().map(|point| failing(point)).fold(0.0, f64::max);
    let cells: Vec<f64> = points.chunks(INSTANTS_OF_A_CHARACTER).map(cell).collect();
    Some(vec![
        journey.journey.clone(),
        journey.population.clone(),
        line(&cells, height),
        part(height),
        clock_time(summary.start_unix_s + most.at_s),
    ])
}

/// "2026-03-01 12:45", UTC; nothing beyond the calendar.
pub(super) fn clock_time(unix_s: f64) -> String {
    let time = Timestamp::from_second(unix_s.floor() as i64);
    time.map_or_else(|_| "-".to_owned(), |time| time.strftime("%Y-%m-%d %H:%M").to_string())
}

/// Initiating event by journey and population: probability of impact and user-minutes of downtime.
fn blast_radius(summary: &Summary) -> Option<Section> {
    let usages: Vec<&JourneySummary> = summary.journeys.iter().filter(|j| !j.causes.is_empty()).collect();
    let usage = |j: &&JourneySummary| Column::values(&format!("{} {}", j.journey, j.population));
    let columns = std::iter::once(Column::names("")).chain(usages.iter().map(usage)).collect();
    let row = |cause: &CauseShare| -> Vec<String> {
        let cell = |j: &&JourneySummary| match j.causes.iter().find(|c| c.cause == cause.cause) {
            Some(c) => format!("{}, {}", part(c.impact_probability), show_short(c.user_minutes_down)),
            None => "-".to_owned(),
        };
        std::iter::once(cause.cause.clone()).chain(usages.iter().map(cell)).collect()
    };
    let rows = summary.causes.iter().filter(|c| is_listed(summary, c)).map(row).collect();
    let title = "blast radius: probability of downtime, user-minutes down";
    (!usages.is_empty()).then(|| Section::titled(title, Grid::of(columns, rows)))
}
