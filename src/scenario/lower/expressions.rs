//! Needs and conditions with their names resolved.

use super::laws::law;
use super::load::state_name;
use super::names::{Meaning, Names, Place};
use crate::model::{Builder, Expression, Holdover, Need, NodeFigure};
use crate::scenario::decode::Spanned;
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::sources::Span;
use crate::scenario::spec::{EntrySpec, ExpressionKind, ExpressionSpec};
use crate::scenario::unknowns::Figure;
use crate::time::SimSpan;

/// Resolves expressions of one owner at one place.
pub(super) struct Resolver<'r, 's> {
    pub(super) names: &'r Names<'s>,
    pub(super) place: Place<'r>,
    /// Names the streams of holdovers.
    owner: &'r str,
    /// Where ways between regions are made.
    pub(super) builder: &'r mut Builder,
    pub(super) found: &'r mut Diagnostics,
    /// True in a condition, which looks at levels wherever they are: a need also needs a way there.
    in_condition: bool,
    /// True for what carries the network: a service would need it in turn.
    refuses_services: bool,
}

impl<'r, 's> Resolver<'r, 's> {
    pub(super) fn new(
        names: &'r Names<'s>,
        place: Place<'r>,
        owner: &'r str,
        builder: &'r mut Builder,
        found: &'r mut Diagnostics,
    ) -> Self {
        Self { names, place, owner, builder, found, in_condition: false, refuses_services: false }
    }

    pub(super) fn refuses_services(&mut self, refuses: bool) {
        self.refuses_services = refuses;
    }
}

impl Resolver<'_, '_> {
    /// A component's needs: each entry is a need of its own.
    pub(super) fn needs(&mut self, list: &[ExpressionSpec]) -> Vec<Expression> {
        list.iter().filter_map(|entry| self.need(entry)).collect()
    }

    fn need(&mut self, spec: &ExpressionSpec) -> Option<Expression> {
        let resolved = self.value(spec, None)?;
        if resolved.is_need() {
            return Some(resolved);
        }
        let need = Need { on: resolved, at_least: None, holdover: None, otherwise: 0.0 };
        Some(Expression::Need(Box::new(need)))
    }

    /// What repairs, starts and shifts need: all of it.
    pub(super) fn all(&mut self, list: &[ExpressionSpec]) -> Option<Expression> {
        if list.is_empty() {
            return None;
        }
        let mut all: Vec<Expression> = list.iter().filter_map(|e| self.value(e, None)).collect();
        if all.len() == 1 { all.pop() } else { Some(Expression::All(all)) }
    }

    /// A condition.
    pub(super) fn condition(&mut self, spec: &ExpressionSpec) -> Option<Expression> {
        self.in_condition = true;
        let condition = self.value(spec, None);
        self.in_condition = false;
        condition
    }

    fn value(&mut self, spec: &ExpressionSpec, from: Option<&Spanned<String>>) -> Option<Expression> {
        match &spec.kind {
            ExpressionKind::Name(name) => self.name(name, from, false),
            ExpressionKind::All(list) => self.list(list, from).map(Expression::All),
            ExpressionKind::Any(list) => self.list(list, from).map(Expression::Any),
            ExpressionKind::Share(list) => self.list(list, from).map(Expression::Share),
            ExpressionKind::AtLeast(k, list) => {
                let gate = Expression::AtLeast(k.value.count() as usize, self.list(list, from)?);
                Some(gate.uncertain(unknown_among([(NodeFigure::Count, Some(k.value))])))
            }
            ExpressionKind::Up(inner) => self.value(inner, from).map(up),
            ExpressionKind::Down(inner) => self.value(inner, from).map(down),
            ExpressionKind::Not(inner) => self.value(inner, from).map(|e| Expression::Not(Box::new(e))),
            ExpressionKind::Reach(region) => self.reach(region),
            ExpressionKind::State(state) => self.state(state),
            ExpressionKind::Entry(entry) => self.entry(entry, spec.span),
        }
    }

