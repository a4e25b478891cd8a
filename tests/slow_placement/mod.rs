//! Placement and drops without cleverness: every simple way is listed and compared by name; drops take small steps for long.
#![allow(dead_code, reason = "each test file uses its own part")]

use std::cmp::Reverse;
use std::collections::BTreeMap;

use blackstart::engine::network::{Levels, Placement, UserLoad, Way};
use blackstart::model::{CompId, EdgeId, Model, Place, SiteId};

/// What ways are compared by: latency, edges, the first site, then each step's next site and edge.
type Merit<'m> = (u64, usize, &'m str, Vec<(&'m str, &'m str)>);

/// Bits per second left in each direction of each edge; `None` where it is not usable.
type Left = Vec<[Option<f64>; 2]>;

pub(crate) struct Slow<'m> {
    pub(crate) model: &'m Model,
    pub(crate) levels: &'m Levels,
}

/// Parts and loss of each flow, and the way of each path.
pub(crate) struct Placed {
    pub(crate) flows: Vec<(Vec<(Way, f64)>, f64)>,
    pub(crate) ways: Vec<Option<Way>>,
}

impl<'m> Slow<'m> {
    pub(crate) fn place(&self, rates: &[f64]) -> Placed {
        let network = &self.model.network;
        let whole = self.whole();
        let mut left = whole.clone();
        let mut flows = vec![(Vec::new(), 0.0); rates.len()];
        let mut order: Vec<usize> = (0..rates.len()).collect();
        order.sort_by_key(|i| (Reverse(network.traffic[*i].priority), *i));
        for i in order {
            let flow = &network.traffic[i];
            let mut rest = rates[i];
            while rest > 0.0 {
                let Some(way) = self.best(&[(flow.from, 0)], &[(flow.to, 0)], &left, true) else { break };
                let lanes: Vec<_> = way.edges.iter().map(|(e, fwd)| (e.index(), usize::from(!fwd))).collect();
                let room = lanes.iter().map(|(e, d)| left[*e][*d].unwrap()).fold(rest, f64::min);
                for (e, d) in lanes {
                    *left[e][d].as_mut().unwrap() -= room;
                }
                rest -= room;
                flows[i].0.push((way, room));
            }
            flows[i].1 = rest;
        }
        let joins = |place: &'m Place| &place.joins[..];
        let ways = network.paths.iter().map(|path| {
            let (from, to) = (&network.places[path.from.index()], &network.places[path.to.index()]);
            let around = self.best(joins(from), joins(to), &left, true);
            around.or_else(|| self.best(joins(from), joins(to), &whole, false))
        });
        Placed { flows, ways: ways.collect() }
    }

    fn whole(&self) -> Left {
        let edges = self.model.network.edges.iter().zip(&self.levels.edges);
        edges
            .map(|(edge, level)| {
                let usable = *level > 0.0 && self.up(edge.ends.0) && self.up(edge.ends.1);
                [usable.then_some(edge.capacity * level); 2]
            })
            .collect()
    }

    fn up(&self, site: SiteId) -> bool {
        self.levels.sites[site.index()] > 0.0
    }

