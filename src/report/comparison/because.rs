//! Because of what there is a difference: the causes with the largest parts in it, as far as they are told apart.

use super::share_text;
use crate::report::table::{MOST_NAMES, listed, seconds};
use crate::study::{CauseDifference, Difference, OnlyIn, Part};

/// From this share on causes are what a difference is mostly because of.
const MOSTLY: f64 = 0.5;
/// Below this share causes are no explanation.
const PARTLY: f64 = 0.05;
/// From this share on what only one of the two systems has is named, even if it initiates nothing.
const LARGE: f64 = 0.2;
/// Of two causes with few events the one with this part of the other's difference may be as large: 19 events against 8 are not
/// told apart (conditional binomial test, 5 %), and with fewer events even more uneven ones are not.
const FEW_EVENTS_APART: f64 = 8.0 / 19.0;

/// The causes with the largest part in a difference, if they explain any: ", mostly because ...".
pub(super) fn because(difference: &Difference) -> String {
    let leaders = leaders(&difference.causes, 1.0);
    let added = added(&difference.causes, &leaders);
    if share(&leaders) < PARTLY {
        return added.map_or_else(String::new, |added| format!(", partly because {added}"));
    }
    let how = if share(&leaders) >= MOSTLY { "mostly" } else { "partly" };
    let against = self::leaders(&difference.causes, -1.0);
    let against = (share(&against) <= -PARTLY).then(|| {
        let verb = if against.len() == 1 { "works" } else { "work" };
        format!("{} {verb} against it", names(&against))
    });
    let more: String = added.into_iter().chain(against).map(|more| format!("; {more}")).collect();
    let share = share_text(share(&leaders));
    format!(", {how} because {} {} ({share} of the difference{more})", names(&leaders), effect(&leaders))
}

/// Share of the difference that causes initiate together.
fn share(causes: &[&CauseDifference]) -> f64 {
    causes.iter().filter_map(|cause| cause.initiated.share).sum()
}

/// The cause that initiates most of the difference, or works most against it (`sign` -1), and those that may be as large.
fn leaders(causes: &[CauseDifference], sign: f64) -> Vec<&CauseDifference> {
    let part_of = |cause: &CauseDifference| sign * cause.initiated.share.unwrap_or(0.0);
    let mut all: Vec<&CauseDifference> = causes.iter().filter(|cause| part_of(cause) > 0.0).collect();
    all.sort_by(|a, b| part_of(b).total_cmp(&part_of(a)).then_with(|| a.cause.cmp(&b.cause)));
    let Some(first) = all.first().map(|cause| cause.initiated) else { return all };
    all.retain(|cause| may_be_as_large(&cause.initiated, &first));
    all
}

/// True if the intervals of both overlap: then chance could have put them in the other order, however the two hang together.
fn may_be_as_large(other: &Part, first: &Part) -> bool {
    match (other.interval, first.interval) {
        (Some(a), Some(b)) => a.low <= b.high && b.low <= a.high,
        _ => other.mean.abs() >= FEW_EVENTS_APART * first.mean.abs(),
    }
}

/// "\"a\"", "\"a\" and \"b\"": the largest of them, these by name, since their order is not told apart.
fn names(causes: &[&CauseDifference]) -> String {
    let mut names: Vec<String> = causes.iter().map(|cause| format!("\"{}\"", cause.cause)).collect();
    let named = names.len().min(MOST_NAMES);
    names[..named].sort();
    listed(&names, "and")
}

/// What the causes do in the design that they do not in the baseline.
fn effect(causes: &[&CauseDifference]) -> String {
    let all = |is_so: &dyn Fn(&Part) -> bool| causes.iter().all(|cause| is_so(&cause.initiated));
    let mean: f64 = causes.iter().map(|cause| cause.initiated.mean).sum();
    let (is_one, size) = (causes.len() == 1, seconds(mean.abs()));
    let more = if mean < 0.0 { "less" } else { "more" };
    match (all(&|part| part.second == 0.0), all(&|part| part.first == 0.0)) {
        (true, _) if is_one => "no longer takes them down".to_owned(),
        (true, _) => "no longer take them down".to_owned(),
        (_, true) if is_one => "now takes them down".to_owned(),
        (_, true) => "now take them down".to_owned(),
        _ if is_one => format!("initiates {size} {more}"),
        _ => format!("together initiate {size} {more}"),
    }
}

