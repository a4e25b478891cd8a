//! How streams of traffic share the capacity of the lanes that they go through.

use std::cmp::Reverse;

/// Rounds after which the shares are taken as they are.
const MOST_ROUNDS: u32 = 100;
/// Rounds after which half as much of each move is made. Drops that lessen each other around a ring would otherwise
/// swing for ever; without a ring the first rounds find the answer.
const ROUNDS_A_STEP: u32 = 25;
/// A move of a share that counts as none.
const LEAST_MOVE: f64 = 1e-12;

/// Traffic that goes one way.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Stream {
    /// The lanes that it goes through, in order.
    pub(super) lanes: Vec<usize>,
    /// Bits per second sent.
    pub(super) rate: f64,
    /// Larger is served first.
    pub(super) priority: i64,
}

/// What comes of the streams.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shares {
    /// Share of each stream that comes through all its lanes.
    pub(super) arrive: Vec<f64>,
    /// On each lane, bits per second.
    pub(super) passed: Vec<f64>,
    /// On each lane, bits per second.
    pub(super) dropped: Vec<f64>,
}

/// Shares lanes of the given capacities among streams: the fixed point of serving what earlier lanes let through.
pub(super) fn share(streams: &[Stream], capacities: &[f64]) -> Shares {
    let classes = Classes::of(streams);
    let rates: Vec<f64> = streams.iter().map(|stream| stream.rate).collect();
    let pass = classes.settle(&rates, capacities);
    let arrive = (0..streams.len()).map(|stream| classes.arrives(stream, &pass)).collect();
    let (mut passed, mut dropped) = (vec![0.0; capacities.len()], vec![0.0; capacities.len()]);
    let offered = classes.offered(&rates, &pass);
    for (((lane, _), offered), pass) in classes.served.iter().zip(offered).zip(pass) {
        passed[*lane] += offered * pass;
        dropped[*lane] += offered * (1.0 - pass);
    }
    Shares { arrive, passed, dropped }
}

/// Traffic of one priority on one lane is a class: all of it fares alike.
#[derive(Debug, Clone, Default)]
pub(super) struct Classes {
    /// By lane, then in the order in which they are served.
    served: Vec<(usize, Reverse<i64>)>,
    /// The classes that each stream goes through.
    ways: Vec<Vec<usize>>,
}

impl Classes {
    pub(super) fn of(streams: &[Stream]) -> Self {
        let on_lanes = |stream: &Stream| {
            let priority = Reverse(stream.priority);
            stream.lanes.clone().into_iter().map(move |lane| (lane, priority))
        };
        let mut served: Vec<_> = streams.iter().flat_map(on_lanes).collect();
        served.sort_unstable();
        served.dedup();
        // Before a class stand those that are less: it is its own number.
        let number = |class| served.partition_point(|other| *other < class);
        let ways = streams.iter().map(|stream| on_lanes(stream).map(number).collect()).collect();
        Self { served, ways }
    }

    /// The share of a stream that comes through all its lanes, of what each class passes.
    pub(super) fn arrives(&self, stream: usize, pass: &[f64]) -> f64 {
        self.ways[stream].iter().map(|class| pass[*class]).product()
    }

    /// The share that each class passes, once all agree with each other; streams are sent at these rates.
    pub(super) fn settle(&self, rates: &[f64], capacities: &[f64]) -> Vec<f64> {
        let mut pass = vec![1.0; self.served.len()];
        for round in 0..MOST_ROUNDS {
            let next = self.serve(&self.offered(rates, &pass), capacities);
            let moves = next.iter().zip(&pass).map(|(next, pass)| (next - pass).abs());
            let largest = moves.fold(0.0, f64::max);
            let step = 1.0 / f64::from(1 << (round / ROUNDS_A_STEP));
            for (pass, next) in pass.iter_mut().zip(next) {
                *pass = *pass * (1.0 - step) + next * step;
            }
            if largest < LEAST_MOVE {
                break;
            }
        }
        pass
    }

    /// What comes to each class, bits per second, if classes pass these shares.
    fn offered(&self, rates: &[f64], pass: &[f64]) -> Vec<f64> {
        let mut offered = vec![0.0; self.served.len()];
        for (way, rate) in self.ways.iter().zip(rates) {
            let mut rate = *rate;
            for class in way {
                offered[*class] += rate;
                rate *= pass[*class];
            }
        }
        offered
    }

    /// The share that each class passes of what is offered.
    fn serve(&self, offered: &[f64], capacities: &[f64]) -> Vec<f64> {
        let (mut lane_now, mut left) = (None, 0.0);
        let classes = self.served.iter().zip(offered);
        classes
            .map(|((lane, _), offered)| {
                if lane_now != Some(*lane) {
                    (lane_now, left) = (Some(*lane), capacities[*lane]);
                }
                let pass = share_passed(*offered, left);
                // Not `left - offered x share`, which may leave a little of a full lane.
                left = if pass < 1.0 { 0.0 } else { left - offered };
                pass
            })
            .collect()
    }
}

/// Of next to nothing, a lane that is full passes nothing.
fn share_passed(offered: f64, left: f64) -> f64 {
    if left <= 0.0 {
        0.0
    } else if offered <= left {
        1.0
    } else {
        left / offered
    }
}
