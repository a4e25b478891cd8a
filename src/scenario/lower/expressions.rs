//! Needs and conditions with their names resolved.

use super::laws::law;
use super::names::{Meaning, Names, Place};
use crate::model::{Expression, Holdover, Need};
use crate::scenario::decode::Spanned;
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::sources::Span;
use crate::scenario::spec::{EntrySpec, ExpressionKind, ExpressionSpec};
use crate::time::SimSpan;

/// Resolves expressions of one owner at one place.
pub(super) struct Resolver<'r, 's> {
    pub(super) names: &'r Names<'s>,
    pub(super) place: Place<'r>,
    /// Names the streams of holdovers.
    pub(super) owner: &'r str,
    pub(super) found: &'r mut Diagnostics,
}

impl Resolver<'_, '_> {
    /// A component's needs: each entry is a need of its own.
    pub(super) fn needs(&mut self, list: &[ExpressionSpec]) -> Vec<Expression> {
        list.iter().filter_map(|entry| self.need(entry)).collect()
    }

    fn need(&mut self, spec: &ExpressionSpec) -> Option<Expression> {
        let resolved = self.value(spec, None)?;
        Some(match resolved {
            Expression::Need(_) => resolved,
            on => Expression::Need(Box::new(Need { on, at_least: None, holdover: None, otherwise: 0.0 })),
        })
    }

    /// Conditions and what repairs, starts and shifts need: all of them.
    pub(super) fn all(&mut self, list: &[ExpressionSpec]) -> Option<Expression> {
        if list.is_empty() {
            return None;
        }
        let mut all: Vec<Expression> = list.iter().filter_map(|e| self.value(e, None)).collect();
        if all.len() == 1 { all.pop() } else { Some(Expression::All(all)) }
    }

    /// One expression.
    pub(super) fn value(
        &mut self,
        spec: &ExpressionSpec,
        from: Option<&Spanned<String>>,
    ) -> Option<Expression> {
        match &spec.kind {
            ExpressionKind::Name(name) => self.name(name, from),
            ExpressionKind::All(list) => self.list(list, from).map(Expression::All),
            ExpressionKind::Any(list) => self.list(list, from).map(Expression::Any),
            ExpressionKind::Share(list) => self.list(list, from).map(Expression::Share),
            ExpressionKind::AtLeast(k, list) => {
                self.list(list, from).map(|l| Expression::AtLeast(k.value as usize, l))
            }
            ExpressionKind::Up(inner) => self.value(inner, from).map(up),
            ExpressionKind::Down(inner) => self.value(inner, from).map(down),
            ExpressionKind::Not(inner) => self.value(inner, from).map(|e| Expression::Not(Box::new(e))),
            ExpressionKind::Entry(entry) => self.entry(entry, spec.span),
        }
    }

    fn name(&mut self, name: &Spanned<String>, from: Option<&Spanned<String>>) -> Option<Expression> {
        self.names.resolve(name, from, self.place, self.found).map(|meaning| match meaning {
            Meaning::Component(c) => Expression::Level(c),
            Meaning::Unit(c) => Expression::Up(c),
        })
    }

    fn list(&mut self, list: &[ExpressionSpec], from: Option<&Spanned<String>>) -> Option<Vec<Expression>> {
        let resolved: Vec<Option<Expression>> = list.iter().map(|e| self.value(e, from)).collect();
        resolved.into_iter().collect()
    }

    fn entry(&mut self, entry: &EntrySpec, span: Span) -> Option<Expression> {
        let on = self.value(&entry.on, entry.from.as_ref())?;
        // A threshold on a service asks for its unit's level, not for whether it is up.
        let on = match (on, entry.at_least) {
            (Expression::Up(c), Some(_)) => Expression::Level(c),
            (on, _) => on,
        };
        let text = describe(&entry.on);
        let holdover = entry.holdover.as_ref().map(|length| Holdover {
            length: law(length, span, self.found),
            refills_in: entry.refills_in.map(SimSpan::from_micros_f64),
            name: format!("{} needs {text}", self.owner),
        });
        Some(Expression::Need(Box::new(Need {
            on,
            at_least: entry.at_least,
            holdover,
            otherwise: entry.otherwise,
        })))
    }
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
        ExpressionKind::AtLeast(k, l) => format!("{} of {}", k.value, list(l)),
        ExpressionKind::Up(e) => format!("{} up", describe(e)),
        ExpressionKind::Down(e) => format!("{} down", describe(e)),
        ExpressionKind::Not(e) => format!("not {}", describe(e)),
        ExpressionKind::Entry(e) => describe(&e.on),
    }
}
