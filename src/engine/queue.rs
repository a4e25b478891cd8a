//! The event queue: one pending instant per timer, and a tournament among them.
//!
//! Most timers always have exactly one pending instant, which is moved, not removed: for that a tournament
//! tree over a fixed set of slots beats a heap (no sifting of entries, no stale ones left behind). Ties go to
//! the lower slot; the engine does not rely on it, since all events of an instant are applied as a set.

use crate::time::SimTime;

/// Pending instants by slot.
#[derive(Debug, Clone)]
pub(crate) struct Queue {
    keys: Vec<SimTime>,
    /// `winner[n]` is the slot with the earliest instant below tree node n; node 1 is the root.
    winner: Vec<u32>,
}

impl Queue {
    /// A queue of `slots` timers, none of them pending.
    pub(crate) fn new(slots: usize) -> Self {
        let leaves = slots.next_power_of_two().max(2);
        let mut queue = Self { keys: vec![SimTime::NEVER; leaves], winner: vec![0; leaves] };
        queue.play_all();
        queue
    }

    /// Forgets everything pending.
    pub(crate) fn clear(&mut self) {
        self.keys.fill(SimTime::NEVER);
        self.play_all();
    }

    /// Makes room for `slots` timers.
    pub(crate) fn grow(&mut self, slots: usize) {
        let leaves = slots.next_power_of_two();
        if leaves > self.keys.len() {
            self.keys.resize(leaves, SimTime::NEVER);
            self.winner = vec![0; leaves];
            self.play_all();
        }
    }

    /// The earliest pending instant.
    #[inline]
    pub(crate) fn next(&self) -> SimTime {
        self.keys[self.winner[1] as usize]
    }

    /// The slot of the earliest pending instant.
    #[inline]
    pub(crate) fn first(&self) -> u32 {
        self.winner[1]
    }

    /// Sets when a slot is due; [`SimTime::NEVER`] cancels it.
    #[inline]
    pub(crate) fn set(&mut self, slot: u32, time: SimTime) {
        if self.keys[slot as usize] == time {
            return;
        }
        self.keys[slot as usize] = time;
        let leaves = self.keys.len();
        let mut node = (leaves + slot as usize) / 2;
        let pair = slot & !1;
        let mut best = self.earlier(pair, pair + 1);
        loop {
            let before = std::mem::replace(&mut self.winner[node], best);
            // Where another slot led before and leads still, nothing changes further up.
            if node == 1 || (before == best && best != slot) {
                return;
            }
            node /= 2;
            best = self.earlier(self.winner[2 * node], self.winner[2 * node + 1]);
        }
    }

    #[inline]
    fn earlier(&self, left: u32, right: u32) -> u32 {
        if self.keys[right as usize] < self.keys[left as usize] { right } else { left }
    }

    fn play_all(&mut self) {
        let leaves = self.keys.len();
        for node in (1..leaves).rev() {
            let child = 2 * node;
            self.winner[node] = if child >= leaves {
                let slot = (child - leaves) as u32;
                self.earlier(slot, slot + 1)
            } else {
                self.earlier(self.winner[child], self.winner[child + 1])
            };
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
