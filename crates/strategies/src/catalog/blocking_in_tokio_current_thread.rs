//! The mistake on one thread: a blocking call stops everything.

use std::time::Duration;

use anyhow::Result;
use tokio::runtime::Runtime;
use workloads::{Tally, Work};

use crate::pull::lanes::Lanes;
use crate::runtimes::tokio::{OnTokio, current_thread};
use crate::{BLOCKING_LACKS, BlockingIo, Capacity, Client, Facts, Family, Heart, Setup, Strategy};

/// Tasks over a blocking client, all on the calling thread.
pub struct BlockingInTokioCurrentThread {
    io: BlockingIo,
    limit: usize,
    runtime: Runtime,
}

impl Strategy for BlockingInTokioCurrentThread {
    const FACTS: Facts = Facts {
        name: "blocking-in-tokio-current-thread",
        about: "the mistake on one thread: a blocking client inside tasks, so one unit waits at a time",
        family: Family::BlockingInExecutor,
        packages: &["tokio"],
        client: Client::Ureq,
        root: "calling thread, in block_on",
        threads: "the calling thread",
        fan_out: "tokio::spawn",
        capacity: Capacity::One,
        quantum: Duration::ZERO,
        lacks: BLOCKING_LACKS,
        advisory: None,
    };

    fn open(setup: &Setup) -> Result<Self> {
        Ok(BlockingInTokioCurrentThread {
            io: BlockingIo::open(setup)?,
            limit: setup.limit,
            runtime: current_thread(setup)?,
        })
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        let (lanes, finished) = Lanes::new(work, self.io.clone(), OnTokio, self.limit);
        self.runtime.block_on(finished.after(lanes.on_a_task()))
    }

    fn beside(&self, heart: Heart) -> Result<()> {
        self.runtime.spawn(heart.live_on(OnTokio));
        Ok(())
    }
}
