//! Fan-out by a stream with `buffer_unordered`: all units inside one task.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use futures_util::{StreamExt, stream};
use tokio::runtime::Runtime;
use workloads::{Tally, Unit, Work};

use crate::nonblocking::{AsyncIo, one};
use crate::tokio_runtime::{OnTokio, multi_thread};
use crate::{Capacity, Client, Facts, Family, Setup, Strategy};

/// Units as a buffered stream; what they uncover is the next stream.
pub struct TokioBufferUnordered {
    io: AsyncIo<OnTokio>,
    limit: usize,
    runtime: Runtime,
}

impl Strategy for TokioBufferUnordered {
    const FACTS: Facts = Facts {
        name: "tokio-buffer-unordered",
        about: "fan-out by buffer_unordered(limit) over a stream of units, all in one task",
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
        Ok(TokioBufferUnordered {
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
    let mut units: Vec<Unit> = (0..work.units()).map(Unit).collect();
    while !units.is_empty() {
        let futures = std::mem::take(&mut units)
            .into_iter()
            .map(|unit| one(Arc::clone(&work), io.clone(), unit));
        let mut buffered = stream::iter(futures).buffer_unordered(limit);
        while let Some(done) = buffered.next().await {
            let done = done?;
            tally += done.tally;
            units.extend(done.next);
        }
    }
    Ok(tally)
}
