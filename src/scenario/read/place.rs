//! Regions and coordinates.

use super::component::{Has, component_fields};
use super::network::attach;
use super::replicas::replicates;
use super::{components_of, optional};
use crate::scenario::calendar;
use crate::scenario::decode::{Fields, number, spanned, string};
use crate::scenario::diagnostics::Diagnostics;
use crate::scenario::spec::RegionSpec;
use crate::scenario::tree::Node;

/// A region.
pub(super) fn region(node: &Node, found: &mut Diagnostics) -> Option<RegionSpec> {
    let mut fields = Fields::plain(node, "a region", found)?;
    let at = optional(fields.take("at"), found, coordinates);
    let clock = optional(fields.take("clock"), found, calendar::zone_name);
    let attach = attach(fields.take("attach"), found);
    let replicates = replicates(fields.take("replicates"), found);
    let zones = fields
        .require_as("zones", "its zones and their kinds")
        .and_then(|n| components_of(n, found, |n, f| spanned(n, f, string)));
    let has = Has { units: false, standby: false, needs: true, calls: false };
    let region = component_fields(&mut fields, node.span, has, found);
    fields.finish(found);
    let zones = zones?;
    if zones.is_empty() {
        found.error(node.span, "a region without zones", "expected at least one zone");
        return None;
    }
    Some(RegionSpec {
        at: at?,
        clock: clock?,
        attach: attach?,
        replicates: replicates?,
        zones,
        region: region?,
    })
}

/// `(latitude, longitude)` in degrees.
pub(super) fn coordinates(node: &Node, found: &mut Diagnostics) -> Option<(f64, f64)> {
    let mut fields =
        Fields::arguments(node, "a place `(latitude, longitude)`", &["latitude", "longitude"], found)?;
    let latitude = fields.require("latitude").and_then(|n| degrees(n, 90.0, found));
    let longitude = fields.require("longitude").and_then(|n| degrees(n, 180.0, found));
    fields.finish(found);
    Some((latitude?, longitude?))
}

fn degrees(node: &Node, most: f64, found: &mut Diagnostics) -> Option<f64> {
    let value = number(node, found)?;
    if value.abs() > most {
        let label = format!("expected degrees from -{most} to {most}");
        found.error(node.span, format!("`{value}` is beyond {most} degrees"), label);
        return None;
    }
    Some(value)
}
