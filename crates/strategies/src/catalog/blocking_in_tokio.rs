//! The mistake: blocking calls inside asynchronous tasks. Each holds a worker while it waits.

use std::time::Duration;

use anyhow::Result;
use tokio::runtime::Runtime;
use workloads::{Tally, Work};

use crate::pull::lanes::Lanes;
use crate::runtimes::tokio::{OnTokio, multi_thread};
use crate::{BLOCKING_LACKS, BlockingIo, Capacity, Client, Facts, Family, Heart, Setup, Strategy};

/// Tokio tasks over a blocking client.
pub struct BlockingInTokio {
    io: BlockingIo,
    limit: usize,
    runtime: Runtime,
}

impl Strategy for BlockingInTokio {
    const FACTS: Facts = Facts {
        name: "blocking-in-tokio",
        about: "the mistake: a blocking client inside tasks, so only the workers wait at once",
        family: Family::BlockingInExecutor,
        packages: &["tokio"],
        client: Client::Ureq,
        root: "runtime worker",
        threads: "the workers",
        fan_out: "tokio::spawn",
        capacity: Capacity::Workers,
        quantum: Duration::ZERO,
        lacks: BLOCKING_LACKS,
        advisory: None,
    };

    fn open(setup: &Setup) -> Result<Self> {
        Ok(BlockingInTokio {
            io: BlockingIo::open(setup)?,
            limit: setup.limit,
            runtime: multi_thread(setup)?,
        })
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        let (lanes, finished) = Lanes::new(work, self.io.clone(), OnTokio, self.limit);
        self.runtime.spawn(lanes.on_a_task());
        self.runtime.block_on(finished.tally())
    }

    fn beside(&self, heart: Heart) -> Result<()> {
        self.runtime.spawn(heart.live_on(OnTokio));
        Ok(())
    }
}
