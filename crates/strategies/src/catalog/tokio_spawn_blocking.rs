//! Executor, the remedy: tokio's own pool for blocking calls.

use anyhow::Result;
use workloads::{Tally, Work};

use crate::pull::jobs::{Jobs, Submit};
use crate::runtimes::tokio::Workers;
use crate::{BlockingIo, Facts, Family, Heartbeat, Setup, Strategy};

/// `spawn_blocking` per unit, on a pool with as many threads as the limit.
pub struct TokioSpawnBlocking(Workers<BlockingIo>);

impl Strategy for TokioSpawnBlocking {
    const FACTS: Facts = Facts {
        family: Family::BlockingInExecutor,
        packages: &["tokio"],
        root: "runtime worker",
        threads: "as many as the limit, beside the workers",
        fan_out: "spawn_blocking",
        ..Facts::blocking(
            "tokio-spawn-blocking",
            "the remedy: spawn_blocking per unit, on a pool with as many threads as the limit",
        )
    };

    fn open(setup: &Setup) -> Result<Self> {
        Workers::open(setup, || async { BlockingIo::open(setup) }).map(TokioSpawnBlocking)
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        let Workers { io, limit, runtime } = &self.0;
        let (jobs, finished) = Jobs::new(work, io.clone(), Pool, *limit);
        runtime.spawn(jobs.on_a_task());
        runtime.block_on(finished.tally())
    }

    fn beside(&self, heartbeat: Heartbeat) -> Result<()> {
        self.0.beside(heartbeat)
    }
}

#[derive(Clone, Copy)]
struct Pool;

impl Submit for Pool {
    fn submit(&self, job: impl FnOnce() + Send + 'static) {
        tokio::task::spawn_blocking(job);
    }
}
