//! Observers that turn what happened in a replication into figures.

mod components;
mod cost;
mod data;
mod figures;
mod load;
mod network;
mod outage;
mod stages;
mod story;
mod usage;
mod verdict;

pub use cost::CostFigures;
pub use data::DataFigures;
pub use figures::{CauseTime, Figures, LoadFigures, OutageLength, UsageFigures};
pub use network::{FlowFigures, NetworkFigures, PathFigures};
pub use stages::{OVERLOAD_TAIL, STAGE_NAMES, STAGES};
pub use story::{
    Entry, Happening, InitiatingEvent, LoadStep, Narrator, Overload, RepairStep, ResponseStep, RouteStep,
    Story, SurgeStep, UsersNow, UsersState,
};

// Parts of a story that are the engine's.
pub use crate::engine::{Copying, Restart, StandbyPhase};

use crate::engine::{Engine, Observer};
use crate::model::Model;
use crate::time::SimTime;
use components::ComponentMeter;
use cost::CostMeter;
use data::DataMeter;
use network::NetworkMeter;
use usage::UsageMeter;

/// Measures everything that section 10 of docs/semantics.md defines.
///
/// One meter serves replication after replication; [`Meter::take`] hands out the figures of the last one.
#[derive(Debug, Clone)]
pub struct Meter {
    usages: Vec<UsageMeter>,
    components: ComponentMeter,
    network: NetworkMeter,
    data: DataMeter,
    cost: CostMeter,
    /// Initiating events by cause, counted at the end of a replication.
    counts: Vec<u32>,
    figures: Figures,
}

impl Meter {
    /// A meter for `model`; `curve_points` equally spaced instants of success over time are kept (0: none).
    #[must_use]
    pub fn new(model: &Model, curve_points: usize) -> Self {
        Self {
            usages: (0..model.usages.len()).map(|u| UsageMeter::new(model, u, curve_points)).collect(),
            components: ComponentMeter::new(model),
            network: NetworkMeter::new(model),
            data: DataMeter::new(model),
            cost: CostMeter::new(model),
            counts: vec![0; model.causes.len()],
            figures: Figures::default(),
        }
    }

    /// The figures of the replication that was observed last.
    pub fn take(&mut self) -> Figures {
        std::mem::take(&mut self.figures)
    }
}

impl Observer for Meter {
    fn begin(&mut self, engine: &Engine<'_>) {
        self.components.begin(engine);
        self.network.begin(engine);
        self.data.begin(engine);
        self.cost.begin(engine);
        self.usages.iter_mut().for_each(|u| u.begin(engine));
    }

    fn settled(&mut self, engine: &Engine<'_>) {
        self.components.settled(engine);
        self.network.settled(engine);
        self.data.settled(engine);
        self.cost.settled(engine);
        if !engine.model().load.is_empty() {
            self.usages.iter_mut().for_each(|u| u.look_at_demand(engine));
        }
        for usage in engine.changed_usages() {
            self.usages[usage.index()].changed(engine);
        }
        for usage in &mut self.usages {
            usage.refresh(engine);
        }
    }

    fn end(&mut self, engine: &Engine<'_>, horizon: SimTime) {
        let usages: Vec<UsageFigures> = self.usages.iter_mut().map(|u| u.end(engine, horizon)).collect();
        self.figures = Figures {
            unknowns: Vec::new(),
            cost: self.cost.end(&usages, horizon),
            usages,
            component_down: self.components.end(horizon),
            network: self.network.end(engine, horizon),
            data: self.data.end(engine, horizon),
            load: figures::load_figures(engine),
            is_unsettled: engine.unsettled_flows() > 0,
            occurrences: figures::occurrences(engine, &mut self.counts),
        };
    }
}
