//! A model in a few lines, for the message about a difference.

use std::fmt::Write as _;

use blackstart::model::{CompId, Expressions, Model, NodeId, NodeKind, PlaceId, Profile, SiteId};

/// One line for each part of the model that can matter.
pub(crate) fn describe(model: &Model) -> String {
    let mut text = String::new();
    let node = |n: Option<NodeId>| n.map_or("-".to_owned(), |n| expression(model, n));
    for c in &model.components {
        let (enough, pooled) = (c.enough, c.pooled);
        let _ = write!(text, "{} x{} {enough:?} pooled {pooled}: needs {}", c.name, c.units, node(c.support));
        let _ = write!(text, "; starts with {}, restart {:?}", node(c.starts_with), c.restart);
        let _ = write!(text, ", black start {:?}, members {:?}", c.black_start, c.members);
        if let Some(s) = &c.standby {
            let _ = write!(
                text,
                ", standby in {:?} fails {} dormancy {}",
                s.starts_in, s.fails_to_start, s.dormancy
            );
        }
        if let Some(r) = &c.reconfigure {
            let _ = write!(text, ", re-forms {:?} {:?}", r.takes, r.errors);
        }
        text.push('\n');
    }
    for m in &model.modes {
        let _ = writeln!(
            text,
            "{}: {:?} {:?} {:?} rhythm {:?} {}",
            m.name,
            m.every,
            m.effect,
            m.clock,
            m.rhythm,
            repair(model, m.repair.index())
        );
    }
    for h in &model.hazards {
        let _ = writeln!(
            text,
            "{}: {:?} p {} one of {:?} rhythm {:?}",
            h.name, h.occurs, h.probability, h.one_of, h.rhythm
        );
        for s in &model.strikes[h.strikes.clone()] {
            let targets: Vec<_> =
                s.targets.iter().map(|t| &model.components[t.component.index()].name).collect();
            let _ = write!(text, "    {:?} on {targets:?} hits {} delay {:?}", s.effect, s.hits, s.delay);
            let _ = writeln!(text, " each {} {}", s.each, repair(model, s.repair.index()));
        }
    }
    for r in &model.routes {
        let units: Vec<_> = r.units.iter().map(|u| &model.components[u.index()].name).collect();
        let _ = write!(text, "{}: {units:?}", r.name);
        if let Some(f) = &r.failover {
            let needs: Vec<_> = f.needs.iter().map(|n| node(*n)).collect();
            let _ = write!(
                text,
                " detect {:?} shift {:?} works {} quiet {:?}",
                f.detect, f.shift, f.works, f.quiet
            );
            let _ = write!(text, " needs {needs:?} at target {}", f.needs_at_target);
        }
        text.push('\n');
    }
    for u in &model.usages {
        let _ = writeln!(text, "usage {:?}", u.calls);
    }
    for s in &model.switches {
        let _ = writeln!(text, "switch {:?}", s.takes);
    }
    network(model, &mut text);
    text
}

fn network(model: &Model, text: &mut String) {
    let n = &model.network;
    let name = |c: CompId| &model.components[c.index()].name;
    let site = |s: SiteId| name(n.sites[s.index()].component);
    for e in &n.edges {
        let (ends, latency) = ((site(e.ends.0), site(e.ends.1)), e.latency_nanos);
        let _ = writeln!(text, "{}: {ends:?} {} bps {latency} ns", name(e.component), e.capacity);
    }
    for p in &n.paths {
        let joins = |p: PlaceId| n.places[p.index()].joins.iter().map(|(s, ns)| (site(*s), *ns));
        let (from, to): (Vec<_>, Vec<_>) = (joins(p.from).collect(), joins(p.to).collect());
        let _ = writeln!(text, "{}: {from:?} to {to:?}", name(p.component));
    }
    for f in &n.traffic {
        let (from, to, flat) = (site(f.from), site(f.to), f.profile == Profile::Flat);
        let _ = writeln!(text, "{}: {from} to {to} {} bps, {} flat {flat}", f.name, f.rate, f.priority);
    }
    let _ = writeln!(text, "convergence {:?}, bits {:?}", n.convergence, n.bits_per_call);
    for r in &model.routes {
        let _ = writeln!(text, "{}: landings {:?}", r.name, r.landings);
    }
}

fn repair(model: &Model, index: usize) -> String {
    let r = &model.repairs[index];
    let needs = r.needs.map_or("-".to_owned(), |n| expression(model, n));
    let crew = r.crew.map(|c| &model.crews[c.index()]);
    format!(
        "detect {:?} crew {crew:?} travel {:?} work {:?} needs {needs} without {:?} priority {}",
        r.detect, r.travel, r.work, r.without_needs, r.priority
    )
}

fn expression(model: &Model, node: NodeId) -> String {
    let kind = model.expressions.kind(node);
    let inputs: Vec<_> = model.expressions.children(node).iter().map(|n| expression(model, *n)).collect();
    let inputs = inputs.join(", ");
    if let Some(c) = Expressions::target(kind) {
        let name = &model.components[c.index()].name;
        return match kind {
            NodeKind::Level(_) => name.clone(),
            NodeKind::LevelAtLeast(_, x) => format!("{name} >= {x}"),
            NodeKind::Down(_) => format!("Down({name})"),
            _ => format!("Up({name})"),
        };
    }
    match kind {
        NodeKind::Need { at_least, hold, otherwise } => {
            let held = hold.map(|h| (&model.holds[h.index()].length, model.holds[h.index()].refills_in));
            format!("Need({inputs}; at least {at_least:?}, held {held:?}, else {otherwise})")
        }
        _ => format!("{kind:?}({inputs})"),
    }
}
