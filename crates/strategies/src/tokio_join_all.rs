//! Fan-out by `join_all`, as often as the limit asks for: it has no limit of its own.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use futures_util::future::join_all;
use tokio::runtime::Runtime;
use workloads::{Tally, Unit, Work};

use crate::nonblocking::{AsyncIo, one};
use crate::tokio_runtime::{OnTokio, multi_thread};
use crate::{Capacity, Client, Facts, Family, Setup, Strategy};

/// Units in waves of the limit, each joined as a whole.
pub struct TokioJoinAll {
    io: AsyncIo<OnTokio>,
    limit: usize,
    runtime: Runtime,
}

impl Strategy for TokioJoinAll {
    const FACTS: Facts = Facts {
        name: "tokio-join-all",
        about: "fan-out by join_all: all units in one task, as many at a time as the limit, then the next as many",
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
        Ok(TokioJoinAll {
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
        let mut uncovered = Vec::new();
        for wave in units.chunks(limit) {
            for done in join_all(
                wave.iter()
                    .map(|unit| one(Arc::clone(&work), io.clone(), *unit)),
            )
            .await
            {
                let done = done?;
                tally += done.tally;
                uncovered.extend(done.next);
            }
        }
        units = uncovered;
    }
    Ok(tally)
}
