//! Replication between regions: how old the data is that is in one region alone.

use super::agenda::Look;
use super::state::Engine;
use crate::model::{CompId, Holder, MaxLag, Model, ReplicaId, RouteId};
use crate::time::{SimSpan, SimTime};

/// Where replication from one region to another stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Copying {
    /// What is written is copied at once.
    #[default]
    Current,
    /// It stands still: there is no way, or one of the regions is out.
    StandsStill,
    /// There is a way again, and what was written meanwhile is copied.
    CatchesUp,
    /// The region whose data it is has been lost for good.
    Lost,
}

/// The state of one copy.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ReplicaState {
    copying: Copying,
    /// Age of the oldest data that the copy lacks, as of `since`.
    lag: SimSpan,
    since: SimTime,
    /// True while that age grows.
    grows: bool,
    /// The timer ran out in this instant.
    rang: bool,
    lags: u32,
    catch_ups: u32,
    /// True once the region that keeps the copy has been lost for good.
    is_copy_lost: bool,
    /// When the region whose data it is was lost for good, and how much data with it.
    lost: Option<(SimTime, SimSpan)>,
}

/// Copies by component, and routes by copy.
#[derive(Debug, Clone, Default)]
pub(super) struct ReplicaReaders {
    by_component: Vec<Vec<u32>>,
    routes: Vec<Vec<u32>>,
}

impl ReplicaReaders {
    pub(super) fn new(model: &Model) -> Self {
        if model.replicas.is_empty() {
            return Self::default();
        }
        let mut by_component = vec![Vec::new(); model.components.len()];
        for (number, replica) in model.replicas.iter().enumerate() {
            let holders = replica.from.components().chain(replica.to.components());
            for component in holders.chain(replica.way) {
                by_component[component.index()].push(number as u32);
            }
        }
        let mut routes = vec![Vec::new(); model.replicas.len()];
        for (number, route) in model.routes.iter().enumerate() {
            let replicas = route.max_lag.iter().flat_map(|max_lag| max_lag.replicas.iter().flatten());
            replicas.for_each(|replica| routes[replica.index()].push(number as u32));
        }
        Self { by_component, routes }
    }

    /// True if some copy depends on the component.
    pub(super) fn is_read(&self, component: CompId) -> bool {
        self.by_component.get(component.index()).is_some_and(|replicas| !replicas.is_empty())
    }
}

impl ReplicaState {
    fn lag_at(&self, now: SimTime) -> SimSpan {
        let grown = if self.grows { now - self.since } else { SimSpan::ZERO };
        SimSpan::from_micros(self.lag.micros().saturating_add(grown.micros()))
    }

    /// Goes on from `now` at the lag that it has by then.
    fn go_on(&mut self, now: SimTime, grows: bool) {
        (self.lag, self.since, self.grows) = (self.lag_at(now), now, grows);
    }
}

