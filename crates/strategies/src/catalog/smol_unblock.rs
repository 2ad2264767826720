//! Executor, the remedy: smol's pool for blocking calls.

use anyhow::Result;
use workloads::{Tally, Work};

use crate::pull::jobs::{Jobs, Submit};
use crate::{BlockingIo, Facts, Family, Setup, Strategy};

/// `unblock` per unit, on a pool with as many threads as the limit.
pub struct SmolUnblock {
    io: BlockingIo,
    limit: usize,
}

impl Strategy for SmolUnblock {
    const FACTS: Facts = Facts {
        family: Family::BlockingInExecutor,
        packages: &["smol"],
        threads: "as many as the limit",
        fan_out: "unblock",
        ..Facts::blocking(
            "smol-unblock",
            "the remedy: unblock per unit; idle threads of the pool end after half a second",
        )
    };

    fn environment(setup: &Setup) -> Vec<(&'static str, String)> {
        vec![("BLOCKING_MAX_THREADS", setup.limit.to_string())]
    }

    fn open(setup: &Setup) -> Result<Self> {
        Ok(SmolUnblock {
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
        smol::unblock(job).detach();
    }
}
