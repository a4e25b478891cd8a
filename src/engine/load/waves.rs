//! Surges under way. Thousands at once cost hardly more than those of them that grow or fall: what those at their height do to
//! demand is kept as one product for each surge.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use super::demand::{MOST, Wave};
use crate::model::{Change, Model, SurgeId};
use crate::time::SimTime;

/// All surges under way.
#[derive(Debug, Clone, Default)]
pub(super) struct Waves {
    /// By number, in the order in which they began; and where those at their height stand in the product.
    all: BTreeMap<u32, (Wave, Option<usize>)>,
    begun: u32,
    /// When which of them begins or ceases to change.
    corners: BinaryHeap<Reverse<(SimTime, u32)>>,
    /// Those that grow or fall.
    changing: Vec<(u32, Wave)>,
    /// By surge: those at their height.
    standing: Vec<Product>,
}

impl Waves {
    pub(super) fn new(model: &Model) -> Self {
        Self { standing: vec![Product::default(); model.load.surges.len()], ..Self::default() }
    }

    pub(super) fn clear(&mut self) {
        self.all.clear();
        self.begun = 0;
        self.corners.clear();
        self.changing.clear();
        self.standing.iter_mut().for_each(Product::clear);
    }

    /// A surge begins: it counts once its first corner has been passed, which is now.
    pub(super) fn begin(&mut self, wave: Wave) {
        let number = self.begun;
        self.begun += 1;
        self.corners.extend(wave.corners().map(|corner| Reverse((corner, number))));
        self.all.insert(number, (wave, None));
    }

    /// Notes which of them change from `now` on, and forgets those that are over; true if any is.
    pub(super) fn pass(&mut self, now: SimTime, model: &Model) -> bool {
        let mut any_over = false;
        while let Some(Reverse((at, number))) = self.corners.peek().copied()
            && at <= now
        {
            self.corners.pop();
            any_over |= self.settle(number, now, model);
        }
        any_over
    }

    /// Puts one of them where it belongs now; true if it is over.
    fn settle(&mut self, number: u32, now: SimTime, model: &Model) -> bool {
        let Some((wave, held)) = self.all.get_mut(&number) else { return false };
        let wave = *wave;
        let product = &mut self.standing[wave.surge.index()];
        if let Some(place) = held.take() {
            product.remove(place);
        }
        self.changing.retain(|(other, _)| *other != number);
        if wave.is_over(now) {
            self.all.remove(&number);
            return true;
        }
        if wave.is_changing(now) {
            self.changing.push((number, wave));
        } else {
            *held = Some(product.add(part(&model.load.surges[wave.surge.index()].change, &wave)));
        }
        false
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Wave> {
        self.all.values().map(|(wave, _)| wave)
    }

    /// Those that grow or fall.
    pub(super) fn changing(&self) -> impl Iterator<Item = &Wave> {
        self.changing.iter().map(|(_, wave)| wave)
    }

    /// The product over those at their height, for each surge of which there are any.
    pub(super) fn standing(&self) -> impl Iterator<Item = (SurgeId, f64)> + '_ {
        let products = self.standing.iter().enumerate().filter(|(_, product)| !product.is_empty());
        products.map(|(surge, product)| (SurgeId::at(surge), product.value()))
    }

    /// The next time at which any begins or ceases to change.
    pub(super) fn next_corner(&self) -> SimTime {
        self.corners.peek().map_or(SimTime::NEVER, |Reverse((at, _))| *at)
    }
}

/// What a wave at its height multiplies: demand, or the share of calls that stay.
fn part(change: &Change, wave: &Wave) -> f64 {
    match change {
        Change::Factor(_) | Change::Adds(_) => wave.factor(1.0),
        Change::Moves(_) => wave.stays(1.0),
    }
}

/// A product of factors that come and go, each of which is worked out anew in as many steps as their number has binary digits: so no
/// rounding adds up over time.
#[derive(Debug, Clone, Default)]
struct Product {
    /// A binary tree: the children of `i` are `2 i` and `2 i + 1`; factors are its leaves.
    tree: Vec<f64>,
    leaves: usize,
    free: Vec<usize>,
    count: usize,
}

impl Product {
    fn clear(&mut self) {
        *self = Self::default();
    }

    const fn is_empty(&self) -> bool {
        self.count == 0
    }

    fn value(&self) -> f64 {
        self.tree.get(1).copied().unwrap_or(1.0)
    }

    /// Adds a factor and returns its place.
    fn add(&mut self, factor: f64) -> usize {
        if self.free.is_empty() {
            self.grow();
        }
        let place = self.free.pop().unwrap_or_default();
        self.count += 1;
        self.set(place, factor);
        place
    }

    fn remove(&mut self, place: usize) {
        self.set(place, 1.0);
        self.count -= 1;
        self.free.push(place);
    }

    fn set(&mut self, place: usize, factor: f64) {
        let mut at = self.leaves + place;
        self.tree[at] = factor;
        while at > 1 {
            at /= 2;
            self.tree[at] = (self.tree[2 * at] * self.tree[2 * at + 1]).min(MOST);
        }
    }

    /// Makes room for twice as many.
    fn grow(&mut self) {
        let old = self.tree.split_off(self.leaves.min(self.tree.len()));
        let before = self.leaves;
        self.leaves = (2 * before).max(2);
        self.tree.clear();
        self.tree.resize(2 * self.leaves, 1.0);
        self.tree[self.leaves..self.leaves + old.len()].copy_from_slice(&old);
        for at in (1..self.leaves).rev() {
            self.tree[at] = (self.tree[2 * at] * self.tree[2 * at + 1]).min(MOST);
        }
        // The smallest places first.
        self.free.extend((before..self.leaves).rev());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_come_and_go() {
        let mut product = Product::default();
        assert_eq!((product.is_empty(), product.value()), (true, 1.0));
        let places: Vec<usize> = (1..=9).map(|n| product.add(f64::from(n))).collect();
        assert_eq!(product.value(), 362_880.0);
        product.remove(places[8]);
        product.remove(places[0]);
        product.remove(places[2]);
        assert_eq!(product.value(), 13_440.0);
        let ten = product.add(10.0);
        assert_eq!(product.value(), 134_400.0);
        for place in [1, 3, 4, 5, 6, 7].map(|n: usize| places[n]).into_iter().chain([ten]) {
            product.remove(place);
        }
        assert_eq!((product.is_empty(), product.value()), (true, 1.0));
    }

    #[test]
    fn what_is_taken_away_leaves_no_rounding_behind() {
        let mut product = Product::default();
        let first = product.add(1.1);
        for _ in 0..1_000 {
            let third = product.add(1.0 / 3.0);
            let none = product.add(0.0);
            product.remove(third);
            product.remove(none);
        }
        assert_eq!(product.value(), 1.1);
        product.remove(first);
    }
}
