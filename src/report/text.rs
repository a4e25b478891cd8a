//! A run for the terminal: the sentence first, then the figures, the causes, and where the time goes.

use std::fmt::Write as _;

use super::data::data_at_risk;
use super::load::load_text;
use super::network::network_text;
use super::table::{mean_seconds, part, quantile_seconds, seconds, share, table, with_interval};
use crate::stats::MeanEstimate;
use crate::study::{CauseShare, ENOUGH_EVENTS, JourneySummary, Precision, StoppedBy, Summary};
use crate::units::{show_count, show_counted, show_percent, show_short, show_span};

/// Causes that are listed by name; the rest is added up.
const LISTED_CAUSES: usize = 12;
/// Share of downtime that a cause must have, in either column, to be listed.
const LISTED_SHARE: f64 = 0.005;
/// Populations that get a sentence.
const SENTENCES: usize = 4;
/// Nines are printed from this horizon on, seconds.
const NINES_FROM_S: f64 = 30.0 * 86_400.0;

/// The report of a run as plain text.
#[must_use]
pub fn summary_text(summary: &Summary) -> String {
    let mut text = String::new();
    headline(summary, &mut text);
    let _ = writeln!(
        text,
        "{}, seed {}, {}, stopped by: {}{}",
        show_counted(summary.replications, "replication"),
        summary.seed,
        show_span(summary.horizon_s * 1e6),
        summary.stopped_by,
        partial(summary.stopped_by)
    );
    for precision in &summary.precision {
        let _ = writeln!(text, "precision: {}", precision_text(precision));
    }
    text.push('\n');
    text.push_str(&journeys(summary));
    censored(summary, &mut text);
    causes(summary, &mut text);
    stages(summary, &mut text);
    blast_radius(summary, &mut text);
    slow(summary, &mut text);
    load_text(summary, &mut text);
    if let Some(network) = &summary.network {
        text += &network_text(network);
    }
    if let Some(data) = &summary.data {
        data_at_risk(data, summary.horizon_s, &mut text);
    }
    text
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
        // Narrow by chance does not count.
        Some(is) if is <= precision.asked => format!(
            "{figure} ±{} on fewer than {ENOUGH_EVENTS} replications with downtime (asked {asked}, not reached)",
            show_percent(is)
        ),
        Some(is) => format!("{figure} ±{} (asked {asked}, not reached)", show_percent(is)),
    }
}