    fn name(&self, component: CompId) -> &'m str {
        &self.model.components[component.index()].name
    }

    fn site_name(&self, site: SiteId) -> &'m str {
        self.name(self.model.network.sites[site.index()].component)
    }

    fn best(&self, from: &[(SiteId, u64)], to: &[(SiteId, u64)], left: &Left, room: bool) -> Option<Way> {
        let mut all = Vec::new();
        for (first, latency) in from.iter().filter(|(first, _)| self.up(*first)) {
            let start = (*latency, 0, self.site_name(*first), Vec::new());
            let way = Way { first: *first, edges: Vec::new(), latency_nanos: 0 };
            self.extend(start, way, *first, &mut vec![*first], (to, left, room), &mut all);
        }
        let (merit, way) = all.into_iter().min_by(|(a, _), (b, _)| a.cmp(b))?;
        Some(Way { latency_nanos: merit.0, ..way })
    }

    /// Adds all simple ways that begin with `way`, which is now at `at`.
    fn extend(
        &self,
        merit: Merit<'m>,
        way: Way,
        at: SiteId,
        seen: &mut Vec<SiteId>,
        search: (&[(SiteId, u64)], &Left, bool),
        all: &mut Vec<(Merit<'m>, Way)>,
    ) {
        let (to, left, room) = search;
        for (_, latency) in to.iter().filter(|(site, _)| *site == at) {
            all.push(((merit.0 + latency, merit.1, merit.2, merit.3.clone()), way.clone()));
        }
        for (e, edge) in self.model.network.edges.iter().enumerate() {
            for forward in [true, false] {
                let (tail, head) = if forward { edge.ends } else { (edge.ends.1, edge.ends.0) };
                let free = left[e][usize::from(!forward)].is_some_and(|left| !room || left > 0.0);
                if tail != at || !free || seen.contains(&head) {
                    continue;
                }
                let mut longer = (merit.0 + edge.latency_nanos, merit.1 + 1, merit.2, merit.3.clone());
                longer.3.push((self.site_name(head), self.name(edge.component)));
                let mut next = way.clone();
                next.edges.push((EdgeId::at(e), forward));
                seen.push(head);
                self.extend(longer, next, head, seen, search, all);
                seen.pop();
            }
        }
    }

    /// Shares that arrive: of each user load, and of each part of each flow.
    pub(crate) fn drops(&self, placement: &Placement, users: &[UserLoad]) -> (Vec<f64>, Vec<Vec<f64>>) {
        let flows = placement.flows.iter().zip(&self.model.network.traffic);
        let parts = flows.flat_map(|(placed, flow)| {
            placed.parts.iter().map(|(way, rate)| (Some(way), *rate, flow.priority, false))
        });
        let user =
            |user: &UserLoad| (placement.ways[user.path.index()].as_ref(), user.rate, user.priority, true);
        let all: Vec<_> = parts.chain(users.iter().map(user)).collect();
        let capacity = self.whole();
        let mut pass: BTreeMap<(usize, usize, i64), f64> = BTreeMap::new();
        let hops = |way: Option<&Way>, returns: bool| {
            let there = way.into_iter().flat_map(|way| way.edges.clone());
            let mut hops: Vec<_> = there.map(|(e, fwd)| (e.index(), usize::from(!fwd))).collect();
            if returns {
                let back: Vec<_> = hops.iter().rev().map(|(e, d)| (*e, 1 - d)).collect();
                hops.extend(back);
            }
            hops
        };
        for _ in 0..2_000 {
            let mut offered: BTreeMap<(usize, usize, i64), f64> = BTreeMap::new();
            for (way, rate, priority, returns) in &all {
                let mut rate = *rate;
                for (e, d) in hops(*way, *returns) {
                    *offered.entry((e, d, *priority)).or_default() += rate;
                    rate *= pass.get(&(e, d, *priority)).unwrap_or(&1.0);
                }
            }
            let before = pass.clone();
            for ((e, d, priority), load) in &offered {
                let above: f64 =
                    offered.range((*e, *d, *priority + 1)..=(*e, *d, i64::MAX)).map(|(_, load)| load).sum();
                let left = capacity[*e][*d].unwrap_or(0.0) - above;
                let share = if left <= 0.0 {
                    0.0
                } else if *load <= left {
                    1.0
                } else {
                    left / load
                };
                let pass = pass.entry((*e, *d, *priority)).or_insert(1.0);
                *pass += (share - *pass) * 0.1;
            }
            if before.iter().all(|(class, share)| (pass[class] - share).abs() < 1e-15) && !before.is_empty() {
                break;
            }
        }
        let mut shares = all.iter().map(|(way, _, priority, returns)| match way {
            Some(way) if self.up(way.first) => {
                hops(Some(way), *returns).iter().map(|(e, d)| pass[&(*e, *d, *priority)]).product()
            }
            _ => 0.0,
        });
        let flows = placement.flows.iter();
        let flows = flows.map(|placed| shares.by_ref().take(placed.parts.len()).collect()).collect();
        (shares.collect(), flows)
    }
}
