//! What routes know: a change of a site or edge is announced only after a while.

use crate::engine::agenda::Look;
use crate::engine::state::Engine;
use crate::model::CompId;
use crate::random::StreamName;

/// What is known of one site or edge.
#[derive(Debug, Clone, Copy)]
pub(super) struct Announcement {
    /// Its level when it was last looked at.
    noted: f64,
    /// Changes so far: numbers the convergence times.
    changes: u32,
}

impl Default for Announcement {
    fn default() -> Self {
        Self { noted: 1.0, changes: 0 }
    }
}

impl Engine<'_> {
    /// Lets news of changed sites and edges spread; a newer change replaces one that has not spread yet.
    pub(in crate::engine) fn react_announcements(&mut self) {
        self.look_at(Look::Announcements, |engine, element| engine.note(element as usize));
    }

    fn note(&mut self, element: usize) {
        let (component, stream) = self.element(element);
        let level = self.parts[component.index()].level;
        let known = &mut self.network.announcements[element];
        let Some(takes) = self.model.network.convergence.as_ref().filter(|_| known.noted != level) else {
            return;
        };
        known.noted = level;
        known.changes += 1;
        let number = known.changes - 1;
        let at = self.now + self.span(takes, stream, number);
        self.queue.set(self.slots.announcement + element as u32, at);
    }

    /// Routes learn of a site or edge.
    pub(in crate::engine) fn announced(&mut self, element: u32) {
        let level = self.network.announcements[element as usize].noted;
        self.set_announced(element as usize, level);
        self.agenda.add(Look::Network, 0);
    }

    /// Routes learn at once of a site or edge.
    pub(super) fn announce(&mut self, element: usize) {
        let level = self.parts[self.element(element).0.index()].level;
        self.set_announced(element, level);
    }

    fn set_announced(&mut self, element: usize, level: f64) {
        let sites = self.model.network.sites.len();
        let levels = &mut self.network.announced;
        let place = match element.checked_sub(sites) {
            None => &mut levels.sites[element],
            Some(edge) => &mut levels.edges[edge],
        };
        *place = level;
    }

    /// The component of a site or edge, and its stream of convergence times.
    pub(super) fn element(&self, element: usize) -> (CompId, StreamName) {
        let network = &self.model.network;
        match element.checked_sub(network.sites.len()) {
            None => (network.sites[element].component, network.sites[element].convergence_stream),
            Some(edge) => (network.edges[edge].component, network.edges[edge].convergence_stream),
        }
    }

    /// The name of a site or edge.
    pub(in crate::engine) fn name_of_element(&self, element: u32) -> String {
        self.model.components[self.element(element as usize).0.index()].name.clone()
    }
}
