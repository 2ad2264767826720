//! Executor, the remedy: async-std's pool for blocking calls, which is also smol's.

use anyhow::Result;
use async_std::task;
use workloads::{Tally, Work};

use crate::pull::jobs::{Jobs, Submit};
use crate::{BlockingIo, Facts, Family, Setup, Strategy};

/// `spawn_blocking` per unit, on a pool with as many threads as the limit.
pub struct AsyncStdSpawnBlocking {
    io: BlockingIo,
    limit: usize,
}

impl Strategy for AsyncStdSpawnBlocking {
    const FACTS: Facts = Facts {
        family: Family::BlockingInExecutor,
        packages: &["async-std"],
        threads: "as many as the limit",
        fan_out: "spawn_blocking",
        advisory: Some("discontinued, RUSTSEC-2025-0052"),
        ..Facts::blocking(
            "async-std-spawn-blocking",
            "the remedy: spawn_blocking per unit; idle threads of the pool end after half a second",
        )
    };

    fn environment(setup: &Setup) -> Vec<(&'static str, String)> {
        vec![("BLOCKING_MAX_THREADS", setup.limit.to_string())]
    }

    fn open(setup: &Setup) -> Result<Self> {
        Ok(AsyncStdSpawnBlocking {
            io: BlockingIo::open(setup)?,
            limit: setup.limit,
        })
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        let (jobs, finished) = Jobs::new(work, self.io.clone(), Pool, self.limit);
        jobs.start();
        finished.wait()
    }
}

#[derive(Clone, Copy)]
struct Pool;

impl Submit for Pool {
    fn submit(&self, job: impl FnOnce() + Send + 'static) {
        task::spawn_blocking(job);
    }
}
