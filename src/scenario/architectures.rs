//! The alternatives that a scenario holds: its own tree with edits applied, read like the scenario itself.

use std::cell::OnceCell;

use super::apply::apply;
use super::chart::Chart;
use super::diagnostics::{Diagnostic, Diagnostics, Severity, excerpt};
use super::edit::{Change, Edit, Step};
use super::load::meaning;
use super::sources::Span;
use super::spec::Named;
use super::tree::{Node, Value};
use crate::model::Model;

/// Fields of the scenario that belong to all its architectures.
const COMMON: [&str; 4] = ["architectures", "extends", "start", "horizon"];

/// Beyond so many edits nobody looks for the one that makes a system invalid.
const MOST_TRIED: usize = 20;

/// An alternative to a scenario.
#[derive(Debug, Clone)]
pub struct Architecture {
    /// What it is called.
    pub name: String,
    /// The system.
    pub model: Model,
    /// The scenario's tree with the edits applied, without architectures.
    pub tree: Node,
    /// Lengths and corridors of its network, and where everything is.
    pub chart: Chart,
}

/// Reads all architectures of the scenario `tree`, as far as nothing is wrong with them.
///
/// Where the scenario itself has mistakes, only the paths of the edits are looked at.
pub(super) fn architectures(
    tree: &Node,
    given: &Named<Vec<Edit>>,
    is_valid: bool,
    found: &mut Diagnostics,
) -> Vec<Architecture> {
    let base = without_architectures(tree);
    let known = found.sorted();
    let mut read = Vec::new();
    for (name, edits) in given {
        let mut mistakes = Diagnostics::new();
        let (tree, meant) = edited(&base, ("an architecture", edits), is_valid, &mut mistakes);
        let whole = format!("architecture \"{}\"", excerpt(&name.value));
        let of = Told::new(&base, (whole, name.span), edits);
        for finding in mistakes.into_vec() {
            // What is odd about the scenario itself has been said.
            if !known.iter().any(|said| said.span == finding.span && said.message == finding.message) {
                found.push(of.told(finding));
            }
        }
        read.extend(meant.map(|(model, chart)| Architecture {
            name: name.value.clone(),
            model,
            tree,
            chart,
        }));
    }
    read
}

/// The scenario with the edits that somebody makes, and the system that it describes if nothing is wrong with it.
pub(super) fn edited(
    base: &Node,
    (who, edits): (&str, &[Edit]),
    read: bool,
    found: &mut Diagnostics,
) -> (Node, Option<(Model, Chart)>) {
    let mut tree = base.clone();
    for edit in edits {
        if is_allowed(edit, who, found) {
            apply(&mut tree, edit, found);
        }
    }
    let meant = if read && !found.has_errors() { meaning(&tree, found) } else { None };
    (tree, meant)
}

/// Records an error where an edit reaches for what all designs have in common.
fn is_allowed(edit: &Edit, who: &str, found: &mut Diagnostics) -> bool {
    let Some(Step { name, .. }) = edit.path.first() else { return false };
    if !COMMON.contains(&name.value.as_str()) {
        return true;
    }
    let message = format!("{who} cannot change `{}`", name.value);
    found.error(name.span, message, "expected a path into the system");
    false
}

/// The tree of a scenario that holds no alternatives to itself.
pub(super) fn without_architectures(tree: &Node) -> Node {
    let mut tree = tree.clone();
    if let Value::Struct(inner) = &mut tree.value {
        inner.entries.retain(|entry| entry.name.as_ref().is_none_or(|(name, _)| name != "architectures"));
    }
    tree
}

/// Edits of a scenario in which something was found.
pub(super) struct Told<'a> {
    base: &'a Node,
    /// What the edits make, for messages, and where that is named.
    whole: (String, Span),
    edits: &'a [Edit],
    /// What to do about an entry that does not exist.
    new_entry: &'static str,
    /// What is found without each of the first edits; read once, and only where it is asked for.
    without: OnceCell<Vec<Vec<Diagnostic>>>,
}

impl<'a> Told<'a> {
    /// Edits of `base` that make `whole`.
    pub(super) const fn new(base: &'a Node, whole: (String, Span), edits: &'a [Edit]) -> Self {
        Self { base, whole, edits, new_entry: "`Add` makes a new entry", without: OnceCell::new() }
    }

    /// With another advice on an entry that does not exist.
    pub(super) const fn with_help(mut self, new_entry: &'static str) -> Self {
        self.new_entry = new_entry;
        self
    }
}

