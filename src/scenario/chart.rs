//! What a scenario says of its network that only its readers need to know.

use crate::law::Law;
use crate::model::EdgeId;

/// Lengths and corridors: they are in the model only by what follows from them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Chart {
    /// Length of each edge in km, in order of id; `None`: only its latency is known.
    pub lengths: Vec<Option<f64>>,
    /// Corridors, in written order.
    pub corridors: Vec<Corridor>,
}

/// A corridor and what lies in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Corridor {
    /// Its name.
    pub name: String,
    /// Time from application to grant of a permit, if one is needed.
    pub permit: Option<Law>,
    /// Segments and links in it.
    pub edges: Vec<EdgeId>,
}
