//! The remedy: tokio's own pool for blocking calls.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use tokio::runtime::Runtime;
use workloads::{Tally, Unit, Work};

use crate::lanes::Finished;
use crate::ledger::Ledger;
use crate::tokio_runtime::multi_thread;
use crate::{BlockingIo, Capacity, Client, Facts, Family, Setup, Strategy, ready};

/// `spawn_blocking` per unit, on a pool with as many threads as the limit.
pub struct TokioSpawnBlocking {
    io: BlockingIo,
    limit: usize,
    runtime: Runtime,
}

impl Strategy for TokioSpawnBlocking {
    const FACTS: Facts = Facts {
        name: "tokio-spawn-blocking",
        about: "the remedy: spawn_blocking per unit, on a pool with as many threads as the limit",
        family: Family::BlockingInExecutor,
        packages: &["tokio"],
        client: Client::Ureq,
        root: "runtime worker",
        capacity: Capacity::Limit,
        quantum: Duration::ZERO,
        advisory: None,
    };

    fn open(setup: &Setup) -> Result<Self> {
        Ok(TokioSpawnBlocking {
            io: BlockingIo::open(setup)?,
            limit: setup.limit,
            runtime: multi_thread(setup)?,
        })
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        let (ledger, result) = Ledger::open(work, self.io.clone(), self.limit);
        let (ledger, roots) = (Arc::new(ledger), work.units());
        self.runtime.spawn(async move {
            for unit in (0..roots).map(Unit) {
                spawn(&ledger, unit);
            }
        });
        self.runtime.block_on(Finished(result).tally())
    }
}

fn spawn<W: Work>(ledger: &Arc<Ledger<W, BlockingIo>>, unit: Unit) {
    let ledger = Arc::clone(ledger);
    tokio::task::spawn_blocking(move || {
        let outcome = ready(ledger.work.step(&ledger.io, unit));
        for uncovered in ledger.book(unit, outcome) {
            spawn(&ledger, uncovered);
        }
    });
}
