//! What a traced run leaves.

use serde::{Deserialize, Serialize};

/// One traced run. All times are nanoseconds since its start.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace {
    /// The units, in the order in which they began.
    pub units: Vec<UnitTrace>,
    /// Names of the threads that polled units, in the order in which they first did.
    pub threads: Vec<String>,
}

/// One unit of a traced run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitTrace {
    /// Its number.
    pub unit: u64,
    /// When it was polled first.
    pub begin_ns: u64,
    /// When it was done, or dropped.
    pub end_ns: u64,
    /// Whether it was done. A unit that failed, panicked or was dropped was not.
    pub done: bool,
    /// What it waited for, in order.
    pub waits: Vec<Wait>,
    /// When a thread ran it, in order. A unit of a blocking strategy is polled once, and waits within that.
    pub polls: Vec<Poll>,
}

/// One call of a unit to what it may wait for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wait {
    /// What for: `sleep`, or the path of a request.
    pub what: String,
    /// When it was called.
    pub from_ns: u64,
    /// When it returned.
    pub until_ns: u64,
}

/// One stretch in which a thread ran a unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Poll {
    /// Which of [`Trace::threads`].
    pub thread: usize,
    /// When it began.
    pub from_ns: u64,
    /// When it ended.
    pub until_ns: u64,
}

impl UnitTrace {
    /// Whether a thread stood still during this wait: it was in one and the same poll from its begin to its end.
    pub fn held(&self, wait: &Wait) -> Option<&Poll> {
        let around = |poll: &&Poll| poll.from_ns <= wait.from_ns && wait.until_ns <= poll.until_ns;
        self.polls.iter().find(around)
    }
}
