//! Many replications: in parallel, folded in order, turned into estimates.

mod blast;
mod causes;
mod compare;
mod curve;
mod hazards;
mod network;
mod run;
mod stopping;
mod summary;
mod tally;
mod trace;

pub use blast::CauseHit;
pub use causes::{CauseShare, RatioMoments};
pub use compare::{Comparison, Difference, compare};
pub use curve::{CURVE_POINTS, Curve, CurvePoint, ExceedancePoint, OutageLengthPoint};
pub use hazards::HazardTime;
pub use network::{EdgeSummary, FlowSummary, NetworkSummary, PathCause, PathSummary};
pub use run::{Progress, RunError, RunOptions, RunOutput, run, run_pair, run_until};
pub use stopping::{ENOUGH_EVENTS, Figure, Goal, Precision, StoppedBy, is_precise, next_look};
pub use summary::{
    BudgetUse, ComponentSummary, Impact, JourneySummary, MonthSummary, QuantileSummary, StageShare, Summary,
    summarize,
};
pub use tally::{ReplicationRow, UsageRow};
pub use trace::{Picked, Rank, ReplicationFigure, Trace, pick, trace, trace_picked};

/// Confidence of every interval.
pub const CONFIDENCE: f64 = 0.95;
