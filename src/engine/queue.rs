//! The event queue: one pending instant per timer, and a tournament among them.
//!
//! Most timers always have exactly one pending instant, which is moved, not removed: for that a tournament
//! tree over a fixed set of slots beats a heap (no sifting of entries, no stale ones left behind). Ties go to
//! whichever came last; the engine does not rely on it, since all events of an instant are applied as a set.

use std::hint::select_unpredictable;

use crate::time::SimTime;

/// Pending instants by slot.
#[derive(Debug, Clone)]
pub(crate) struct Queue {
    /// Number of slots, a power of two. Slot s is leaf `leaves + s`; node 1 is the root.
    leaves: usize,
    /// The earliest instant below each node.
    times: Vec<SimTime>,
    /// Whose it is.
    slots: Vec<u32>,
}

impl Queue {
    /// A queue of `slots` timers, none of them pending.
    pub(crate) fn new(slots: usize) -> Self {
        let leaves = slots.next_power_of_two().max(2);
        let mut queue = Self { leaves, times: Vec::new(), slots: Vec::new() };
        queue.clear();
        queue
    }

    /// Forgets everything pending.
    pub(crate) fn clear(&mut self) {
        self.times.clear();
        self.times.resize(2 * self.leaves, SimTime::NEVER);
        self.slots.clear();
        self.slots.resize(self.leaves, 0);
        self.slots.extend(0..self.leaves as u32);
    }

    /// Makes room for `slots` timers.
    pub(crate) fn grow(&mut self, slots: usize) {
        if slots <= self.leaves {
            return;
        }
        let pending: Vec<SimTime> = self.times[self.leaves..].to_vec();
        self.leaves = slots.next_power_of_two();
        self.clear();
        for (slot, time) in pending.into_iter().enumerate() {
            self.set(slot as u32, time);
        }
    }

    /// The earliest pending instant.
    #[inline]
    pub(crate) fn next(&self) -> SimTime {
        self.times[1]
    }

    /// The slot of the earliest pending instant.
    #[inline]
    pub(crate) fn first(&self) -> u32 {
        self.slots[1]
    }

    /// Sets when a slot is due; [`SimTime::NEVER`] cancels it.
    #[inline]
    pub(crate) fn set(&mut self, slot: u32, time: SimTime) {
        let (mut time, mut slot) = (time, slot);
        let mut place = self.leaves + slot as usize;
        self.times[place] = time;
        // No early end where a node keeps what it had: whoever is moved mostly led all the way up.
        while place > 1 {
            let other = (self.times[place ^ 1], self.slots[place ^ 1]);
            // Who leads is a coin toss: a branch would be mispredicted half the time.
            let leads = other.0 < time;
            time = select_unpredictable(leads, other.0, time);
            slot = select_unpredictable(leads, other.1, slot);
            place /= 2;
            self.times[place] = time;
            self.slots[place] = slot;
        }
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