impl Engine<'_> {
    /// All copies current, as far as their first lags allow.
    pub(super) fn reset_replicas(&mut self) {
        self.replicas_version = 0;
        for id in (0..self.model.replicas.len()).map(ReplicaId::at) {
            self.replicas[id.index()] = ReplicaState::default();
            self.is_current(id);
        }
    }

    /// Notes that a region, a zone or a way may have changed.
    pub(super) fn touch_replicas(&mut self, component: CompId) {
        for k in 0..self.replica_readers.by_component[component.index()].len() {
            self.agenda.add(Look::Replicas, self.replica_readers.by_component[component.index()][k] as usize);
        }
    }

    /// The time to become current again is over.
    pub(super) fn replica_due(&mut self, id: ReplicaId) {
        self.replicas[id.index()].rang = true;
        self.agenda.add(Look::Replicas, id.index());
    }

    pub(super) fn react_replicas(&mut self) {
        self.look_at(Look::Replicas, |engine, replica| engine.react_replica(ReplicaId(replica)));
    }

    fn react_replica(&mut self, id: ReplicaId) {
        let i = id.index();
        let rang = std::mem::take(&mut self.replicas[i].rang);
        // Nothing of a region that was lost before this instant can change any more.
        if self.replicas[i].lost.is_some_and(|(at, _)| at < self.now) {
            return;
        }
        let replica = &self.model.replicas[i];
        if !self.replicas[i].is_copy_lost && self.is_lost(&replica.to) {
            let all = self.now - SimTime::START;
            let state = &mut self.replicas[i];
            (state.is_copy_lost, state.lag, state.since) = (true, all, self.now);
        }
        let writes = self.stands(&replica.from);
        let has_way = replica.way.is_none_or(|way| self.parts[way.index()].level > 0.0);
        let copies = writes && has_way && self.stands(&replica.to);
        match self.replicas[i].copying {
            _ if !copies => self.stand_still(id, writes),
            Copying::StandsStill | Copying::Lost => self.begin_catch_up(id),
            Copying::CatchesUp if rang => self.is_current(id),
            Copying::Current | Copying::CatchesUp => {}
        }
        if self.is_lost(&replica.from) {
            let state = &mut self.replicas[i];
            state.lost = Some((self.now, state.lag_at(self.now)));
            state.copying = Copying::Lost;
        }
        self.replicas_version += 1;
        for k in 0..self.replica_readers.routes[i].len() {
            self.agenda.add(Look::Routes, self.replica_readers.routes[i][k] as usize);
        }
    }

    /// Nothing is copied; the lag grows while the region writes.
    fn stand_still(&mut self, id: ReplicaId, writes: bool) {
        let state = &mut self.replicas[id.index()];
        state.go_on(self.now, writes);
        state.copying = Copying::StandsStill;
        self.set_replica_timer(id, SimTime::NEVER);
    }

    fn begin_catch_up(&mut self, id: ReplicaId) {
        let replica = &self.model.replicas[id.index()];
        let number = self.replicas[id.index()].catch_ups;
        let takes = self.span(&replica.catch_up, replica.catch_up_stream, number);
        let state = &mut self.replicas[id.index()];
        state.catch_ups += 1;
        state.go_on(self.now, true);
        state.copying = Copying::CatchesUp;
        if takes == SimSpan::ZERO {
            return self.is_current(id);
        }
        self.set_replica_timer(id, self.now + takes);
    }

    /// The copy is current: from now on it lags by a new draw, and by no more than all that was simulated.
    fn is_current(&mut self, id: ReplicaId) {
        let replica = &self.model.replicas[id.index()];
        let number = self.replicas[id.index()].lags;
        let drawn = self.span(&replica.lag, replica.lag_stream, number);
        let state = &mut self.replicas[id.index()];
        state.lags += 1;
        state.lag = drawn.min(self.model.horizon - SimTime::START);
        (state.since, state.grows, state.copying) = (self.now, false, Copying::Current);
    }

    fn set_replica_timer(&mut self, id: ReplicaId, at: SimTime) {
        self.queue.set(self.slots.replica + id.0, at);
    }

    /// True while one of a region's zones is up.
    fn stands(&self, holder: &Holder) -> bool {
        let up = |component: CompId| self.parts[component.index()].level > 0.0;
        up(holder.region) && (holder.zones.is_empty() || holder.zones.iter().any(|zone| up(*zone)))
    }

    /// True once a region, or each of its zones, is at 0 by a failure of its own whose repair never ends.
    fn is_lost(&self, holder: &Holder) -> bool {
        let all_zones = || holder.zones.iter().all(|zone| self.is_destroyed(*zone));
        self.is_destroyed(holder.region) || !holder.zones.is_empty() && all_zones()
    }

    fn is_destroyed(&self, component: CompId) -> bool {
        let active = &self.parts[component.index()].active;
        active.iter().any(|job| self.jobs[*job as usize].never_ends())
    }

    /// True if the data of a route's home is fresh enough at one of its places for users to be moved there.
    pub(super) fn is_fresh(&self, route: RouteId, place: u32) -> bool {
        let Some(MaxLag { most, replicas }) = &self.model.routes[route.index()].max_lag else { return true };
        let replica = replicas.get(place as usize).copied().flatten();
        place == 0 || replica.is_some_and(|replica| self.data_lag(replica) <= *most)
    }

    /// Age of the oldest data of a region that its copy lacks.
    #[must_use]
    pub fn data_lag(&self, replica: ReplicaId) -> SimSpan {
        self.replicas[replica.index()].lag_at(self.now)
    }

    /// True while [`Engine::data_lag`] grows with time; else it stays.
    #[must_use]
    pub fn data_lag_grows(&self, replica: ReplicaId) -> bool {
        self.replicas[replica.index()].grows
    }

    /// Where replication stands.
    #[must_use]
    pub fn copying(&self, replica: ReplicaId) -> Copying {
        self.replicas[replica.index()].copying
    }

    /// How much data was lost for good with the region whose data it is, as far as this copy goes; `None`: none yet.
    #[must_use]
    pub fn data_lost(&self, replica: ReplicaId) -> Option<SimSpan> {
        self.replicas[replica.index()].lost.map(|(_, lag)| lag)
    }

    /// A number that is another whenever a copy may have changed.
    #[must_use]
    pub const fn replicas_version(&self) -> u64 {
        self.replicas_version
    }
}