/// What only one of the two systems has, with a large share in what differs, unless it is named anyway.
fn added(causes: &[CauseDifference], named: &[&CauseDifference]) -> Option<String> {
    let shared = |cause: &CauseDifference| cause.shared.share.unwrap_or(0.0);
    let is_new = |cause: &&CauseDifference| {
        shared(cause) >= LARGE && !named.iter().any(|known| known.cause == cause.cause)
    };
    let new = causes.iter().filter(|cause| cause.only_in.is_some()).filter(is_new);
    let cause = new.max_by(|a, b| shared(a).total_cmp(&shared(b)))?;
    let place = match cause.only_in? {
        OnlyIn::Baseline => "the baseline",
        OnlyIn::Design => "the design",
    };
    Some(format!("\"{}\", only in {place}, shares {} of it", cause.cause, share_text(shared(cause))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{Interval, MeanEstimate};
    use crate::study::{Quantity, Verdict};

    fn part(first: f64, second: f64, half: Option<f64>, whole: f64) -> Part {
        let mean = second - first;
        Part {
            first,
            second,
            mean,
            interval: half.map(|half| Interval { low: mean - half, high: mean + half }),
            share: Some(mean / whole),
            share_interval: None,
        }
    }

    fn difference(causes: Vec<CauseDifference>) -> Difference {
        Difference {
            figure: Quantity::Down,
            journey: "buy".to_owned(),
            population: "town".to_owned(),
            first: 0.0,
            second: 0.0,
            difference: MeanEstimate::of(&[-1.0; 30], 0.95),
            ratio: None,
            better: 1.0,
            worse: 0.0,
            variance_reduction: None,
            p_value: 0.0,
            verdict: Verdict::Better,
            constant: None,
            excluded_above: None,
            causes,
        }
    }

    fn cause(name: &str, initiated: Part) -> CauseDifference {
        CauseDifference { cause: name.to_owned(), initiated, shared: initiated, only_in: None }
    }

    /// Hours before and after, half the interval of the difference, out of -60 h in all.
    fn said(causes: &[(&str, f64, f64, Option<f64>)]) -> String {
        let hour = 3_600.0;
        let of = |(name, first, second, half): &(&str, f64, f64, Option<f64>)| {
            cause(name, part(first * hour, second * hour, half.map(|half| half * hour), -60.0 * hour))
        };
        because(&difference(causes.iter().map(of).collect()))
    }

    #[test]
    fn causes_within_chance_of_the_first_are_named_with_it() {
        let half = Some(2.0);
        assert_eq!(
            said(&[("a", 50.0, 31.0, half), ("b", 50.0, 30.0, half), ("c", 50.0, 29.0, half)]),
            ", mostly because \"a\", \"b\" and \"c\" together initiate 2.5 d less (100 % of the difference)"
        );
        assert_eq!(
            said(&[("a", 40.0, 0.0, half), ("b", 20.0, 0.0, half)]),
            ", mostly because \"a\" no longer takes them down (67 % of the difference)"
        );
        assert_eq!(
            said(&[("a", 31.0, 0.0, half), ("b", 29.0, 0.0, half)]),
            ", mostly because \"a\" and \"b\" no longer take them down (100 % of the difference)"
        );
        let seven: Vec<(String, f64)> = (0..7).map(|k| (format!("c{k}"), 9.0)).collect();
        let seven: Vec<_> = seven.iter().map(|(name, saved)| (name.as_str(), *saved, 1.0, half)).collect();
        assert!(
            said(&seven).contains("\"c0\", \"c1\", \"c2\", \"c3\" and 3 more together initiate 2.3 d less")
        );
    }

    #[test]
    fn few_events_are_seldom_told_apart() {
        let of = |second: f64| said(&[("a", 40.0, 1.0, None), ("b", 40.0, second, None)]);
        assert!(of(40.0 - 20.0).contains("\"a\" and \"b\" together"));
        assert!(of(40.0 - 10.0).contains("because \"a\" initiates"));
    }

    #[test]
    fn what_works_against_it_may_be_several() {
        let half = Some(1.0);
        let said = said(&[("a", 90.0, 1.0, half), ("b", 0.0, 14.0, half), ("c", 1.0, 15.5, half)]);
        assert!(said.ends_with("(148 % of the difference; \"b\" and \"c\" work against it)"), "{said}");
    }

    #[test]
    fn what_is_added_is_named() {
        let new = |initiated: Part, shared: Part| CauseDifference {
            cause: "new".to_owned(),
            initiated,
            shared,
            only_in: Some(OnlyIn::Design),
        };
        let old = cause("old", part(0.0, 100.0, None, 100.0));
        let (none, most) = (part(0.0, 0.0, None, 100.0), part(0.0, 64.0, None, 100.0));
        assert_eq!(
            because(&difference(vec![old.clone(), new(none, most)])),
            ", mostly because \"old\" now takes them down (100 % of the difference; \"new\", only in the design, shares 64 % of it)"
        );
        assert_eq!(
            because(&difference(vec![new(none, most)])),
            ", partly because \"new\", only in the design, shares 64 % of it"
        );
        assert!(!because(&difference(vec![old.clone(), new(none, none)])).contains("new"));
        assert_eq!(because(&difference(Vec::new())), "");
    }
}
