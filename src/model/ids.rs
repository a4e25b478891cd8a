//! Typed indices into the flat arrays of a [`Model`](super::Model).

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// The place in the array.
            #[inline]
            #[must_use]
            pub const fn index(self) -> usize {
                self.0 as usize
            }

            /// The id of array place `index`.
            #[inline]
            #[must_use]
            pub const fn at(index: usize) -> Self {
                Self(index as u32)
            }
        }
    )+};
}

ids! {
    /// A component: anything that can fail.
    CompId,
    /// A node of an expression over component levels.
    NodeId,
    /// A failure mode of a component (of one unit of it, where units have clocks of their own).
    ModeId,
    /// A repair procedure.
    RepairId,
    /// A rhythm of failure clocks and hazards.
    RhythmId,
    /// A crew pool.
    CrewId,
    /// A hazard.
    HazardId,
    /// A strike of a hazard.
    StrikeId,
    /// A holdover on a need.
    HoldId,
    /// A set of standbys that stand in one need.
    GroupId,
    /// A service.
    ServiceId,
    /// A user population.
    PopulationId,
    /// A journey.
    JourneyId,
    /// A journey as made by one population.
    UsageId,
    /// The way of (a share of) a population to one service.
    RouteId,
    /// A `FirstOf` call of one usage.
    SwitchId,
    /// A cause that attribution can name: a failure mode or a hazard.
    CauseId,
    /// A site of the network.
    SiteId,
    /// A segment of a cable, or a link.
    EdgeId,
    /// Somebody who joins the network.
    PlaceId,
    /// A way from place to place.
    PathId,
    /// The copy of one region's data in another.
    ReplicaId,
    /// A state that others react to.
    SignalId,
    /// A change of demand.
    SurgeId,
    /// What operators do about a state.
    ResponseId,
}
