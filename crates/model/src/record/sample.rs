//! One measurement, as it was taken. A line of `samples.jsonl`.

use serde::{Deserialize, Serialize};
use workloads::{Histogram, Tally, Witness};

use crate::spec::row::Row;

/// One timed execution of a cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// Which life of the worker process, from 0.
    pub launch: u32,
    /// Which round of the run, from 0, discarded ones included.
    pub round: u32,
    /// Its place among the samples of the run, from 0.
    pub position: u32,
    /// Whether it counts; the first round of a launch does not.
    pub kept: bool,
    /// Name of the workload.
    pub workload: String,
    /// The strategy, and which entry of it.
    #[serde(rename = "strategy")]
    pub row: Row,
    /// Bytes by which the environment of its worker was longer than it need be.
    #[serde(default)]
    pub padding_bytes: u32,
    /// Which delays it had; see [`Params::draw`](workloads::Params::draw). The same for all rows of a round.
    #[serde(default, skip_serializing_if = "is_first")]
    pub draw: u32,
    /// Lower bound of the makespan under these delays, where it is not [that of the cell](crate::Cell::floor).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor_ns: Option<u64>,
    /// The same with as many in flight as this strategy can have, where it is not [that of the cell](crate::Cell::own_floor).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_floor_ns: Option<u64>,
    /// Nanoseconds from the start of the run to the start of the sample.
    pub at_ns: u64,
    /// What came of it.
    #[serde(flatten)]
    pub outcome: SampleOutcome,
}

fn is_first(draw: &u32) -> bool {
    *draw == 0
}

/// What a refusal rests on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefusalKind {
    /// Other work than was asked for was done, or a lower bound was broken. One such sample is enough: the row has no result.
    #[default]
    Proof,
    /// It was too slow to be believed, as it also is where a machine stands still. One such sample spoils its round, and
    /// [several](crate::convicted) the row.
    Suspicion,
}

impl RefusalKind {
    fn is_proof(&self) -> bool {
        *self == RefusalKind::Proof
    }
}

/// What came of a sample.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum SampleOutcome {
    /// It was taken, and everything that can be checked was right.
    Measured(Measurement),
    /// It was taken, but must not count.
    Refused {
        /// Why.
        reason: String,
        /// What that rests on.
        #[serde(default, skip_serializing_if = "RefusalKind::is_proof")]
        kind: RefusalKind,
        /// What was taken.
        #[serde(flatten)]
        measurement: Measurement,
    },
    /// It could not be taken.
    Failed {
        /// Why.
        reason: String,
    },
}

/// What the worker and the server saw during one sample. A worker must tell its time and its tally; what else it leaves out is
/// taken for zero or unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measurement {
    /// Time until all units were done.
    pub wall_ns: u64,
    /// CPU time of the worker process and of those that do units for it, exact.
    #[serde(default)]
    pub cpu_ns: u64,
    /// Its part in user mode, sampled by the kernel's tick: meaningful in sums only.
    #[serde(default)]
    pub cpu_user_ns: u64,
    /// Its part in the kernel, likewise.
    #[serde(default)]
    pub cpu_system_ns: u64,
    /// Times a thread gave up the processor by waiting.
    #[serde(default)]
    pub switches_voluntary: u64,
    /// Times a thread lost it.
    #[serde(default)]
    pub switches_involuntary: u64,
    /// Page faults served without reading.
    #[serde(default)]
    pub minor_faults: u64,
    /// Times that any thread of the worker process called `read` or its kin: on files, pipes and event descriptors, and on sockets
    /// where a client reads them so. `recv` and io_uring are not among them, so this is no count of all calls. None where the system
    /// does not tell.
    #[serde(default)]
    pub read_syscalls: Option<u64>,
    /// The same for `write`, without `send`.
    #[serde(default)]
    pub write_syscalls: Option<u64>,
    /// Allocations in the worker process; one that grew or shrank counts again. None in a build that does not count them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allocations: Option<u64>,
    /// Bytes that they asked for; of one that grew, those by which it grew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allocated_bytes: Option<u64>,
    /// Time that the worker was parked before this sample, since its last answer. None where it was reopened in between.
    #[serde(default)]
    pub parked_ns: Option<u64>,
    /// CPU time that the worker process used meanwhile, exact: whoever waits needs none. None likewise.
    #[serde(default)]
    pub parked_cpu_ns: Option<u64>,
    /// Most threads seen, during the warm-up or at the end of the sample. None where the system does not tell.
    #[serde(default)]
    pub threads_peak: Option<u64>,
    /// Resident memory before the sample, with everything open.
    #[serde(default)]
    pub rss_base_bytes: Option<u64>,
    /// Highest resident memory during the sample.
    #[serde(default)]
    pub rss_peak_bytes: Option<u64>,
    /// Whether runtime, threads and connections were opened and warmed up for this sample alone, because all cells together
    /// would have held too many.
    #[serde(default)]
    pub reopened: bool,
    /// What the client produced.
    pub tally: Tally,
    /// What the server saw; none where the workload does not need one.
    #[serde(default)]
    pub witness: Option<Witness>,
    /// How long each unit took, where the workload says so: from its intended start if it has one, from when it began if not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latencies: Option<Histogram>,
    /// How late the heartbeat beside the units was, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heartbeat: Option<Histogram>,
    /// What happened, where that is the question; then the times mean nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<String>,
}
