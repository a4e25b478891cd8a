//! The event queue: one pending instant per timer, and a tournament among them.
//!
//! Most timers always have exactly one pending instant, which is moved, not removed: for that a tournament
//! tree over a fixed set of slots beats a heap (no sifting of entries, no stale ones left behind). Ties go to
//! whichever came last; the engine does not rely on it, since all events of an instant are applied as a set.

use std::hint::select_unpredictable;

use crate::time::SimTime;

/// Contestants of one match. More of them make fewer levels, fewer make shorter matches; 4 was measured best.
const WAYS: usize = 4;

/// Who is due when.
#[derive(Debug, Clone, Copy)]
struct Due {
    time: SimTime,
    slot: u32,
}

impl Due {
    const NEVER: Self = Self { time: SimTime::NEVER, slot: 0 };
}

/// A match, by seat.
#[derive(Debug, Clone, Copy)]
struct Match {
    times: [SimTime; WAYS],
    slots: [u32; WAYS],
}

impl Match {
    const EMPTY: Self = Self { times: [SimTime::NEVER; WAYS], slots: [0; WAYS] };
}

/// Pending instants by slot.
#[derive(Debug, Clone)]
pub(crate) struct Queue {
    /// Matches, those of the slots first, those of their winners next, and so on.
    matches: Vec<Match>,
    /// Where the matches of each level begin.
    levels: Vec<usize>,
    /// The winner of all.
    first: Due,
}

impl Queue {
    /// A queue of `slots` timers, none of them pending.
    pub(crate) fn new(slots: usize) -> Self {
        let (mut levels, mut end) = (Vec::new(), 0);
        let mut contestants = slots;
        while contestants > 1 || levels.is_empty() {
            contestants = contestants.div_ceil(WAYS).max(1);
            levels.push(end);
            end += contestants;
        }
        Self { matches: vec![Match::EMPTY; end], levels, first: Due::NEVER }
    }

    /// Forgets everything pending.
    pub(crate) fn clear(&mut self) {
        self.matches.fill(Match::EMPTY);
        self.first = Due::NEVER;
    }

    /// Makes room for `slots` timers.
    pub(crate) fn grow(&mut self, slots: usize) {
        let of_slots = self.levels.get(1).copied().unwrap_or(self.matches.len());
        if slots <= of_slots * WAYS {
            return;
        }
        let pending: Vec<SimTime> = self.matches[..of_slots].iter().flat_map(|m| m.times).collect();
        *self = Self::new(slots.next_power_of_two());
        for (slot, time) in pending.into_iter().enumerate() {
            self.set(slot as u32, time);
        }
    }

    /// The earliest pending instant.
    #[inline]
    pub(crate) fn next(&self) -> SimTime {
        self.first.time
    }

    /// The slot of the earliest pending instant.
    #[inline]
    pub(crate) fn first(&self) -> u32 {
        self.first.slot
    }

    /// Sets when a slot is due; [`SimTime::NEVER`] cancels it.
    #[inline]
    pub(crate) fn set(&mut self, slot: u32, time: SimTime) {
        let mut winner = Due { time, slot };
        let mut place = slot as usize;
        // No early end where a match keeps its winner: whoever is moved mostly won all the way up.
        for level in &self.levels {
            let contest = &mut self.matches[level + place / WAYS];
            let seat = place % WAYS;
            contest.times[seat] = winner.time;
            contest.slots[seat] = winner.slot;
            for distance in 1..WAYS {
                let other = seat ^ distance;
                // Who wins is a coin toss: a branch would be mispredicted half the time.
                let wins = contest.times[other] < winner.time;
                winner.time = select_unpredictable(wins, contest.times[other], winner.time);
                winner.slot = select_unpredictable(wins, contest.slots[other], winner.slot);
            }
            place /= WAYS;
        }
        self.first = winner;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Replication, StreamName};

    #[test]
    fn the_earliest_is_always_first() {
        let mut queue = Queue::new(13);
        let mut plain = [SimTime::NEVER; 13];
        let (replication, name) = (Replication::new(1, 1), StreamName::new("queue", "test"));
        for k in 0..5_000 {
            let draw = replication.draw(name, k).uniform();
            let slot = (draw * 13.0) as usize;
            let time = (draw * 13e6) as i64 % 100;
            let time = if time > 90 { SimTime::NEVER } else { SimTime::from_micros(time) };
            queue.set(slot as u32, time);
            plain[slot] = time;
            let least = plain.iter().min().copied().unwrap();
            assert_eq!(queue.next(), least);
            assert_eq!(plain[queue.first() as usize], least);
        }
        queue.grow(40);
        assert_eq!(queue.next(), plain.iter().min().copied().unwrap());
    }
}
