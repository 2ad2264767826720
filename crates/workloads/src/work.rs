//! The seam between what is done and how it is scheduled.

use std::any::Any;
use std::time::{Duration, Instant};

use anyhow::Result;
use bytes::Bytes;

use crate::{Answer, Facts, Histogram, Io, Means, Params, Tally, Trace};

/// One independent piece of a workload: one download, one paginated endpoint, one page of a crawl.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit(pub u64);

/// What one unit produced.
#[derive(Debug, Default)]
pub struct Done {
    /// The proof of it.
    pub tally: Tally,
    /// Units that nobody knew of before this one was done.
    pub next: Vec<Unit>,
}

impl From<Tally> for Done {
    fn from(tally: Tally) -> Self {
        Done {
            tally,
            next: Vec::new(),
        }
    }
}

/// The pure side of a workload: what is to be done, what must come out, how fast it can be at best.
///
/// Only the first three methods have no default. The defaults fit a workload without a server.
pub trait Outline {
    /// Its declaration.
    fn facts(&self) -> &'static Facts;

    /// Its sizes.
    fn params(&self) -> &Params;

    /// What a complete run must produce, computed from the parameters.
    fn expected(&self) -> Tally;

    /// Units known up front; they are numbered from 0.
    fn units(&self) -> u64 {
        self.params().tasks
    }

    /// Units of a complete run: with those that others uncover.
    fn total_units(&self) -> u64 {
        self.units()
    }

    /// Steps that each unit [computes](crate::computed).
    fn steps(&self) -> u64 {
        0
    }

    /// The most units that can be in flight at once, however high the limit.
    fn widest(&self) -> u64 {
        self.units()
    }

    /// How many units must be in flight at once, because they wait for each other.
    fn together(&self) -> u64 {
        1
    }

    /// HTTP requests that a complete run sends.
    fn requests(&self) -> u64 {
        0
    }

    /// Requests of a complete run that the server answers, each with an id of its own. The others are cancelled.
    fn answered(&self) -> u64 {
        self.requests()
    }

    /// The most requests that one unit has in flight at once, if units can join.
    fn inner(&self) -> u64 {
        1
    }

    /// A lower bound of the makespan; `None` where none is known.
    fn floor(&self, means: Means) -> Option<Duration> {
        let _ = means;
        None
    }

    /// What the server answers to the n-th attempt at `path`; `None` means 404.
    fn answer(&self, path: &str, attempt: u32) -> Option<Answer> {
        let _ = (path, attempt);
        None
    }

    /// Files that must be in [`Params::folder`] before a run, by name.
    fn files(&self) -> Vec<(String, Bytes)> {
        Vec::new()
    }
}

/// A body that strategies can run.
pub trait Work: Outline + Clone + Send + Sync + 'static {
    /// Does one unit. An error ends the sample.
    fn step<I: Io>(&self, io: &I, unit: Unit) -> impl Future<Output = Result<Done>> + Send;

    /// The same work with nothing done yet, for a workload that remembers something within a run.
    fn begin(&self) -> Self {
        self.clone()
    }

    /// When a unit arrives, if it has a time of its own. [`step`](Self::step) waits for that time. A strategy that starts units in no
    /// order waits for it first, so that a unit that has not arrived does not count against the limit.
    fn due(&self, unit: Unit) -> Option<Instant> {
        let _ = unit;
        None
    }

    /// How long each unit of the run took, if the workload records it. Recording is part of a unit's time, so workloads with very short
    /// units do not record.
    fn latencies(&self) -> Option<Histogram> {
        None
    }

    /// What each unit of the run did and when, if the work is [traced](crate::Traced).
    fn trace(&self) -> Option<Trace> {
        None
    }

    /// What happened, if the workload [asks](Facts::asks) that. The sample of such a workload is this text and no time.
    fn verdict(&self, ended: &Ended) -> String {
        format!("{ended:?}")
    }
}

/// A workload: a body with a name, made from sizes.
pub trait Workload: Work {
    /// Its declaration.
    const FACTS: Facts;

    /// The workload with these sizes. Errors name the parameter and the allowed values.
    fn new(params: &Params) -> Result<Self>;
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It returned what its units had produced.
    Returned(Tally),
    /// It returned an error.
    Failed(String),
    /// It panicked.
    Panicked(String),
}

/// The message of a panic.
pub fn said(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("without a message")
}
