//! What stands where in a scenario, and what is meant where nothing stands: for whoever walks over a tree that has
//! been read without errors.

use std::collections::BTreeSet;

use super::law_spec::{LAW_NAMES, LawKind};
use super::tree::{Node, Value};

/// What a value is, by its place.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape {
    /// Nothing of it has defaults or is a law.
    Plain,
    /// A law of durations.
    Time,
    /// A law of shares.
    Share,
    /// A law of plain numbers.
    Number,
    /// A struct with these fields.
    Fields(&'static Record),
    /// A map to values of one shape.
    Map(&'static Shape),
    /// A list of values of one shape.
    List(&'static Shape),
    /// Needs or a condition.
    Expression,
    /// `Calendar`, `Operating`, `While(condition)`.
    Clock,
    /// `Down`, `Capacity(share)`, `Errors(share)`.
    Effect,
    /// A law, a crew or steps.
    Repair,
    /// `Every(law)`, `When(condition)`, or known times.
    Occurs,
    /// Strikes, all or one of them.
    Strikes,
    /// A service, whose fields depend on its scope.
    Service,
    /// Copies of a region's data: one, or a list.
    Copies,
    /// Calls of a journey.
    Calls,
    /// A share, or fields.
    Objective,
    /// `Calm(...)`.
    Undo,
    /// `Retries(...)` or `Preset(client)`.
    Retries,
}

/// A struct's fields.
#[derive(Debug)]
pub(super) struct Record {
    /// In the order of docs/scenario.md.
    pub(super) fields: &'static [Field],
    /// True where the struct is a figure itself: when something happens.
    pub(super) is_figure: bool,
}

/// A field.
#[derive(Debug)]
pub(super) struct Field {
    /// Its name.
    pub(super) name: &'static str,
    /// Its value's shape.
    pub(super) shape: Shape,
    /// What is meant where it is missing.
    pub(super) otherwise: Otherwise,
}

/// What is meant where a field is missing.
#[derive(Debug, Clone, Copy)]
pub(super) enum Otherwise {
    /// It cannot be missing, or says nothing of its own.
    Nothing,
    /// This value.
    Value(&'static str),
    /// What no value can say.
    Words(&'static str),
    /// `Aged` or `New`, depending on the hazards.
    Start,
    /// What no value can say, and only where another field stands.
    Beside(&'static str, &'static str),
    /// This value, but nothing where another field stands.
    Without(&'static str, &'static str),
}

/// How a walk goes on at a value.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step {
    /// Nothing inside.
    Leaf,
    /// A law.
    Law(LawKind),
    /// A struct with fields.
    Fields(&'static Record),
    /// Everything inside has this shape.
    Items(Shape),
}

/// The names of crews, which are told from durations by being known.
pub(super) fn crews(tree: &Node) -> BTreeSet<&str> {
    let Some(inner) = tree.as_struct() else { return BTreeSet::new() };
    let field = inner.entries.iter().find(|e| e.name.as_ref().is_some_and(|(name, _)| name == "crews"));
    match field.map(|entry| &entry.value.value) {
        Some(Value::Map(pairs)) => pairs.iter().filter_map(|(key, _)| super::decode::text_of(key)).collect(),
        _ => BTreeSet::new(),
    }
}

/// How a walk goes on at `node`, which has the shape `shape`.
pub(super) fn step(shape: Shape, node: &Node, crews: &BTreeSet<&str>) -> Step {
    let variant = node.variant().map(|(name, _)| name).filter(|_| node.bare_name().is_none());
    let is_plain_struct =
        matches!(node.value, Value::Unit) || (node.as_struct().is_some() && node.variant().is_none());
    match shape {
        Shape::Plain => Step::Leaf,
        Shape::Time => Step::Law(LawKind::Time),
        Shape::Share => Step::Law(LawKind::Fraction),
        Shape::Number => Step::Law(LawKind::Number),
        Shape::Fields(record) => Step::Fields(record),
        Shape::Map(inner) | Shape::List(inner) => Step::Items(*inner),
        Shape::Service => Step::Fields(match scope(node) {
            Some("Outside") => &OUTSIDE,
            Some("Global") => &GLOBAL,
            _ => &INSIDE,
        }),
        Shape::Objective if is_plain_struct => Step::Fields(&OBJECTIVE),
        Shape::Repair if is_plain_struct => Step::Fields(&STEPS),
        Shape::Repair => match super::decode::text_of(node) {
            Some(text) if crews.contains(text) => Step::Leaf,
            Some(text) if !LAW_NAMES.contains(&text) && crate::units::span_micros(text).is_err() => {
                Step::Leaf
            }
            _ => Step::Law(LawKind::Time),
        },
        Shape::Expression if variant == Some("Failing") => Step::Fields(&FAILING),
        Shape::Expression if variant == Some("Overloaded") => Step::Fields(&OVERLOADED),
        Shape::Expression if is_plain_struct => Step::Fields(&ENTRY),
        Shape::Expression if variant.is_some() || matches!(node.value, Value::List(_)) => {
            Step::Items(Shape::Expression)
        }
        Shape::Copies if is_plain_struct => Step::Fields(&REPLICATES),
        Shape::Copies if matches!(node.value, Value::List(_)) => Step::Items(Shape::Copies),
        Shape::Calls if is_plain_struct => Step::Fields(&CALL),
        Shape::Calls if variant == Some("FirstOf") => Step::Fields(&FIRST_OF),
        Shape::Calls if matches!(node.value, Value::List(_)) => Step::Items(Shape::Calls),
        Shape::Undo if variant == Some("Calm") => Step::Fields(&CALM),
        Shape::Retries if variant == Some("Retries") => Step::Fields(&RETRIES),
        Shape::Clock if variant == Some("While") => Step::Items(Shape::Expression),
        Shape::Effect if variant.is_some_and(|name| name != "Down") => Step::Items(Shape::Share),
        Shape::Occurs if variant == Some("Every") => Step::Items(Shape::Time),
        Shape::Occurs if variant == Some("When") => Step::Items(Shape::Expression),
        Shape::Strikes if variant == Some("OneOf") => Step::Items(Shape::Map(&ONE_STRIKE)),
        Shape::Strikes => Step::Items(Shape::Fields(&STRIKE)),
        _ => Step::Leaf,
    }
}

fn scope(service: &Node) -> Option<&str> {
    let entries = service.as_struct().map_or(&[][..], |inner| &inner.entries);
    let scope = entries.iter().find(|e| e.name.as_ref().is_some_and(|(name, _)| name == "scope"));
    scope.and_then(|e| e.value.lone_name().or_else(|| super::decode::text_of(&e.value)))
}

const fn required(name: &'static str, shape: Shape) -> Field {
    Field { name, shape, otherwise: Otherwise::Nothing }
}

const fn value(name: &'static str, shape: Shape, text: &'static str) -> Field {
    Field { name, shape, otherwise: Otherwise::Value(text) }
}

const fn words(name: &'static str, shape: Shape, text: &'static str) -> Field {
    Field { name, shape, otherwise: Otherwise::Words(text) }
}

const fn record(fields: &'static [Field]) -> Record {
    Record { fields, is_figure: false }
}

static MODES: Shape = Shape::Fields(&MODE);
const FAILURES: Field = value("failures", Shape::Map(&MODES), "{}");
const NEEDS: Field = value("needs", Shape::Expression, "[]");
const STARTS_WITH: Field = value("starts_with", Shape::Expression, "[]");
const RESTART: Field = value("restart", Shape::Time, "\"0s\"");
const BLACK_START: Field = words("black_start", Shape::Time, "none, it comes up once what it needs is up");
const CLOCK: Field = value("clock", Shape::Plain, "\"UTC\"");
const RHYTHM_FIELD: Field = words("rhythm", Shape::Fields(&RHYTHM), "none, the same at all hours");
const AT: Field = words("at", Shape::Plain, "nowhere in particular");
const ATTACH: Field = words("attach", Shape::Plain, "nowhere");
const LENGTH: Field = words("length", Shape::Plain, "1.2 times the great circle between its ends");
const LATENCY: Field = words("latency", Shape::Plain, "4.9 us for each km");
const COUNT: Field = value("count", Shape::Plain, "1");
const ENOUGH: Field = words("enough", Shape::Plain, "all units");
const COST: Field = required("cost", Shape::Fields(&COSTS));
const USER_MINUTE: Field = required("user_minute", Shape::Plain);

/// A scenario.
pub(super) static SCENARIO: Record = record(&[
    // Files are merged by then, and the field is gone.
    required("extends", Shape::Plain),
    required("title", Shape::Plain),
    required("start", Shape::Plain),
    required("horizon", Shape::Plain),
    required("currency", Shape::Plain),
    Field { name: "lifetime", shape: Shape::Plain, otherwise: Otherwise::Beside("currency", "\"5y\"") },
    Field { name: "components_start", shape: Shape::Plain, otherwise: Otherwise::Start },
    value("zone_kinds", Shape::Map(&Shape::Fields(&ZONE_KIND)), "{}"),
    value("regions", Shape::Map(&Shape::Fields(&REGION)), "{}"),
    value("crews", Shape::Map(&Shape::Fields(&CREW)), "{}"),
    value("sites", Shape::Map(&Shape::Fields(&SITE)), "{}"),
    value("corridors", Shape::Map(&Shape::Fields(&CORRIDOR)), "{}"),
    value("cables", Shape::Map(&Shape::Fields(&CABLE)), "{}"),
    value("links", Shape::Map(&Shape::Fields(&LINK)), "{}"),
    value("network", Shape::Fields(&NETWORK), "(convergence: \"0s\")"),
    value("traffic", Shape::Map(&Shape::Fields(&FLOW)), "{}"),
    value("services", Shape::Map(&Shape::Service), "{}"),
    value("journeys", Shape::Map(&Shape::Fields(&JOURNEY)), "{}"),
    value("users", Shape::Map(&Shape::Fields(&POPULATION)), "{}"),
    value("hazards", Shape::Map(&Shape::Fields(&HAZARD)), "{}"),
    value("surges", Shape::Map(&Shape::Fields(&SURGE)), "{}"),
    value("responses", Shape::Map(&Shape::Fields(&RESPONSE)), "{}"),
    // They have no defaults of their own: each is read with the whole that it makes.
    required("architectures", Shape::Plain),
]);

static ZONE_KIND: Record = record(&[
    value("parts", Shape::Map(&Shape::Fields(&PART)), "{}"),
    FAILURES,
    NEEDS,
    STARTS_WITH,
    RESTART,
    BLACK_START,
    COST,
]);

static PART: Record = record(&[
    FAILURES,
    NEEDS,
    STARTS_WITH,
    RESTART,
    BLACK_START,
    COUNT,
    ENOUGH,
    words("standby", Shape::Fields(&STANDBY), "no, it always runs"),
    COST,
]);

static COSTS: Record = Record {
    fields: &[required("capital", Shape::Plain), required("running", Shape::Plain)],
    is_figure: true,
};

static STANDBY: Record = record(&[
    value("starts_in", Shape::Time, "\"0s\""),
    value("fails_to_start", Shape::Plain, "\"0%\""),
    words("repair", Shape::Repair, "that of its only failure"),
    value("dormancy", Shape::Plain, "\"0%\""),
]);

static MODE: Record = record(&[
    required("every", Shape::Time),
    value("effect", Shape::Effect, "Down"),
    value("clock", Shape::Clock, "Calendar"),
    RHYTHM_FIELD,
    words("inspection", Shape::Plain, "none, it is noticed by itself"),
    required("repair", Shape::Repair),
]);

static RHYTHM: Record = record(&[value("day", Shape::Plain, "Flat"), value("week", Shape::Plain, "Flat")]);

static STEPS: Record = record(&[
    value("detect", Shape::Time, "\"0s\""),
    words("crew", Shape::Plain, "nobody to wait for"),
    words("travel", Shape::Time, "the crew's, else 0 s"),
    Field { name: "work", shape: Shape::Time, otherwise: Otherwise::Beside("crew", "the crew's") },
    value("needs", Shape::Expression, "[]"),
    Field { name: "without_needs", shape: Shape::Plain, otherwise: Otherwise::Beside("needs", "it stops") },
    value("priority", Shape::Plain, "0"),
]);

static CREW: Record = record(&[
    required("size", Shape::Plain),
    words("travel", Shape::Time, "the repair's, else 0 s"),
    words("work", Shape::Time, "the repair's"),
    Field { name: "people", shape: Shape::Plain, otherwise: Otherwise::Beside("cost", "1") },
    required("cost", Shape::Plain),
    required("running", Shape::Plain),
]);

static ENTRY: Record = record(&[
    required("on", Shape::Expression),
    words("from", Shape::Plain, "its own place"),
    words("at_least", Shape::Plain, "the level is passed on"),
    words("holdover", Shape::Time, "none"),
    Field { name: "refills_in", shape: Shape::Plain, otherwise: Otherwise::Beside("holdover", "at once") },
    value("else", Shape::Plain, "\"0%\""),
    required("calls", Shape::Plain),
    Field { name: "weight", shape: Shape::Plain, otherwise: Otherwise::Beside("calls", "1") },
]);

const FOR: Field = value("for", Shape::Plain, "\"0s\"");

static FAILING: Record = record(&[
    required("journey", Shape::Plain),
    words("users", Shape::Plain, "all"),
    required("above", Shape::Plain),
    FOR,
]);

static OVERLOADED: Record =
    record(&[required("unit", Shape::Plain), value("above", Shape::Plain, "\"100%\""), FOR]);

static REGION: Record = record(&[
    required("zones", Shape::Plain),
    AT,
    ATTACH,
    value("replicates", Shape::Copies, "[]"),
    CLOCK,
    FAILURES,
    NEEDS,
    STARTS_WITH,
    RESTART,
    BLACK_START,
    COST,
]);

static REPLICATES: Record = record(&[
    required("to", Shape::Plain),
    required("lag", Shape::Time),
    value("catch_up", Shape::Time, "\"0s\""),
]);

static SITE: Record = record(&[AT, FAILURES, NEEDS, STARTS_WITH, RESTART, BLACK_START, COST]);

static CORRIDOR: Record = record(&[words("permit", Shape::Time, "none is needed")]);

static CABLE: Record = record(&[
    required("segments", Shape::List(&Shape::Fields(&SEGMENT))),
    words("capacity", Shape::Plain, "no limit"),
    words("faults", Shape::Fields(&FAULTS), "none"),
]);

static SEGMENT: Record = record(&[
    required("from", Shape::Plain),
    required("to", Shape::Plain),
    LENGTH,
    LATENCY,
    words("capacity", Shape::Plain, "the cable's"),
    words("faults", Shape::Fields(&FAULTS), "the cable's"),
    value("on", Shape::Plain, "[]"),
]);

static LINK: Record = record(&[
    required("from", Shape::Plain),
    required("to", Shape::Plain),
    LENGTH,
    LATENCY,
    words("capacity", Shape::Plain, "no limit"),
    words("faults", Shape::Fields(&FAULTS), "none"),
    value("on", Shape::Plain, "[]"),
    FAILURES,
    NEEDS,
    STARTS_WITH,
    RESTART,
    BLACK_START,
    COST,
]);

static FAULTS: Record =
    Record { fields: &[required("rate", Shape::Plain), required("repair", Shape::Repair)], is_figure: true };

static NETWORK: Record = record(&[value("convergence", Shape::Time, "\"0s\"")]);

static FLOW: Record = Record {
    fields: &[
        required("from", Shape::Plain),
        required("to", Shape::Plain),
        required("rate", Shape::Plain),
        value("clock", Shape::Plain, "\"UTC\""),
        value("day", Shape::Plain, "Flat"),
        value("week", Shape::Plain, "Flat"),
        value("priority", Shape::Plain, "0"),
    ],
    is_figure: true,
};

const CAPACITY_FIELD: Field = words("capacity", Shape::Fields(&CAPACITY), "any load");

const WITH_MEMBERS: [Field; 9] = [
    required("scope", Shape::Plain),
    words("in", Shape::Plain, "all regions"),
    value("spread", Shape::Plain, "Proportional"),
    words("reconfigures", Shape::Fields(&RECONFIGURES), "no"),
    words("member", Shape::Fields(&MEMBER), "up whenever its zone is"),
    FAILURES,
    words("plane", Shape::Plain, "none"),
    COST,
    CAPACITY_FIELD,
];

static INSIDE: Record = record(&WITH_MEMBERS);
static GLOBAL: Record = {
    const ALL: [Field; 10] = {
        let [scope, place, spread, reconfigures, member, failures, plane, cost, capacity] = WITH_MEMBERS;
        [scope, place, spread, reconfigures, member, failures, plane, cost, capacity, CLOCK]
    };
    record(&ALL)
};

static OUTSIDE: Record = record(&[
    required("scope", Shape::Plain),
    FAILURES,
    NEEDS,
    STARTS_WITH,
    RESTART,
    BLACK_START,
    words("plane", Shape::Plain, "none"),
    CAPACITY_FIELD,
    CLOCK,
    ATTACH,
    COST,
]);

static CAPACITY: Record = Record {
    fields: &[
        required("per_member", Shape::Plain),
        required("total", Shape::Plain),
        value("in_regions", Shape::Map(&Shape::Fields(&SIZE)), "{}"),
        value("gamma", Shape::Plain, "0"),
        value("warm_up", Shape::Plain, "\"0s\""),
        words("trips", Shape::Fields(&TRIPS), "no, overload takes nothing down"),
        words("autoscaling", Shape::Fields(&AUTOSCALING), "no, it stays as it is"),
    ],
    is_figure: true,
};

static SIZE: Record = Record {
    fields: &[required("per_member", Shape::Plain), required("total", Shape::Plain)],
    is_figure: true,
};

static TRIPS: Record = record(&[
    required("at", Shape::Plain),
    required("after", Shape::Plain),
    required("loses", Shape::Plain),
    value("restart", Shape::Time, "\"0s\""),
    required("rate", Shape::Plain),
]);

static AUTOSCALING: Record = record(&[
    required("target", Shape::Plain),
    value("every", Shape::Plain, "\"15s\""),
    required("lag", Shape::Time),
    value("step", Shape::Plain, "2"),
    value("least", Shape::Plain, "\"100%\""),
    required("most", Shape::Plain),
    value("down_after", Shape::Plain, "\"5m\""),
    NEEDS,
]);

static MEMBER: Record = record(&[FAILURES, NEEDS, STARTS_WITH, RESTART, BLACK_START, COUNT, ENOUGH, COST]);

static RECONFIGURES: Record = record(&[required("in", Shape::Time), required("meanwhile", Shape::Effect)]);

static JOURNEY: Record = record(&[
    required("calls", Shape::Calls),
    value(
        "objective",
        Shape::Objective,
        "(down_at: \"5%\", shortest_outage: \"1m\", degraded_above: \"0.1%\")",
    ),
    words("latency_limit", Shape::Plain, "none"),
    words("size", Shape::Plain, "too small to count"),
    USER_MINUTE,
    words("retries", Shape::Retries, "none"),
    value("priority", Shape::Plain, "0"),
    value("admit", Shape::Plain, "\"100%\""),
]);

static RETRIES: Record = Record {
    fields: &[
        required("tries", Shape::Plain),
        required("backoff", Shape::Plain),
        value("grows", Shape::Plain, "1"),
        words("most", Shape::Plain, "no limit"),
        words("budget", Shape::Fields(&BUDGET), "none"),
    ],
    is_figure: true,
};

static BUDGET: Record = record(&[required("ratio", Shape::Plain), required("most", Shape::Plain)]);

/// An objective.
pub(super) static OBJECTIVE: Record = record(&[
    words("availability", Shape::Plain, "none"),
    value("down_at", Shape::Plain, "\"5%\""),
    value("shortest_outage", Shape::Plain, "\"1m\""),
    value("degraded_above", Shape::Plain, "\"0.1%\""),
]);

static CALL: Record = record(&[
    required("on", Shape::Calls),
    Field { name: "times", shape: Shape::Plain, otherwise: Otherwise::Without("session", "1") },
    words("session", Shape::Fields(&SESSION), "none, it is called for each request"),
]);

static SESSION: Record = Record {
    fields: &[
        required("mean", Shape::Plain),
        required("kept_in", Shape::Plain),
        required("retry", Shape::Plain),
    ],
    is_figure: true,
};

static FIRST_OF: Record = record(&[
    required("of", Shape::Calls),
    value("switch", Shape::Time, "\"0s\""),
    value("counts", Shape::Plain, "Up"),
]);

static POPULATION: Record = record(&[
    required("count", Shape::Plain),
    required("does", Shape::Plain),
    value("route", Shape::Plain, "Nearest"),
    words("failover", Shape::Fields(&FAILOVER), "none, they stay"),
    USER_MINUTE,
    AT,
    ATTACH,
    CLOCK,
    value("day", Shape::Plain, "Flat"),
    value("week", Shape::Plain, "Flat"),
]);

static FAILOVER: Record = record(&[
    value("detect", Shape::Time, "\"0s\""),
    value("shift", Shape::Time, "\"0s\""),
    value("works", Shape::Plain, "\"100%\""),
    NEEDS,
    value("needs_at", Shape::Plain, "Left"),
    value("quiet", Shape::Time, "\"0s\""),
    words("max_lag", Shape::Plain, "no matter how far data lags"),
]);

static HAZARD: Record = Record {
    fields: &[
        required("occurs", Shape::Occurs),
        required("strikes", Shape::Strikes),
        value("probability", Shape::Plain, "\"100%\""),
        words("only_while", Shape::Expression, "nothing calls it off"),
        words("clusters", Shape::Fields(&CLUSTERS), "no, occurrences beget none"),
        RHYTHM_FIELD,
        Field { name: "clock", shape: Shape::Plain, otherwise: Otherwise::Beside("rhythm", "\"UTC\"") },
    ],
    is_figure: true,
};

static SURGE: Record = Record {
    fields: &[
        required("occurs", Shape::Occurs),
        required("factor", Shape::Number),
        required("adds", Shape::Number),
        required("moves", Shape::Fields(&MOVES)),
        words("journeys", Shape::Plain, "all"),
        words("users", Shape::Plain, "all"),
        value("ramp", Shape::Time, "\"0s\""),
        required("lasts", Shape::Time),
        value("decay", Shape::Time, "\"0s\""),
        value("probability", Shape::Plain, "\"100%\""),
        words("only_while", Shape::Expression, "nothing calls it off"),
        words("clusters", Shape::Fields(&CLUSTERS), "no, occurrences beget none"),
        RHYTHM_FIELD,
        Field { name: "clock", shape: Shape::Plain, otherwise: Otherwise::Beside("rhythm", "\"UTC\"") },
    ],
    is_figure: true,
};

static RESPONSE: Record = Record {
    fields: &[
        required("when", Shape::Expression),
        words("crew", Shape::Plain, "nobody to wait for"),
        value("decide", Shape::Time, "\"0s\""),
        value("apply", Shape::Time, "\"0s\""),
        value("works", Shape::Plain, "\"100%\""),
        required("does", Shape::Plain),
        words("undo", Shape::Undo, "never"),
    ],
    is_figure: true,
};

static CALM: Record = record(&[required("below", Shape::Plain), FOR]);

static MOVES: Record =
    record(&[required("from", Shape::Plain), required("to", Shape::Plain), required("share", Shape::Share)]);

static CLUSTERS: Record = record(&[required("offspring", Shape::Plain), required("after", Shape::Time)]);

const WHAT_STRIKES: [Field; 7] = [
    required("targets", Shape::Plain),
    required("repair", Shape::Repair),
    value("each", Shape::Plain, "false"),
    value("probability", Shape::Plain, "\"100%\""),
    value("delay", Shape::Time, "\"0s\""),
    words("waves", Shape::Time, "all at once"),
    value("effect", Shape::Effect, "Down"),
];

static STRIKE: Record = record(&WHAT_STRIKES);
static STRIKE_BY_WEIGHT: Record = {
    const ALL: [Field; 8] = {
        let [targets, repair, each, probability, delay, waves, effect] = WHAT_STRIKES;
        [targets, repair, each, probability, delay, waves, effect, value("weight", Shape::Plain, "1")]
    };
    record(&ALL)
};
static ONE_STRIKE: Shape = Shape::Fields(&STRIKE_BY_WEIGHT);
