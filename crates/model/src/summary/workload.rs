//! What the samples of one workload say together.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::statistics::Friedman;
use crate::{Computes, Dropped, Flag, Machine, Noise};

/// One workload: what its rows share.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WorkloadSummary {
    /// Its name, with the swept sizes.
    pub workload: String,
    /// Rounds that count.
    pub rounds: usize,
    /// Lives of the worker processes over which these are spread.
    pub launches: usize,
    /// How alike neighbouring rounds are: the lag-1 autocorrelation of the logarithms of the ratios, as the mean over rows; from -1
    /// to 1. Null below 8 rounds.
    pub autocorrelation: Option<f64>,
    /// The chance of launches that differ as much or more, if a launch changed nothing: the F test of the same logarithms by launch, as
    /// the median over rows. Null below 2 launches.
    pub p_of_launches: Option<f64>,
    /// Rounds that were dropped for all rows alike because of what else the machine did, by what that was, or because one of their
    /// samples was too slow to be believed.
    pub dropped: Vec<Dropped>,
    /// The A/A pair; null where the workload has none.
    pub noise: Option<Noise>,
    /// Error that all its verdicts have together, at most.
    pub alpha: f64,
    /// Whether rows differ at all: over those that are in all rounds; null below 3 of them.
    pub friedman: Option<Friedman>,
    /// What its units compute, and how that bounds it; absent where they do not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub computes: Option<Computes>,
    /// What else the machine did; null where nothing is known of it.
    pub machine: Option<Machine>,
    /// What to know before quoting any of its rows.
    pub flags: Vec<Flag>,
}
