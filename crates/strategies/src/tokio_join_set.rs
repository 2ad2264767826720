//! Fan-out by `JoinSet`: a task per unit, joined as they end.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use workloads::{Tally, Unit, Work};

use crate::nonblocking::{AsyncIo, one};
use crate::tokio_runtime::{OnTokio, multi_thread};
use crate::{Capacity, Client, Facts, Family, Setup, Strategy};

/// Units in a `JoinSet` that is never larger than the limit.
pub struct TokioJoinSet {
    io: AsyncIo<OnTokio>,
    limit: usize,
    runtime: Runtime,
}

impl Strategy for TokioJoinSet {
    const FACTS: Facts = Facts {
        name: "tokio-join-set",
        about: "fan-out by JoinSet: a task per unit, the next one spawned when one has been joined",
        family: Family::Async,
        packages: &["tokio", "hyper"],
        client: Client::Hyper,
        root: "runtime worker",
        capacity: Capacity::Limit,
        quantum: Duration::from_millis(1),
        advisory: None,
    };

    fn open(setup: &Setup) -> Result<Self> {
        let runtime = multi_thread(setup)?;
        Ok(TokioJoinSet {
            io: runtime.block_on(AsyncIo::open(OnTokio, setup))?,
            limit: setup.limit,
            runtime,
        })
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        let root = all(Arc::new(work.clone()), self.io.clone(), self.limit);
        self.runtime.block_on(self.runtime.spawn(root))?
    }
}

async fn all<W: Work>(work: Arc<W>, io: AsyncIo<OnTokio>, limit: usize) -> Result<Tally> {
    let mut tally = Tally::default();
    let (mut roots, mut uncovered) = ((0..work.units()).map(Unit), VecDeque::new());
    let mut tasks = JoinSet::new();
    loop {
        while tasks.len() < limit {
            let Some(unit) = roots.next().or_else(|| uncovered.pop_front()) else {
                break;
            };
            tasks.spawn(one(Arc::clone(&work), io.clone(), unit));
        }
        let Some(joined) = tasks.join_next().await else {
            return Ok(tally);
        };
        let done = joined??;
        tally += done.tally;
        uncovered.extend(done.next);
    }
}
