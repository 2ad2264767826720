//! What the server saw: the second account of a sample.

use serde::{Deserialize, Serialize};

/// The server's counts since its last reset.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Witness {
    /// Requests for items.
    pub requests: u64,
    /// Different attempts at items among them.
    pub distinct: u64,
    /// Requests that were answered with 404 or 405.
    pub unknown: u64,
    /// Requests being answered now.
    pub in_flight: u64,
    /// Most requests being answered at a time.
    pub peak_in_flight: u64,
    /// Connections accepted.
    pub connections_accepted: u64,
    /// Connections that brought at least one request for an item.
    pub connections_used: u64,
    /// Bytes of bodies sent.
    pub bytes: u64,
    /// Most answers that fell due together.
    pub largest_due_batch: u64,
    /// How much later than asked an answer was ready: median, 99th percentile and maximum.
    pub lateness_p50_ns: u64,
    /// See [`lateness_p50_ns`](Self::lateness_p50_ns).
    pub lateness_p99_ns: u64,
    /// See [`lateness_p50_ns`](Self::lateness_p50_ns).
    pub lateness_max_ns: u64,
    /// CPU time of the server.
    pub cpu_ns: u64,
    /// Time since the reset.
    pub elapsed_ns: u64,
}
