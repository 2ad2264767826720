//! What the server saw: the second account of a sample.

use serde::{Deserialize, Serialize};

/// What the mock server saw since its last reset. `/ready` and `/stats` are never counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Witness {
    /// Requests for known paths, counted when their head was parsed.
    pub requests: u64,
    /// Different items, or attempts at one, that were answered.
    pub distinct: u64,
    /// Requests turned away at once: bad attempt (400), unknown path (404) or another method than GET (405).
    pub unknown: u64,
    /// Requests for known paths that wait for their answer right now.
    pub in_flight: u64,
    /// The most of them at any time.
    pub peak_in_flight: u64,
    /// How long all requests for known paths together were in flight, in nanoseconds. Over a makespan it is the mean number in
    /// flight (Little, Operations Research 1961).
    #[serde(default)]
    pub resident_ns: u64,
    /// Connections accepted, including those that asked for nothing but `/ready` and `/stats`.
    pub connections_accepted: u64,
    /// Connections that brought a request for a known path, even if they were accepted before the reset.
    pub connections_used: u64,
    /// Bytes of all bodies answered to known paths.
    pub bytes: u64,
    /// The most waits that were found due at the same moment; their answers then stood in line.
    pub largest_due_batch: u64,
    /// Median of how long after its deadline an answer was ready, in nanoseconds; waits of 0 have none.
    pub lateness_p50_ns: u64,
    /// 99th percentile of the same, in nanoseconds.
    pub lateness_p99_ns: u64,
    /// Largest of the same, in nanoseconds.
    pub lateness_max_ns: u64,
    /// CPU time that the server's thread used, in nanoseconds.
    pub cpu_ns: u64,
    /// Time since the reset, in nanoseconds.
    pub elapsed_ns: u64,
}
