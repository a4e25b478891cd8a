//! How clients try again, by figures or as a known client does.

use super::{optional, seconds_above_zero, small_count, variant};
use crate::scenario::decode::{
    self, Fields, Provenance, Spanned, amount, positive, spanned, string, unknown_name,
};
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::law_spec::LawKind;
use crate::scenario::spec::{BudgetSpec, MostSpec, RetriesSpec, WaitsSpec};
use crate::scenario::tree::Node;
use crate::scenario::unknown_counts::count;
use crate::scenario::unknowns::{Figure, figure};

/// Most retries of a request; each is a pool of waiting requests.
const MOST_TRIES: u32 = 50;

/// A known client.
struct Preset {
    name: &'static str,
    /// Retries after the first attempt.
    tries: u32,
    /// Wait before the first retry, and the longest, seconds.
    waits: (f64, f64),
    /// What the mean of its jitter leaves of a wait.
    jitter: f64,
    /// Set if a token bucket limits it: tokens for each success and most tokens of each client, in retries.
    bucket: Option<(f64, f64)>,
}

/// Waits double from retry to retry in all of them; docs/scenario.md has where each figure is from.
const PRESETS: [Preset; 4] = [
    Preset { name: "anthropic-python-sdk", tries: 2, waits: (0.5, 8.0), jitter: 0.875, bucket: None },
    Preset { name: "openai-python-sdk", tries: 2, waits: (0.5, 8.0), jitter: 0.875, bucket: None },
    // 500 tokens and 5 for each retry; a request that succeeds at once gives 1 back.
    Preset {
        name: "botocore-standard",
        tries: 2,
        waits: (1.0, 20.0),
        jitter: 0.5,
        bucket: Some((0.2, 100.0)),
    },
    Preset { name: "claude-code", tries: 10, waits: (0.5, 8.0), jitter: 0.875, bucket: None },
];

/// Retries: `Retries(tries: 2, backoff: "500ms", ...)` or `Preset("client")`.
pub(super) fn retries(node: &Node, found: &mut Diagnostics) -> Option<RetriesSpec> {
    match variant(node, "way to try again", &["Retries", "Preset"], found)? {
        "Preset" => preset(node, found),
        _ => own(node, found),
    }
}

fn preset(node: &Node, found: &mut Diagnostics) -> Option<RetriesSpec> {
    let mut fields = Fields::arguments(node, "`Preset(\"client\")`", &["client"], found)?;
    let name = fields.require("client").and_then(|n| spanned(n, found, string));
    fields.finish(found);
    let name = name?;
    let Some(preset) = PRESETS.iter().find(|preset| preset.name == name.value) else {
        let known: Vec<&str> = PRESETS.iter().map(|preset| preset.name).collect();
        unknown_name(&name.value, name.span, "client", &known, found);
        return None;
    };
    let (first, most) = preset.waits;
    let known = |wait: f64| Figure::known(wait * preset.jitter);
    let waits = WaitsSpec {
        tries: Figure::known(f64::from(preset.tries)),
        first: known(first),
        grows: Figure::known(2.0),
        most: known(most),
    };
    let budget = preset
        .bucket
        .map(|(ratio, most)| BudgetSpec { ratio: Figure::known(ratio), most: MostSpec::Each(most) });
    Some(RetriesSpec { waits, budget })
}

fn own(node: &Node, found: &mut Diagnostics) -> Option<RetriesSpec> {
    let mut fields = Fields::of(node, "`Retries(tries: ..., backoff: ...)`", found)?;
    let tries =
        fields.require_as("tries", "how many follow the first attempt").and_then(|n| count(n, found, tries));
    let backoff = fields.require_as("backoff", "the mean wait before the first of them");
    let backoff = backoff.and_then(|n| seconds_above_zero(n, found));
    let grows = optional(fields.take("grows"), found, |n, f| figure(n, LawKind::Number, f, positive));
    let most = optional(fields.take("most"), found, seconds_above_zero);
    let budget = optional(fields.take("budget"), found, budget);
    let _ = Provenance::take(&mut fields, found);
    fields.finish(found);
    let waits = WaitsSpec {
        tries: tries?.value,
        first: backoff?,
        grows: grows?.unwrap_or(Figure::known(1.0)),
        most: most?.unwrap_or(Figure::known(f64::INFINITY)),
    };
    let all: Vec<f64> = waits.corners().flat_map(|waits| waits.all()).collect();
    if let Some(wait) = all.iter().find(|wait| !wait.is_finite() || **wait <= 0.0) {
        let message = format!("a wait of {wait} s between two tries");
        found.error(node.span, message, "expected a `grows` nearer to 1, or a `most`");
        return None;
    }
    Some(RetriesSpec { waits, budget: budget? })
}

fn tries(node: &Node, found: &mut Diagnostics) -> Option<Spanned<u32>> {
    let count = small_count(node, found)?;
    if count.value > MOST_TRIES {
        let message = format!("`{}` is too many", count.value);
        found.error(node.span, message, format!("expected at most {MOST_TRIES}"));
        return None;
    }
    Some(count)
}

fn budget(node: &Node, found: &mut Diagnostics) -> Option<BudgetSpec> {
    let mut fields = Fields::plain(node, "a retry budget", found)?;
    let ratio = fields.require_as("ratio", "retries for each request that succeeds");
    let ratio = ratio.and_then(|n| figure(n, LawKind::Ratio, found, decode::ratio));
    let most = fields.require_as("most", "most retries that can be saved up, of all users together");
    let most = most.and_then(|n| figure(n, LawKind::Amount, found, amount));
    let _ = Provenance::take(&mut fields, found);
    fields.finish(found);
    Some(BudgetSpec { ratio: ratio?, most: MostSpec::Together(most?) })
}
