//! One scenario's tree over another's: maps by key, structs by field, everything else as a whole.

use std::collections::BTreeMap;

use super::decode::text_of;
use super::print::print_tree;
use super::tree::{Entry, Node, Struct, Value};

/// Fields that say the same thing in two ways: whoever gives one of them takes the other back.
const ORIGINS: [&str; 2] = ["source", "guess"];

/// The scenario `over` laid over the scenario `base`; both are structs with named fields.
pub(super) fn merge_scenarios(base: Node, over: Node) -> Node {
    let Node { value, span, bare } = over;
    let value = match (base.value, value) {
        (Value::Struct(base), Value::Struct(over)) => Value::Struct(merge_fields(base, over)),
        (_, over) => over,
    };
    Node { value, span, bare }
}

/// `over` laid over `base`. What is merged has the place of `over`; what is inherited keeps its own.
fn merge(base: Node, over: Node) -> Node {
    let both = |is: fn(&Value) -> bool| is(&base.value) && is(&over.value);
    if !both(is_map) && !both(is_plain_struct) {
        return over;
    }
    let Node { value, span, bare } = over;
    let value = match (base.value, value) {
        (Value::Map(base), Value::Map(over)) => Value::Map(merge_pairs(base, over)),
        (Value::Struct(base), Value::Struct(over)) => Value::Struct(merge_fields(base, over)),
        // `()` is a struct that gives no field.
        (base, Value::Unit) => base,
        (_, over) => over,
    };
    Node { value, span, bare }
}

const fn is_map(value: &Value) -> bool {
    matches!(value, Value::Map(_))
}

/// True for a struct that is no variant and no tuple.
fn is_plain_struct(value: &Value) -> bool {
    match value {
        Value::Unit => true,
        Value::Struct(inner) => inner.name.is_none() && inner.entries.iter().all(|e| e.name.is_some()),
        _ => false,
    }
}

/// Keys of the base stay where they are, new ones come behind them.
fn merge_pairs(mut base: Vec<(Node, Node)>, over: Vec<(Node, Node)>) -> Vec<(Node, Node)> {
    let places: BTreeMap<String, usize> =
        base.iter().enumerate().map(|(place, (key, _))| (identity(key), place)).collect();
    for (key, value) in over {
        match places.get(&identity(&key)).and_then(|place| base.get_mut(*place)) {
            Some(pair) => {
                let old = std::mem::replace(&mut pair.1, nothing(&value));
                *pair = (key, merge(old, value));
            }
            None => base.push((key, value)),
        }
    }
    base
}

/// Fields of the base stay where they are, new ones come behind them.
fn merge_fields(base: Struct, over: Struct) -> Struct {
    let mut entries = base.entries;
    if over.entries.iter().any(is_origin) {
        entries.retain(|entry| !is_origin(entry));
    }
    let field = |entry: &Entry| entry.name.as_ref().map(|(name, _)| name.clone());
    let places: BTreeMap<String, usize> =
        entries.iter().enumerate().filter_map(|(place, entry)| Some((field(entry)?, place))).collect();
    for entry in over.entries {
        let place = field(&entry).and_then(|name| places.get(&name));
        match place.and_then(|place| entries.get_mut(*place)) {
            Some(old) => {
                let value = std::mem::replace(&mut old.value, nothing(&entry.value));
                *old = Entry { name: entry.name, value: merge(value, entry.value) };
            }
            None => entries.push(entry),
        }
    }
    Struct { name: over.name, entries }
}

fn is_origin(entry: &Entry) -> bool {
    entry.name.as_ref().is_some_and(|(name, _)| ORIGINS.contains(&name.as_str()))
}

/// What tells keys apart: text as decoded, everything else as printed.
fn identity(key: &Node) -> String {
    // No printed value begins with a blank.
    text_of(key).map_or_else(|| print_tree(key), |text| format!(" {text}"))
}

