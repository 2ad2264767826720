//! Traced runs of one workload under several strategies.

use serde::{Deserialize, Serialize};
use workloads::Trace;

/// Traced runs of one workload. They are no measurement: recording takes time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timeline {
    /// Name of the workload, with the swept sizes.
    pub workload: String,
    /// Units known up front.
    pub tasks: u64,
    /// How long each wait lasts, as it was asked for.
    pub latency: String,
    /// Units that may be in flight at most.
    pub limit: usize,
    /// Lower bound of the makespan, in nanoseconds; none where none is known.
    pub floor_ns: Option<u64>,
    /// The strategies, in the order in which they were asked for.
    pub rows: Vec<TimedRow>,
}

/// One strategy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimedRow {
    /// Its name.
    pub strategy: String,
    /// What each unit did; none where there is a reason.
    pub trace: Option<Trace>,
    /// Why there is no trace.
    pub reason: Option<String>,
    /// Whether it can do this work and has not done it.
    pub failed: bool,
}

impl Timeline {
    /// When the last unit of all rows ended, or the lower bound if that is later. In nanoseconds since the start.
    pub fn end_ns(&self) -> u64 {
        let traces = self.rows.iter().filter_map(|row| row.trace.as_ref());
        let ends = traces.flat_map(|trace| trace.units.iter().map(|unit| unit.end_ns));
        ends.chain(self.floor_ns).max().unwrap_or_default()
    }
}