/// For each population what it loses most of, how sure that is, and because of what; largest loss first.
fn headline(summary: &Summary, text: &mut String) {
    let mut worst: Vec<&JourneySummary> = Vec::new();
    for journey in &summary.journeys {
        match worst.iter_mut().find(|w| w.population == journey.population) {
            Some(w) if w.down_s.mean < journey.down_s.mean => *w = journey,
            Some(_) => {}
            None => worst.push(journey),
        }
    }
    worst.sort_by(|a, b| b.down_s.mean.total_cmp(&a.down_s.mean));
    for journey in worst.iter().take(SENTENCES) {
        let _ = write!(text, "{}", sentence(journey));
        if let Some(cause) = journey.causes.first().filter(|_| journey.down_s.non_zero > 0) {
            let _ = write!(text, "; {} of it from \"{}\"", part(cause.initiated), cause.cause);
        }
        text.push_str(".\n");
    }
    if worst.is_empty() {
        text.push_str("No users are described, so nothing is lost.\n");
    }
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
            format!("{who} lose {mean} of {} (95 % interval {ends})", worst.journey)
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

fn journeys(summary: &Summary) -> String {
    let nines = summary.horizon_s >= NINES_FROM_S;
    let budget = if nines { "availability" } else { "of the month's error budget" };
    let header = ["", "", "down, mean", "median", "p90", "p99", budget, "users hit, peak"];
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
    table(&header, &rows, 2)
}

fn budget_share(journey: &JourneySummary) -> String {
    journey.budget.as_ref().map_or_else(|| "no objective".to_owned(), |b| show_percent(b.worst_month))
}

fn censored(summary: &Summary, text: &mut String) {
    let open: Vec<String> = summary
        .journeys
        .iter()
        .filter(|j| j.censored > 0.0)
        .map(|j| format!("{} {} in {}", j.journey, j.population, show_percent(j.censored)))
        .collect();
    if !open.is_empty() {
        let _ = writeln!(text, "still down at the horizon (lengths are lower bounds): {}", open.join(", "));
    }
}

/// Journeys whose requests take too long on the network.
fn slow(summary: &Summary, text: &mut String) {
    let slow =
        |j: &JourneySummary| j.above_latency_limit_s.as_ref().filter(|s| s.non_zero > 0).map(mean_seconds);
    let rows =
        summary.journeys.iter().filter_map(|j| Some(vec![j.journey.clone(), j.population.clone(), slow(j)?]));
    let rows: Vec<Vec<String>> = rows.collect();
    if !rows.is_empty() {
        text.push('\n');
        text.push_str(&table(&["slower than the limit", "", "mean"], &rows, 2));
    }
}

/// Two columns that each add up to 100 %.
fn causes(summary: &Summary, text: &mut String) {
    if summary.causes.is_empty() {
        return;
    }
    text.push('\n');
    let (listed, rest): (Vec<_>, Vec<_>) = summary.causes.iter().partition(|c| is_listed(summary, c));
    let mut rows: Vec<Vec<String>> = listed.into_iter().map(cause_row).collect();
    if !rest.is_empty() {
        let sum = |f: fn(&CauseShare) -> f64| rest.iter().map(|c| f(c)).sum::<f64>();
        rows.push(vec![
            format!("{} other{}", rest.len(), if rest.len() == 1 { "" } else { "s" }),
            part(sum(|c| c.initiated)),
            part(sum(|c| c.shared)),
            events(sum(|c| c.events)),
        ]);
    }
    let header = ["causes of downtime, by users", "initiated", "shared", "events"];
    text.push_str(&table(&header, &rows, 1));
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

fn stages(summary: &Summary, text: &mut String) {
    let with_downtime: Vec<&JourneySummary> =
        summary.journeys.iter().filter(|j| !j.stages.is_empty()).collect();
    if with_downtime.is_empty() {
        return;
    }
    text.push_str("\nwhere the time goes\n");
    let rows: Vec<Vec<String>> = with_downtime
        .iter()
        .map(|j| {
            let parts: Vec<String> =
                j.stages.iter().map(|s| format!("{} {}", s.stage, part(s.share))).collect();
            vec![j.journey.clone(), j.population.clone(), parts.join(", ")]
        })
        .collect();
    text.push_str(&table(&["", "", ""], &rows, 3).lines().skip(1).fold(String::new(), |t, l| t + l + "\n"));
}

/// Initiating event by journey and population: probability of impact and user-minutes of downtime.
fn blast_radius(summary: &Summary, text: &mut String) {
    let usages: Vec<&JourneySummary> = summary.journeys.iter().filter(|j| !j.causes.is_empty()).collect();
    if usages.is_empty() {
        return;
    }
    text.push_str("\nblast radius: probability of downtime, user-minutes down\n");
    let names: Vec<String> = usages.iter().map(|j| format!("{} {}", j.journey, j.population)).collect();
    let mut header = vec![""];
    header.extend(names.iter().map(String::as_str));
    let rows: Vec<Vec<String>> = summary
        .causes
        .iter()
        .filter(|c| is_listed(summary, c))
        .map(|cause| {
            let cell = |j: &&JourneySummary| match j.causes.iter().find(|c| c.cause == cause.cause) {
                Some(c) => format!("{}, {}", part(c.impact_probability), show_short(c.user_minutes_down)),
                None => "-".to_owned(),
            };
            std::iter::once(cause.cause.clone()).chain(usages.iter().map(cell)).collect()
        })
        .collect();
    text.push_str(&table(&header, &rows, 1));
}
