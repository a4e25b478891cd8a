//! Many replications: in parallel, folded in order, turned into estimates.

mod blast;
mod causes;
mod compare;
mod cost;
mod curve;
mod data;
mod gate;
mod hazards;
mod load;
mod network;
mod pairing;
mod rank;
mod run;
mod stopping;
mod summary;
mod sweep;
mod tally;
mod trace;
mod uncertain;

pub use blast::CauseHit;
pub use causes::{CauseShare, RatioMoments};
pub use compare::{
    CapacityOf, CauseDifference, Comparison, Constant, Design, DesignComparison, Difference, DifferenceGoal,
    DifferencePrecision, OnlyIn, Part, Quantity, Serves, Size, Verdict, Wanted, compare,
};
pub use cost::{CostComparison, CostPart, CostPoint, CostSummary, UnknownPrices};
pub use curve::{CURVE_POINTS, Curve, CurvePoint, ExceedancePoint, OutageLengthPoint};
pub use data::{CopySummary, DataLoss, DataSummary};
pub use gate::{
    Check, Decision, Identity, ObjectiveOf, StandsIn, Subject, Unlike, Unmatched, changes_from_comparison,
    changes_from_run, check_objectives, check_objectives_of, decided, objectives, unmatched,
};
pub use hazards::HazardTime;
pub use load::{JourneyLoad, LoadSummary, PeakUtilisation, UnitLoadSummary};
pub use network::{EdgeSummary, FlowSummary, NetworkSummary, PathCause, PathSummary};
pub use rank::{
    ChokePoint, Contingencies, Contingency, Hit, RankFigure, RankOptions, RankUnit, Ranking, RatioEstimate,
    Replayed, Standing, SubjectKind, rank,
};
pub use run::{Progress, RunError, RunOptions, RunOutput, run, run_until};
pub use stopping::{ENOUGH_EVENTS, Figure, Goal, Precision, StoppedBy, is_precise, next_look};
pub use summary::{
    BudgetUse, ComponentSummary, Impact, JourneySummary, MonthSummary, QuantileSummary, RUN_FORMAT,
    StageShare, Summary, summarize,
};
pub use sweep::{
    Answer, AnswerKind, Course, CourseOf, DesignSweeps, PointFigure, Sweep, SweepError, SweepParameter,
    SweepPlan, SweepPoint, Wish, sweep, sweep_designs,
};
pub use tally::{ReplicationRow, UsageRow};
pub use trace::{Picked, Rank, ReplicationFigure, Trace, pick, trace, trace_picked};
pub use uncertain::{CostDependence, CostEffect, Dependence, UnknownEffect, UnknownShare, UnknownSummary};

/// Confidence of every interval.
pub const CONFIDENCE: f64 = 0.95;
