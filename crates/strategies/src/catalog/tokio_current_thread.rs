//! Tokio's current-thread runtime: all tasks on one thread.

use std::time::Duration;

use anyhow::Result;
use tokio::runtime::Runtime;
use workloads::{Tally, Work};

use crate::io::hyper::AsyncIo;
use crate::pull::lanes::Lanes;
use crate::runtimes::tokio::{OnTokio, current_thread};
use crate::{Capacity, Client, Facts, Family, Heart, Setup, Strategy};

/// Tasks on the calling thread.
pub struct TokioCurrentThread {
    io: AsyncIo<OnTokio>,
    limit: usize,
    runtime: Runtime,
}

impl Strategy for TokioCurrentThread {
    const FACTS: Facts = Facts {
        name: "tokio-current-thread",
        about: "tasks on one thread",
        family: Family::Async,
        packages: &["tokio", "hyper"],
        client: Client::Hyper,
        root: "calling thread, in block_on",
        threads: "the calling thread",
        fan_out: "tokio::spawn",
        capacity: Capacity::Limit,
        quantum: Duration::from_millis(1),
        lacks: &[],
        advisory: None,
    };

    fn open(setup: &Setup) -> Result<Self> {
        let runtime = current_thread(setup)?;
        Ok(TokioCurrentThread {
            io: runtime.block_on(AsyncIo::open(OnTokio, setup))?,
            limit: setup.limit,
            runtime,
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
