//! What overloaded edges drop.

use super::placement::{Levels, PlacedFlow, Placement};
use super::sharing::{Stream, share};
use super::topology::{Topology, lane_index};
use super::ways::Way;
use crate::model::PathId;

/// What users send over one path.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UserLoad {
    /// The path; calls take its way there, and the answers take it back.
    pub path: PathId,
    /// Bits per second each way; 0 for calls that are too small to count, which are dropped like the rest.
    pub rate: f64,
    /// Larger is served first.
    pub priority: i64,
}

impl UserLoad {
    /// The priority of all calls of users.
    pub(super) const PRIORITY: i64 = 0;
}

/// What arrives, and what is dropped where.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Drops {
    /// Share of each user load that comes there and back.
    ///
    /// Formula: product, over the edges there and back, of the share that the edge passes; 0 without a way.
    pub users: Vec<f64>,
    /// Share of each flow of the network that arrives.
    ///
    /// Formula: sum over its parts of (rate x product of the shares that its edges pass) / rate of the flow; 1 without
    /// traffic.
    pub flows: Vec<f64>,
    /// Share of each part of each flow that arrives, in the order of [`PlacedFlow::parts`].
    pub parts: Vec<Vec<f64>>,
    /// What each edge passes on: from its first end to its second, and back.
    ///
    /// Units: bits per second.
    pub load: Vec<[f64; 2]>,
    /// What each edge drops: from its first end to its second, and back.
    ///
    /// Units: bits per second.
    pub dropped: Vec<[f64; 2]>,
}

/// Says what arrives of background traffic and of users' loads on the ways where they were placed.
///
/// Formula: each direction of an edge serves larger priorities first, up to capacity x level; the priority that exceeds
/// what is left of it passes the share left / offered, alike for all of that priority, and those below it pass nothing.
/// An edge passes nothing while it or one of its ends is at 0. What is dropped loads no edge further on: the shares
/// are the fixed point of this (to 1e-12, within 100 rounds).
#[must_use]
pub fn drops(topology: &Topology<'_>, levels: &Levels, placement: &Placement, users: &[UserLoad]) -> Drops {
    let usable = topology.usable(levels);
    let shares = share(&streams(topology, placement, users), &topology.capacities(levels, &usable));
    let mut arrive = shares.arrive.into_iter();
    let mut arrives = |way: &Way| {
        let share = arrive.next().unwrap_or(0.0);
        // A way of no edges still needs its site.
        if usable.sites[way.first.index()] { share } else { 0.0 }
    };
    // In the order of `streams`.
    let shares_of = |placed: &PlacedFlow| placed.parts.iter().map(|(way, _)| arrives(way)).collect();
    let parts: Vec<Vec<f64>> = placement.flows.iter().map(shares_of).collect();
    let flows =
        placement.flows.iter().zip(&parts).map(|(placed, shares)| share_of_flow(placed, shares)).collect();
    let way = |user: &UserLoad| placement.ways[user.path.index()].as_ref();
    let users = users.iter().map(|user| way(user).map_or(0.0, &mut arrives)).collect();
    Drops { users, flows, parts, load: by_edge(&shares.passed), dropped: by_edge(&shares.dropped) }
}

/// The parts of flows, then the users that have a way.
pub(super) fn streams(topology: &Topology<'_>, placement: &Placement, users: &[UserLoad]) -> Vec<Stream> {
    let mut streams = Vec::new();
    for (placed, flow) in placement.flows.iter().zip(&topology.network.traffic) {
        let parts = placed.parts.iter();
        streams.extend(parts.map(|(way, rate)| Stream {
            lanes: there(way).collect(),
            rate: *rate,
            priority: flow.priority,
        }));
    }
    for user in users {
        if let Some(way) = &placement.ways[user.path.index()] {
            let lanes = there(way).chain(back(way)).collect();
            streams.push(Stream { lanes, rate: user.rate, priority: user.priority });
        }
    }
    streams
}

fn there(way: &Way) -> impl Iterator<Item = usize> {
    way.edges.iter().map(|(edge, forward)| lane_index(*edge, *forward))
}

fn back(way: &Way) -> impl Iterator<Item = usize> {
    way.edges.iter().rev().map(|(edge, forward)| lane_index(*edge, !*forward))
}

fn share_of_flow(placed: &PlacedFlow, shares: &[f64]) -> f64 {
    let arriving: f64 = placed.parts.iter().zip(shares).map(|((_, rate), share)| rate * share).sum();
    let rate = placed.rate();
    if rate > 0.0 { arriving / rate } else { 1.0 }
}

fn by_edge(lanes: &[f64]) -> Vec<[f64; 2]> {
    lanes.chunks_exact(2).map(|pair| [pair[0], pair[1]]).collect()
}