impl Told<'_> {
    /// The finding with the name of what the edits make, and at one of them.
    pub(super) fn told(&self, mut finding: Diagnostic) -> Diagnostic {
        if !self.edits.iter().any(|edit| inside_of(edit, &finding)) {
            let (span, label) = match self.culprit(&finding) {
                Some(edit) => (edit.span, "this edit leads to it"),
                None => (self.whole.1, "these edits together lead to it"),
            };
            let old = (finding.span, std::mem::replace(&mut finding.label, label.to_owned()));
            finding.secondary.insert(0, old);
            finding.span = span;
        }
        let sets = |edit: &Edit| inside_of(edit, &finding) && matches!(edit.change, Change::Set(_));
        if finding.help.is_none()
            && finding.message.starts_with("there is no entry")
            && self.edits.iter().any(sets)
        {
            finding.help(self.new_entry);
        }
        finding.message = format!("{}: {}", self.whole.0, finding.message);
        finding
    }

    /// The last edit without which there is no such finding.
    fn culprit(&self, finding: &Diagnostic) -> Option<&Edit> {
        if let [only] = self.edits {
            return Some(only);
        }
        let without = self.without.get_or_init(|| self.found_without());
        let blameless = |found: &Vec<Diagnostic>| {
            // Where other mistakes come instead, the system was not read: that is no answer.
            let other = |f: &Diagnostic| f.severity == Severity::Error && finding.severity == Severity::Error;
            found.iter().any(|f| other(f) || (f.span == finding.span && f.message == finding.message))
        };
        let at = without.iter().rposition(|found| !blameless(found))?;
        self.edits.get(at)
    }

    fn found_without(&self) -> Vec<Vec<Diagnostic>> {
        let others = |left_out: usize| -> Vec<Edit> {
            let all = self.edits.iter().enumerate();
            all.filter(|(at, _)| *at != left_out).map(|(_, edit)| edit.clone()).collect()
        };
        let found = |left_out: usize| {
            let mut found = Diagnostics::new();
            let _ = edited(self.base, ("an architecture", &others(left_out)), true, &mut found);
            found.into_vec()
        };
        (0..self.edits.len().min(MOST_TRIED)).map(found).collect()
    }
}

