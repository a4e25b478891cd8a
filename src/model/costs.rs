//! What a system costs, and what its failures cost.

use crate::time::SimSpan;

/// What a system costs: all amounts in one currency.
#[derive(Debug, Clone, PartialEq)]
pub struct Costs {
    /// "GBP".
    pub currency: String,
    /// Time over which capital is spread evenly.
    pub lifetime: SimSpan,
    /// What costs something all the time.
    pub items: Vec<CostItem>,
    /// By crew pool: cost of one busy crew per second.
    pub crews: Vec<f64>,
    /// By usage: cost of a user-minute lost.
    pub usages: Vec<f64>,
    /// True if costs are those of a year, false if those of the horizon: a known event does not come every year.
    pub per_year: bool,
}

/// A thing that costs something whether or not anything fails.
#[derive(Debug, Clone, PartialEq)]
pub struct CostItem {
    /// The component.
    pub what: String,
    /// Once, all its units together.
    pub capital: f64,
    /// Per second, all its units together.
    pub running: f64,
}
