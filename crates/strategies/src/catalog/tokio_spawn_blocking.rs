//! The remedy: tokio's own pool for blocking calls.

use std::time::Duration;

use anyhow::Result;
use tokio::runtime::Runtime;
use workloads::{Tally, Work};

use crate::pull::jobs::{Jobs, Submit};
use crate::runtimes::tokio::{OnTokio, multi_thread};
use crate::{BLOCKING_LACKS, BlockingIo, Capacity, Client, Facts, Family, Heart, Setup, Strategy};

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
        threads: "as many as the limit, beside the workers",
        fan_out: "spawn_blocking",
        capacity: Capacity::Limit,
        quantum: Duration::ZERO,
        lacks: BLOCKING_LACKS,
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
        let (jobs, finished) = Jobs::new(work, self.io.clone(), Pool, self.limit);
        self.runtime.spawn(jobs.on_a_task());
        self.runtime.block_on(finished.tally())
    }

    fn beside(&self, heart: Heart) -> Result<()> {
        self.runtime.spawn(heart.live_on(OnTokio));
        Ok(())
    }
}

#[derive(Clone, Copy)]
struct Pool;

impl Submit for Pool {
    fn submit(&self, job: impl FnOnce() + Send + 'static) {
        tokio::task::spawn_blocking(job);
    }
}