/// True for a finding in the text of an edit.
fn inside_of(edit: &Edit, finding: &Diagnostic) -> bool {
    let (outer, inner) = (edit.span, finding.span);
    outer.source == inner.source && outer.start <= inner.start && inner.end <= outer.end
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::scenario::{Diagnostics, Loaded, Sources, differences, load};

    const TEXT: &str = r#"Scenario(
    title: "t", start: "2026-01-01T00:00:00Z", horizon: "1y",
    zone_kinds: {
        "hall": (parts: { "power": (failures: { "loss": (every: Exp("90d"), repair: "1h") }) }, needs: ["power"]),
        "shed": (parts: { "power": (failures: { "loss": (every: Exp("9d"), repair: "1h") }) }, needs: ["power"]),
    },
    regions: { "north": (zones: { "a": "hall", "b": "shed" }) },
    services: { "chat": (scope: Regional, spread: Quorum(1)), "mail 2.0": (scope: Regional) },
    journeys: { "talk": (calls: ["chat", "mail 2.0"]) },
    users: { "town": (count: 1_000, does: { "talk": "10/h" }) },
    architectures: { "x": [EDITS] },
)"#;

    fn loaded(edits: &str) -> (Option<Loaded>, Vec<String>) {
        let mut found = Diagnostics::new();
        let loaded = load("a.ron", &TEXT.replace("EDITS", edits), &[], &mut Sources::new(), &mut found);
        (loaded, found.into_vec().into_iter().map(|d| d.message).collect())
    }

    /// What the edits change, place by place.
    fn changed(edits: &str) -> Vec<String> {
        let (loaded, found) = loaded(edits);
        let loaded = loaded.unwrap_or_else(|| panic!("{edits}: {found:?}"));
        differences(&loaded.tree, &loaded.architectures[0].tree).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn edits_reach_what_their_path_says() {
        for (edits, expected) in [
            ("", &[][..]),
            ("Set(\"services.chat.spread\", Quorum(2))", &["services.chat.spread: Quorum(1) -> Quorum(2)"]),
            ("Set(\"services.chat.spread\", Quorum(1))", &[]),
            (
                "Set(path: \"services.'mail 2.0'.spread\", value: Quorum(1))",
                &["services.'mail 2.0'.spread: added Quorum(1)"],
            ),
            (
                "Set(\"zone_kinds.*.parts.power.failures.loss.repair\", \"2h\")",
                &[
                    "zone_kinds.hall.parts.power.failures.loss.repair: \"1h\" -> \"2h\"",
                    "zone_kinds.shed.parts.power.failures.loss.repair: \"1h\" -> \"2h\"",
                ],
            ),
            ("Set(\"*.h?ll.needs\", [])", &["zone_kinds.hall.needs: [\"power\"] -> []"]),
            ("Add(\"regions.north.zones.c\", \"hall\")", &["regions.north.zones.c: added \"hall\""]),
            (
                "Add(\"journeys.talk.calls\", \"chat\")",
                &["journeys.talk.calls: [\"chat\", \"mail 2.0\"] -> [\"chat\", \"mail 2.0\", \"chat\"]"],
            ),
            ("Remove(\"zone_kinds.hall.needs\")", &["zone_kinds.hall.needs: removed [\"power\"]"]),
            (
                "Remove(\"journeys.talk.calls.*\"), Add(\"journeys.talk.calls\", \"chat\")",
                &["journeys.talk.calls: [\"chat\", \"mail 2.0\"] -> [\"chat\"]"],
            ),
        ] {
            assert_eq!(changed(edits), expected, "{edits}");
        }
    }

    #[test]
    fn mistakes_name_the_architecture() {
        for (edits, message) in [
            ("Set(\"services.chut.spread\", Quorum(2))", "there is no entry `chut`"),
            ("Add(\"services.chat.scope\", Regional)", "`scope` is there already"),
            ("Remove(\"hazards\")", "there is no field `hazards`"),
            (
                "Set(\"services.c[*.spread\", Quorum(2))",
                "the wildcard `c[*` cannot be read: unclosed character class; missing ']'",
            ),
            ("Set(\"services.z*.spread\", Quorum(2))", "no name here matches `z*`"),
            ("Set(\"horizon\", \"2y\")", "an architecture cannot change `horizon`"),
            ("Remove(\"services.chat\")", "there is no service `chat`"),
        ] {
            let (loaded, found) = loaded(edits);
            assert!(loaded.is_none(), "{edits}");
            assert_eq!(found, [format!("architecture \"x\": {message}")], "{edits}");
        }
    }

    fn path() -> impl Strategy<Value = String> {
        let name = prop_oneof![
            Just("services"),
            Just("regions"),
            Just("zone_kinds"),
            Just("users"),
            Just("journeys"),
            Just("chat"),
            Just("'mail 2.0'"),
            Just("hall"),
            Just("north"),
            Just("zones"),
            Just("parts"),
            Just("needs"),
            Just("spread"),
            Just("calls"),
            Just("0"),
            Just("a"),
            Just("*"),
            Just("?*"),
            Just("'*'"),
            Just("n[*"),
            Just("x")
        ];
        proptest::collection::vec(name, 1..6).prop_map(|names| names.join("."))
    }

    fn value() -> impl Strategy<Value = &'static str> {
        prop_oneof![
            Just("\"hall\""),
            Just("[]"),
            Just("{}"),
            Just("()"),
            Just("Quorum(2)"),
            Just("\"4h\""),
            Just("3"),
            Just("[\"power\"]"),
            Just("(scope: Regional)"),
            Just("{ \"c\": \"shed\" }"),
            Just("Exp(\"9d\")")
        ]
    }

    fn edit() -> impl Strategy<Value = String> {
        prop_oneof![
            (path(), value()).prop_map(|(path, value)| format!("Set(\"{path}\", {value})")),
            (path(), value()).prop_map(|(path, value)| format!("Add(\"{path}\", {value})")),
            path().prop_map(|path| format!("Remove(\"{path}\")")),
        ]
    }

    proptest! {
        /// Whatever edits say, they are done or refused with the name of the architecture.
        #[test]
        fn edits_are_done_or_refused(edits in proptest::collection::vec(edit(), 1..4)) {
            let (loaded, found) = loaded(&edits.join(", "));
            prop_assert!(found.iter().all(|message| message.starts_with("architecture \"x\": ")), "{:?}", found);
            prop_assert!(loaded.is_some() || !found.is_empty());
        }
    }
}