    /// What a name stands for; `wants_level`: also of a service, which else is up or not.
    fn name(
        &mut self,
        name: &Spanned<String>,
        from: Option<&Spanned<String>>,
        wants_level: bool,
    ) -> Option<Expression> {
        let meaning = self.names.resolve(name, from, self.place, self.found)?;
        let (component, on) = match meaning {
            Meaning::Component(c) => (c, Expression::Level(c)),
            Meaning::Unit(c) if wants_level => (c, Expression::Level(c)),
            Meaning::Unit(c) => (c, Expression::Up(c)),
        };
        if self.in_condition {
            return Some(on);
        }
        if self.refuses_services && matches!(meaning, Meaning::Unit(_)) {
            let message = format!("`{}` needs the service `{}`", self.owner, name.value);
            let label = "expected components: services are reached over the network, which would need itself";
            self.found.error(name.span, message, label);
            return None;
        }
        Some(self.with_way(on, component))
    }

    fn list(&mut self, list: &[ExpressionSpec], from: Option<&Spanned<String>>) -> Option<Vec<Expression>> {
        let resolved: Vec<Option<Expression>> = list.iter().map(|e| self.value(e, from)).collect();
        resolved.into_iter().collect()
    }

    fn entry(&mut self, entry: &EntrySpec, span: Span) -> Option<Expression> {
        let from = entry.from.as_ref();
        // A threshold on a service asks for its unit's level, not for whether it is up.
        let on = match &entry.on.kind {
            ExpressionKind::Name(name) => self.name(name, from, entry.at_least.is_some())?,
            _ => self.value(&entry.on, from)?,
        };
        let text = describe(&entry.on);
        let holdover = entry.holdover.as_ref().map(|length| Holdover {
            length: law(length, span, self.found),
            refills_in: entry.refills_in.map(|time| SimSpan::from_micros_f64(time.value)),
            name: format!("{} needs {text}", self.owner),
        });
        let unknown = unknown_among([
            (NodeFigure::Threshold, entry.at_least),
            (NodeFigure::Otherwise, Some(entry.otherwise)),
            (NodeFigure::RefillsIn, entry.refills_in),
        ]);
        let at_least = entry.at_least.map(|share| share.value);
        let need = Need { on, at_least, holdover, otherwise: entry.otherwise.value };
        Some(Expression::Need(Box::new(need)).uncertain(unknown))
    }
}

/// Those of a gate's or need's numbers that nobody knows, each with the number of its figure.
pub(super) fn unknown_among<const N: usize>(
    figures: [(NodeFigure, Option<Figure>); N],
) -> Vec<(NodeFigure, usize)> {
    let unknown = |(which, figure): (NodeFigure, Option<Figure>)| Some((which, figure?.unknown?));
    figures.into_iter().filter_map(unknown).collect()
}

fn up(inner: Expression) -> Expression {
    match inner {
        Expression::Level(c) | Expression::Up(c) => Expression::Up(c),
        other => Expression::Not(Box::new(Expression::Not(Box::new(other)))),
    }
}

fn down(inner: Expression) -> Expression {
    match inner {
        Expression::Level(c) | Expression::Up(c) => Expression::Down(c),
        other => Expression::Not(Box::new(other)),
    }
}

/// The expression as it is written, for names.
fn describe(spec: &ExpressionSpec) -> String {
    let list = |list: &[ExpressionSpec]| list.iter().map(describe).collect::<Vec<_>>().join(", ");
    match &spec.kind {
        ExpressionKind::Name(name) => name.value.clone(),
        ExpressionKind::All(l) => format!("all of {}", list(l)),
        ExpressionKind::Any(l) => format!("any of {}", list(l)),
        ExpressionKind::Share(l) => format!("a share of {}", list(l)),
        ExpressionKind::AtLeast(k, l) => format!("{} of {}", k.value.count(), list(l)),
        ExpressionKind::Up(e) => format!("{} up", describe(e)),
        ExpressionKind::Down(e) => format!("{} down", describe(e)),
        ExpressionKind::Not(e) => format!("not {}", describe(e)),
        ExpressionKind::Reach(region) => format!("a way to {}", region.value),
        ExpressionKind::State(state) => state_name(state),
        ExpressionKind::Entry(e) => describe(&e.on),
    }
}
