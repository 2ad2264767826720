//! The mistake on smol: blocking calls inside tasks. Each holds an executor thread while it waits.

use std::time::Duration;

use anyhow::Result;
use workloads::{Tally, Work};

use crate::pull::lanes::{Lanes, Spawn};
use crate::runtimes::async_io::{OnSmol, Threads};
use crate::{BLOCKING_LACKS, BlockingIo, Capacity, Client, Facts, Family, Heart, Setup, Strategy};

/// smol tasks over a blocking client.
pub struct BlockingInSmol {
    io: BlockingIo,
    limit: usize,
    runtime: OnSmol,
    _threads: Threads,
}

impl Strategy for BlockingInSmol {
    const FACTS: Facts = Facts {
        name: "blocking-in-smol",
        about: "the mistake: a blocking client inside tasks, so only the executor threads wait at once",
        family: Family::BlockingInExecutor,
        packages: &["smol", "async-executor"],
        client: Client::Ureq,
        root: "executor thread",
        threads: "the workers",
        fan_out: "Executor::spawn",
        capacity: Capacity::Workers,
        quantum: Duration::ZERO,
        lacks: BLOCKING_LACKS,
        advisory: None,
    };

    fn open(setup: &Setup) -> Result<Self> {
        let runtime = OnSmol::default();
        let threads = Threads::start(&runtime, setup.workers)?;
        Ok(BlockingInSmol {
            io: BlockingIo::open(setup)?,
            limit: setup.limit,
            runtime,
            _threads: threads,
        })
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        let (lanes, finished) = Lanes::new(work, self.io.clone(), self.runtime.clone(), self.limit);
        self.runtime.spawn(lanes.on_a_task());
        finished.wait()
    }

    fn beside(&self, heart: Heart) -> Result<()> {
        self.runtime.spawn(heart.live_on(self.runtime.clone()));
        Ok(())
    }
}