/// Stands in for a value while it is merged.
const fn nothing(like: &Node) -> Node {
    Node { value: Value::Unit, span: like.span, bare: false }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::scenario::parse::parse;
    use crate::scenario::{Diagnostics, Sources};

    fn tree(sources: &mut Sources, text: &str) -> Node {
        let text = format!("Scenario(x: {text})");
        parse(sources.add("test", &text), &text, &mut Diagnostics::new()).unwrap()
    }

    /// The value of the only field of a scenario.
    fn x(scenario: Node) -> Node {
        let Value::Struct(inner) = scenario.value else { panic!() };
        inner.entries.into_iter().next().unwrap().value
    }

    fn printed(text: &str) -> String {
        print_tree(&x(tree(&mut Sources::new(), text)))
    }

    /// Both texts merged, as they are printed.
    fn merged(base: &str, over: &str) -> String {
        let mut sources = Sources::new();
        let (base, over) = (tree(&mut sources, base), tree(&mut sources, over));
        print_tree(&x(merge_scenarios(base, over)))
    }

    #[test]
    fn maps_by_key_structs_by_field_and_everything_else_as_a_whole() {
        for (base, over, expected) in [
            ("{\"a\": 1, \"b\": 2}", "{\"b\": 3, \"c\": 4}", "{\"a\": 1, \"b\": 3, \"c\": 4}"),
            ("{\"a\": 1}", "{}", "{\"a\": 1}"),
            ("{1: 1, 2: 2}", "{2: 3}", "{1: 1, 2: 3}"),
            ("{\"\\u{61}\": 1}", "{\"a\": 2}", "{\"a\": 2}"),
            ("(a: 1, b: 2)", "(b: 3, c: 4)", "(a: 1, b: 3, c: 4)"),
            ("(a: (b: (c: 1, d: 2)))", "(a: (b: (d: 3)))", "(a: (b: (c: 1, d: 3)))"),
            ("(a: 1)", "()", "(a: 1)"),
            ("()", "(a: 1)", "(a: 1)"),
            ("[1, 2, 3]", "[4]", "[4]"),
            ("\"4h\"", "\"5h\"", "\"5h\""),
            ("Exp(\"2y\")", "Exp(\"1y\")", "Exp(\"1y\")"),
            (
                "LogNormal(median: 1, p90: 2)",
                "LogNormal(median: 3, sigma: 4)",
                "LogNormal(median: 3, sigma: 4)",
            ),
            // Forms of one thing: a struct does not add to a variant or a text, nor the other way round.
            ("Exp(mean: 1)", "(work: 2)", "(work: 2)"),
            ("(work: 2, crew: \"x\")", "Exp(mean: 1)", "Exp(mean: 1)"),
            ("\"99.9%\"", "(down_at: 1)", "(down_at: 1)"),
            ("(down_at: 1)", "\"99.9%\"", "\"99.9%\""),
            ("{\"a\": 1}", "OneOf({\"b\": 2})", "OneOf({\"b\": 2})"),
            ("{\"a\": 1}", "()", "()"),
            // A place is a pair, not a struct.
            ("(24.4, 54.4)", "(25.2, 55.3)", "(25.2, 55.3)"),
            ("(24.4, 54.4)", "(a: 1)", "(a: 1)"),
        ] {
            assert_eq!(merged(base, over), printed(expected), "{over} over {base}");
        }
    }

    #[test]
    fn a_source_takes_a_guess_back() {
        assert_eq!(merged("(a: 1, guess: \"g\")", "(source: \"s\")"), printed("(a: 1, source: \"s\")"));
        assert_eq!(merged("(a: 1, source: \"s\")", "(guess: \"g\")"), printed("(a: 1, guess: \"g\")"));
        assert_eq!(merged("(a: 1, source: \"s\")", "(a: 2)"), printed("(a: 2, source: \"s\")"));
        // Names of one's own are only names.
        assert_eq!(merged("{\"guess\": 1}", "{\"source\": 2}"), printed("{\"guess\": 1, \"source\": 2}"));
    }

    #[test]
    fn every_value_keeps_its_place() {
        let mut sources = Sources::new();
        let base = tree(&mut sources, "{\"a\": (b: 1, c: 2)}");
        let over = tree(&mut sources, "{\"a\": (c: 3)}");
        let Value::Map(pairs) = merge(x(base), x(over)).value else { panic!() };
        let fields = &pairs[0].1.as_struct().unwrap().entries;
        let from: Vec<u16> = fields.iter().map(|field| field.value.span.source.0).collect();
        assert_eq!((from, pairs[0].1.span.source.0), (vec![0, 1], 1));
    }

    fn value() -> impl Strategy<Value = String> {
        let leaf = prop_oneof!["[1-9]", "Exp\\([1-9]\\)", Just("()".to_owned()), Just("{}".to_owned())];
        leaf.prop_recursive(3, 12, 3, |inner| {
            let some = || proptest::collection::btree_map("[abc]", inner.clone(), 0..3);
            prop_oneof![
                some()
                    .prop_map(|m| m.into_iter().map(|(k, v)| format!("\"{k}\": {v},")).collect::<String>())
                    .prop_map(|inside| format!("{{{inside}}}")),
                some()
                    .prop_map(|m| m.into_iter().map(|(k, v)| format!("{k}: {v},")).collect::<String>())
                    .prop_map(|inside| format!("({inside})")),
            ]
        })
    }

    proptest! {
            /// Nothing that the upper one says is lost, and saying it again changes nothing.
            #[test]
            fn the_upper_one_has_the_last_word(base in value(), over in value()) {
                let once = merged(&base, &over);
                prop_assert_eq!(&merged(&once, &over), &once);
    prop_assert_eq!(merged(&base, &base), merged("()", &base));
            }
        }
}
