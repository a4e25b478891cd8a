//! The event queue: one pending instant per timer, and a tournament among them.
//!
//! Most timers always have exactly one pending instant, which is moved, not removed: for that a tournament
//! tree over a fixed set of slots beats a heap (no sifting of entries, no stale ones left behind). Ties go to
//! the lower slot; the engine does not rely on it, since all events of an instant are applied as a set.

use crate::time::SimTime;

/// Pending instants by slot.
#[derive(Debug, Clone)]
pub(crate) struct Queue {
    /// Number of slots, a power of two. Slot s is leaf `leaves + s`; node 1 is the root.
    leaves: usize,
    /// The earliest instant below each node, and whose it is.
    nodes: Vec<Entry>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Entry {
    time: SimTime,
    slot: u32,
}

impl Queue {
    /// A queue of `slots` timers, none of them pending.
    pub(crate) fn new(slots: usize) -> Self {
        let leaves = slots.next_power_of_two().max(2);
        let mut queue = Self { leaves, nodes: Vec::new() };
        queue.clear();
        queue
    }

    /// Forgets everything pending.
    pub(crate) fn clear(&mut self) {
        let leaf = |slot: usize| Entry { time: SimTime::NEVER, slot: slot as u32 };
        self.nodes.clear();
        self.nodes.resize(self.leaves, leaf(0));
        self.nodes.extend((0..self.leaves).map(leaf));
        self.play_all();
    }

    /// Makes room for `slots` timers.
    pub(crate) fn grow(&mut self, slots: usize) {
        if slots <= self.leaves {
            return;
        }
        let pending: Vec<Entry> = self.nodes[self.leaves..].to_vec();
        self.leaves = slots.next_power_of_two();
        self.clear();
        for entry in pending {
            self.nodes[self.leaves + entry.slot as usize] = entry;
        }
        self.play_all();
    }

    /// The earliest pending instant.
    #[inline]
    pub(crate) fn next(&self) -> SimTime {
        self.nodes[1].time
    }

    /// The slot of the earliest pending instant.
    #[inline]
    pub(crate) fn first(&self) -> u32 {
        self.nodes[1].slot
    }

    /// Sets when a slot is due; [`SimTime::NEVER`] cancels it.
    #[inline]
    pub(crate) fn set(&mut self, slot: u32, time: SimTime) {
        let mut place = self.leaves + slot as usize;
        let mut best = Entry { time, slot };
        // Where a node keeps what it had, nothing changes further up.
        while self.nodes[place] != best {
            self.nodes[place] = best;
            if place == 1 {
                return;
            }
            best = earlier(best, self.nodes[place ^ 1]);
            place /= 2;
        }
    }

    fn play_all(&mut self) {
        for node in (1..self.leaves).rev() {
            self.nodes[node] = earlier(self.nodes[2 * node], self.nodes[2 * node + 1]);
        }
    }
}

#[inline]
fn earlier(a: Entry, b: Entry) -> Entry {
    if (b.time, b.slot) < (a.time, a.slot) { b } else { a }
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
