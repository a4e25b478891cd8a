//! What has yet to react before the present instant has settled.

use crate::model::Model;

/// A kind of thing that reacts to what happened around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// Darkness, clocks and units of components that were touched.
    Components,
    Holds,
    Clocks,
    Repairs,
    Crews,
    Hazards,
    /// Demand for standbys.
    Groups,
    Units,
    Routes,
    Usages,
    /// The ways of the network: a single item.
    Network,
    /// Sites and edges of the network that may have another level: for the ways, and for what is announced.
    Elements,
    Announcements,
    Replicas,
    /// Flows of requests: a single item.
    Load,
}

const KINDS: usize = Look::Load as usize + 1;

/// Work lists of the present round, one a kind.
#[derive(Debug, Clone)]
pub(super) struct Agenda {
    lists: [Once; KINDS],
    /// Bit per kind that has something to look at.
    open: u32,
}

impl Agenda {
    pub(super) fn new(model: &Model) -> Self {
        let elements = model.network.sites.len() + model.network.edges.len();
        let size = |kind: usize| {
            [
                model.components.len(),
                model.holds.len(),
                model.modes.len(),
                model.repairs.len(),
                model.crews.len(),
                model.hazards.len(),
                model.groups.len(),
                model.components.len(),
                model.routes.len(),
                model.usages.len(),
                1,
                elements,
                elements,
                model.replicas.len(),
                1,
            ][kind]
        };
        Self { lists: std::array::from_fn(|kind| Once::new(size(kind))), open: 0 }
    }

    /// True if there is nothing to look at.
    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.open == 0
    }

    /// True if there is something of a kind to look at.
    pub(super) fn has(&self, kind: Look) -> bool {
        self.open & (1 << kind as u32) != 0
    }

    #[inline]
    pub(super) fn add(&mut self, kind: Look, item: usize) {
        self.open |= 1 << kind as u32;
        self.lists[kind as usize].add(item);
    }

    /// Adds all there are of a kind.
    pub(super) fn add_all(&mut self, kind: Look) {
        (0..self.lists[kind as usize].on.len()).for_each(|item| self.add(kind, item));
    }

    /// Takes what there is of a kind in order of id, if any; hand the list back with [`Agenda::recycle`].
    #[inline]
    pub(super) fn take(&mut self, kind: Look) -> Option<Vec<u32>> {
        let bit = 1 << kind as u32;
        if self.open & bit == 0 {
            return None;
        }
        self.open &= !bit;
        Some(self.lists[kind as usize].take())
    }

    /// Keeps the memory of a list taken before.
    pub(super) fn recycle(&mut self, kind: Look, list: Vec<u32>) {
        self.lists[kind as usize].recycle(list);
    }

    pub(super) fn clear(&mut self) {
        self.open = 0;
        self.lists.iter_mut().for_each(Once::clear);
    }
}

/// A list that holds each of its members once until it is drained.
#[derive(Debug, Clone, Default)]
pub(super) struct Once {
    pub(super) list: Vec<u32>,
    on: Vec<bool>,
}

impl Once {
    pub(super) fn new(size: usize) -> Self {
        Self { list: Vec::with_capacity(size), on: vec![false; size] }
    }

    #[inline]
    pub(super) fn add(&mut self, item: usize) {
        if !self.on[item] {
            self.on[item] = true;
            self.list.push(item as u32);
        }
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Takes the list in order of id, leaving an empty one; hand it back with [`Once::recycle`].
    #[inline]
    pub(super) fn take(&mut self) -> Vec<u32> {
        for item in &self.list {
            self.on[*item as usize] = false;
        }
        let mut list = std::mem::take(&mut self.list);
        match list.as_mut_slice() {
            [] | [_] => {}
            [a, b] => {
                if *a > *b {
                    std::mem::swap(a, b);
                }
            }
            many => many.sort_unstable(),
        }
        list
    }

    /// Keeps the memory of a list taken before.
    #[inline]
    pub(super) fn recycle(&mut self, mut list: Vec<u32>) {
        list.clear();
        if self.list.is_empty() {
            self.list = list;
        }
    }

    pub(super) fn clear(&mut self) {
        self.on.fill(false);
        self.list.clear();
    }
}
