//! A ratio of makespans.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Row;

/// A ratio of makespans with its interval.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Ratio {
    /// Median of the ratios within rounds.
    pub estimate: f64,
    /// Lower end of the 95 % interval; null below 6 pairs.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// The row in the denominator.
    pub reference: Row,
    /// Rounds that both share.
    pub pairs: usize,
}

impl Ratio {
    /// How far the interval reaches from the estimate, as a share of it; infinite where there is none.
    pub fn reach(&self) -> f64 {
        match (self.low, self.high) {
            (Some(low), Some(high)) => (high / self.estimate - 1.0).max(1.0 - low / self.estimate),
            _ => f64::INFINITY,
        }
    }
}
