//! Fan-out by `FuturesUnordered`: all units inside one task.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::runtime::Runtime;
use workloads::{Tally, Unit, Work};

use crate::nonblocking::{AsyncIo, one};
use crate::tokio_runtime::{OnTokio, multi_thread};
use crate::{Capacity, Client, Facts, Family, Setup, Strategy};

/// Units in a `FuturesUnordered` that is never larger than the limit.
pub struct TokioFuturesUnordered {
    io: AsyncIo<OnTokio>,
    limit: usize,
    runtime: Runtime,
}

impl Strategy for TokioFuturesUnordered {
    const FACTS: Facts = Facts {
        name: "tokio-futures-unordered",
        about: "fan-out by FuturesUnordered: all units in one task, the next one pushed when one has ended",
        family: Family::Async,
        packages: &["tokio", "hyper", "futures-util"],
        client: Client::Hyper,
        root: "runtime worker",
        capacity: Capacity::Limit,
        quantum: Duration::from_millis(1),
        advisory: None,
    };

    fn open(setup: &Setup) -> Result<Self> {
        let runtime = multi_thread(setup)?;
        Ok(TokioFuturesUnordered {
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
    let mut units = FuturesUnordered::new();
    loop {
        while units.len() < limit {
            let Some(unit) = roots.next().or_else(|| uncovered.pop_front()) else {
                break;
            };
            units.push(one(Arc::clone(&work), io.clone(), unit));
        }
        let Some(done) = units.next().await else {
            return Ok(tally);
        };
        let done = done?;
        tally += done.tally;
        uncovered.extend(done.next);
    }
}
