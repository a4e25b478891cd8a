//! Services.

use super::capacity::capacity;
use super::component::{Has, component_fields};
use super::network::attach;
use super::{holds_nothing, optional, plain_variant, share_law, time_law, uncertain_count, variant};
use crate::scenario::calendar;
use crate::scenario::decode::{Fields, Spanned, list_of, spanned, string};
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::law_spec::LawSpec;
use crate::scenario::spec::{ComponentSpec, Scope, ServiceSpec, SpreadSpec};
use crate::scenario::tree::Node;

/// A service.
pub(super) fn service(node: &Node, found: &mut Diagnostics) -> Option<ServiceSpec> {
    let mut fields = Fields::plain(node, "a service", found)?;
    let scope =
        fields.require_as("scope", "Zonal, Regional, Global or Outside").and_then(|n| scope(n, found));
    let outside = scope == Some(Scope::Outside);
    let plane = optional(fields.take("plane"), found, plane);
    // Only a unit that is in no region has a time zone of its own.
    let placeless = !matches!(scope, Some(Scope::Zonal | Scope::Regional));
    let clock = placeless.then(|| fields.take("clock")).flatten();
    let clock = optional(clock, found, calendar::zone_name);
    let inside = if outside { Some(Inside::default()) } else { read_inside(&mut fields, node, found) };
    let capacity = optional(fields.take("capacity"), found, capacity);
    // A provider without place has no members: what members would say, it says itself.
    let has = Has { units: false, standby: false, needs: outside, calls: outside };
    let unit = component_fields(&mut fields, node.span, has, found);
    let attach = if outside { attach(fields.take("attach"), found) } else { Some(Vec::new()) };
    if outside {
        fields.elsewhere(
            &["in", "spread", "reconfigures", "member"],
            "a service Outside has no regions and no members",
        );
    } else if scope.is_some() {
        fields.elsewhere(&["clock"], "its units have the `clock` of their region");
        fields.elsewhere(&OF_MEMBERS, "what each member has stands in `member: (...)`");
        fields.elsewhere(&["attach"], "its members are in regions, which join the network with `attach`");
    } else {
        // Whether they belong here depends on the scope, whose own mistake is reported.
        for name in OF_MEMBERS {
            let _ = fields.take(name);
        }
        let _ = fields.take("attach");
    }
    fields.elsewhere(&OF_CAPACITY, "what overload does stands in `capacity: (...)`");
    fields.finish(found);
    let (unit, inside) = (unit?, inside?);
    let member = inside.member.unwrap_or_else(|| ComponentSpec::silent(node.span));
    Some(ServiceSpec {
        scope: scope?,
        plane: plane?,
        clock: clock?,
        regions: inside.regions,
        spread: inside.spread.unwrap_or(SpreadSpec::Proportional),
        reconfigures: inside.reconfigures,
        unit,
        member,
        attach: attach?,
        capacity: capacity?,
    })
}

/// Fields of members that may be looked for in the service.
const OF_MEMBERS: [&str; 6] = ["needs", "starts_with", "restart", "black_start", "count", "enough"];

/// Fields of a capacity that may be looked for in the service.
const OF_CAPACITY: [&str; 7] =
    ["per_member", "total", "in_regions", "gamma", "warm_up", "trips", "autoscaling"];

/// What services with members say.
#[derive(Default)]
struct Inside {
    regions: Option<Vec<Spanned<String>>>,
    spread: Option<SpreadSpec>,
    reconfigures: Option<(LawSpec, LawSpec)>,
    member: Option<ComponentSpec>,
}

fn read_inside(fields: &mut Fields<'_>, node: &Node, found: &mut Diagnostics) -> Option<Inside> {
    let regions = optional(fields.take("in"), found, |n, f| list_of(n, f, |n, f| spanned(n, f, string)));
    let spread = optional(fields.take("spread"), found, spread);
    let reconfigures = optional(fields.take("reconfigures"), found, reconfigures);
    let member = optional(fields.take("member"), found, member);
    let regions = regions?;
    if regions.as_ref().is_some_and(Vec::is_empty) {
        found.error(node.span, "a service in no region has no units", "expected at least one region in `in`");
        return None;
    }
    Some(Inside { regions, spread: spread?, reconfigures: reconfigures?, member: member? })
}

fn scope(node: &Node, found: &mut Diagnostics) -> Option<Scope> {
    Some(match plain_variant(node, "scope", &["Zonal", "Regional", "Global", "Outside"], found)? {
        "Zonal" => Scope::Zonal,
        "Regional" => Scope::Regional,
        "Global" => Scope::Global,
        _ => Scope::Outside,
    })
}

/// A label: any name.
fn plane(node: &Node, found: &mut Diagnostics) -> Option<String> {
    node.lone_name().map(ToOwned::to_owned).or_else(|| string(node, found))
}

fn spread(node: &Node, found: &mut Diagnostics) -> Option<SpreadSpec> {
    Some(match variant(node, "spread", &["Proportional", "Quorum"], found)? {
        "Proportional" => holds_nothing(node, found).map(|()| SpreadSpec::Proportional)?,
        _ => {
            let mut fields = Fields::arguments(node, "`Quorum(k)`", &["k"], found)?;
            let k = fields.require("k").and_then(|n| uncertain_count(n, found));
            fields.finish(found);
            SpreadSpec::Quorum(k?)
        }
    })
}

fn reconfigures(node: &Node, found: &mut Diagnostics) -> Option<(LawSpec, LawSpec)> {
    let mut fields = Fields::plain(node, "how a service re-forms", found)?;
    let takes = fields.require_as("in", "how long it takes").and_then(|n| time_law(n, found));
    let meanwhile = fields.require_as("meanwhile", "Errors(share)").and_then(|n| errors(n, found));
    fields.finish(found);
    Some((takes?, meanwhile?))
}

fn errors(node: &Node, found: &mut Diagnostics) -> Option<LawSpec> {
    variant(node, "effect of re-forming", &["Errors"], found)?;
    let mut fields = Fields::arguments(node, "`Errors(share)`", &["share"], found)?;
    let share = fields.require("share").and_then(|n| share_law(n, found));
    fields.finish(found);
    share
}

fn member(node: &Node, found: &mut Diagnostics) -> Option<ComponentSpec> {
    let mut fields = Fields::plain(node, "a member", found)?;
    let has = Has { units: true, standby: false, needs: true, calls: true };
    let member = component_fields(&mut fields, node.span, has, found);
    fields.finish(found);
    member
}
