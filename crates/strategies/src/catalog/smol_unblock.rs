//! The remedy of smol: its pool for blocking calls.

use std::time::Duration;

use anyhow::Result;
use workloads::{Tally, Work};

use crate::pull::jobs::{Jobs, Submit};
use crate::{BLOCKING_LACKS, BlockingIo, Capacity, Client, Facts, Family, Setup, Strategy};

/// `unblock` per unit, on a pool with as many threads as the limit.
pub struct SmolUnblock {
    io: BlockingIo,
    limit: usize,
}

impl Strategy for SmolUnblock {
    const FACTS: Facts = Facts {
        name: "smol-unblock",
        about: "the remedy: unblock per unit; idle threads of the pool end after half a second",
        family: Family::BlockingInExecutor,
        packages: &["smol"],
        client: Client::Ureq,
        root: "calling thread",
        threads: "as many as the limit",
        fan_out: "unblock",
        capacity: Capacity::Limit,
        quantum: Duration::ZERO,
        lacks: BLOCKING_LACKS,
        advisory: None,
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
