//! What comes there and back of what users send at present.
//!
//! It is asked in every round in which flows of requests are solved, so all that ways and levels decide is worked out once.

use super::FEW_DROPS;
use super::drops::{UserLoad, streams};
use super::placement::{Levels, PlacedFlow, Placement};
use super::sharing::{Classes, Stream};
use super::topology::Topology;
use crate::model::{PathId, STEP_MICROS};
use crate::time::SimTime;

/// Share of dropped calls from which on none is taken for chance.
const SOME_DROPS: f64 = 10.0 * FEW_DROPS;

/// The network as users' calls meet it, as long as ways and levels stay.
#[derive(Debug, Clone, Default)]
pub(in crate::engine) struct Crossing {
    /// Parts of background traffic, then the paths that have a way.
    streams: Vec<Stream>,
    classes: Classes,
    /// Of each lane, bits per second.
    capacities: Vec<f64>,
    /// By path: its stream, if all of its way is up.
    stream_of: Vec<Option<usize>>,
    /// The lanes that users' calls may take.
    crossed: Vec<usize>,
    /// Background traffic of each lane if none is dropped: at the peaks of profiles, and at present.
    peak: Vec<f64>,
    present: Vec<f64>,
    /// The same of each stream.
    peak_rates: Vec<f64>,
    present_rates: Vec<f64>,
    /// The step of profiles that `present` is of.
    step: Option<i64>,
}

impl Crossing {
    /// The ways of a placement, at levels as they really are.
    pub(super) fn new(topology: &Topology<'_>, levels: &Levels, placement: &Placement) -> Self {
        let usable = topology.usable(levels);
        let paths = (0..placement.ways.len()).map(PathId::at);
        let users: Vec<UserLoad> =
            paths.map(|path| UserLoad { path, rate: 0.0, priority: UserLoad::PRIORITY }).collect();
        let streams = streams(topology, placement, &users);
        let mut next = placement.flows.iter().map(|flow| flow.parts.len()).sum::<usize>();
        let mut stream_of = Vec::with_capacity(users.len());
        for way in &placement.ways {
            let passes = way.as_ref().is_some_and(|way| usable.passes(way));
            stream_of.push(passes.then_some(next));
            next += usize::from(way.is_some());
        }
        let lanes = stream_of.iter().flatten().flat_map(|stream| streams[*stream].lanes.iter().copied());
        let mut crossed: Vec<usize> = lanes.collect();
        crossed.sort_unstable();
        crossed.dedup();
        let capacities = topology.capacities(levels, &usable);

        let classes = Classes::of(&streams);
        let peak_rates: Vec<f64> = streams.iter().map(|stream| stream.rate).collect();
        let peak = on_lanes(&streams, &peak_rates, capacities.len());
        let present = peak.clone();
        let present_rates = peak_rates.clone();
        Self {
            streams,
            classes,
            capacities,
            stream_of,
            crossed,
            peak,
            present,
            peak_rates,
            present_rates,
            step: None,
        }
    }

    /// True if background traffic is not that of the profiles' step at `time`.
    pub(super) fn is_out_of_date(&self, time: SimTime) -> bool {
        self.step != Some(time.micros() / STEP_MICROS)
    }

    /// Takes background traffic to be what it is at `time`.
    pub(super) fn set_background(&mut self, flows: &[PlacedFlow], time: SimTime) {
        let rates = flows.iter().flat_map(|flow| flow.parts.iter().map(|(_, rate)| *rate));
        self.present_rates.iter_mut().zip(rates).for_each(|(known, rate)| *known = rate);
        self.present = on_lanes(&self.streams, &self.present_rates, self.capacities.len());
        self.step = Some(time.micros() / STEP_MICROS);
    }

    /// True if nothing is dropped when users send `sent` bits per second over each path, with background traffic at the peaks
    /// of its profiles.
    pub(in crate::engine) fn has_room_at_peak(&self, sent: &[f64]) -> bool {
        if self.has_room(&self.peak, sent, &mut Vec::new()) {
            return true;
        }
        let mut arrives = Vec::new();
        self.share(&self.peak_rates, sent, &mut arrives);
        arrives.iter().zip(&self.stream_of).all(|(share, stream)| *share >= 1.0 || stream.is_none())
    }

    /// An upper bound, since what is dropped loads no lane further on.
    fn has_room(&self, background: &[f64], sent: &[f64], lanes: &mut Vec<f64>) -> bool {
        lanes.clear();
        lanes.extend_from_slice(background);
        for (stream, rate) in self.stream_of.iter().zip(sent).filter(|(_, rate)| **rate > 0.0) {
            let on_way = stream.iter().flat_map(|stream| &self.streams[*stream].lanes);
            on_way.for_each(|lane| lanes[*lane] += rate);
        }
        self.crossed.iter().all(|lane| lanes[*lane] < self.capacities[*lane])
    }

    /// The share of what is sent over each path that comes there and back; `sent` in bits per second each way.
    ///
    /// Formula: that of [`super::drops`]; of the share that is dropped, up to [`FEW_DROPS`] count as none, from ten times as much on all
    /// of it, and between them what lies on a line.
    pub(in crate::engine) fn find_arrivals(
        &self,
        sent: &[f64],
        lanes: &mut Vec<f64>,
        arrives: &mut Vec<f64>,
    ) {
        arrives.clear();
        if self.has_room(&self.present, sent, lanes) {
            arrives.extend(self.stream_of.iter().map(|stream| if stream.is_some() { 1.0 } else { 0.0 }));
            return;
        }
        self.share(&self.present_rates, sent, arrives);
    }

    fn share(&self, background: &[f64], sent: &[f64], arrives: &mut Vec<f64>) {
        let mut rates = background.to_vec();
        for (stream, rate) in self.stream_of.iter().zip(sent) {
            if let Some(stream) = stream {
                rates[*stream] = *rate;
            }
        }
        let pass = self.classes.settle(&rates, &self.capacities);
        let share = |stream: &Option<usize>| {
            stream.map_or(0.0, |stream| notable(self.classes.arrives(stream, &pass)))
        };
        arrives.extend(self.stream_of.iter().map(share));
    }

    /// True if the ways of two paths, there or back, have a lane in common.
    pub(in crate::engine) fn meet(&self, one: PathId, other: PathId) -> bool {
        let lanes = |path: PathId| {
            let stream = self.stream_of.get(path.index()).copied().flatten();
            stream.map_or(&[][..], |stream| &self.streams[stream].lanes)
        };
        lanes(one).iter().any(|lane| lanes(other).contains(lane))
    }
}

/// What streams put on each lane if none of it is dropped.
fn on_lanes(streams: &[Stream], rates: &[f64], lanes: usize) -> Vec<f64> {
    let mut on = vec![0.0; lanes];
    for (stream, rate) in streams.iter().zip(rates) {
        stream.lanes.iter().for_each(|lane| on[*lane] += rate);
    }
    on
}

/// The share that arrives, of which the first few drops count as none.
fn notable(arrives: f64) -> f64 {
    let dropped = 1.0 - arrives;
    if dropped >= SOME_DROPS {
        arrives
    } else {
        1.0 - (dropped - FEW_DROPS).max(0.0) * SOME_DROPS / (SOME_DROPS - FEW_DROPS)
    }
}
