//! The seam between what is done and how it is scheduled.

use std::time::Duration;

use anyhow::Result;
use bytes::Bytes;

use crate::{Io, Number, Params, Tally};

/// One independent piece of a workload: one download, one paginated endpoint, one page of a crawl.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit(pub u64);

/// What one unit produced.
#[derive(Debug, Default)]
pub struct Done {
    /// The proof of it.
    pub tally: Tally,
    /// Units that this one uncovered and that nobody knew of before.
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

/// What a workload declares about itself.
#[derive(Debug)]
pub struct Facts {
    /// Its name, as in the registry and on the command line.
    pub name: &'static str,
    /// One line for `list workloads`.
    pub about: &'static str,
    /// Whether it speaks to the mock server, so that there is a second witness.
    pub server: bool,
    /// Whether its units uncover others. Where not, nobody keeps a queue for them.
    pub uncovers: bool,
    /// The sizes it has beside the number of tasks and the latency.
    pub numbers: &'static [Number],
}

/// The pure side of a workload: what there is to do, what must come out, how fast it could be at best.
pub trait Outline {
    /// Units known up front; they are numbered from 0.
    fn units(&self) -> u64;

    /// HTTP requests that a complete run sends, each to an id of its own.
    fn requests(&self) -> u64;

    /// What a complete run must produce, computed from the parameters.
    fn expected(&self) -> Tally;

    /// A lower bound of the makespan with at most `limit` units in flight; `None` where none is known.
    fn floor(&self, limit: usize) -> Option<Duration>;

    /// What the server answers to `path`; `None` means 404.
    fn answer(&self, path: &str) -> Option<Answer> {
        let _ = path;
        None
    }
}

/// A workload: the same body for every strategy.
pub trait Work: Outline + Clone + Send + Sync + 'static {
    /// Its declaration.
    const FACTS: Facts;

    /// The workload with these sizes. Errors name the parameter and the allowed values.
    fn new(params: &Params) -> Result<Self>;

    /// Does one unit. An error ends the sample.
    fn step<I: Io>(&self, io: &I, unit: Unit) -> impl Future<Output = Result<Done>> + Send;
}

/// One answer of the server. The delay before it is drawn from the endpoint and the item, so it is the same for every client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What the item belongs to.
    pub endpoint: String,
    /// The item's number within the endpoint.
    pub item: u64,
    /// The whole body.
    pub body: Bytes,
}
