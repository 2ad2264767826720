//! Tokio's multi-threaded runtime.

use std::time::Duration;

use anyhow::Result;
use tokio::runtime::Runtime;
use workloads::{Tally, Work};

use crate::lanes::Lanes;
use crate::nonblocking::AsyncIo;
use crate::tokio_runtime::{OnTokio, multi_thread};
use crate::{Capacity, Client, Facts, Family, Setup, Strategy};

/// Tasks on tokio's work-stealing scheduler.
pub struct Tokio {
    io: AsyncIo<OnTokio>,
    limit: usize,
    runtime: Runtime,
}

impl Strategy for Tokio {
    const FACTS: Facts = Facts {
        name: "tokio",
        about: "tasks on the multi-threaded, work-stealing runtime",
        family: Family::Async,
        packages: &["tokio", "hyper"],
        client: Client::Hyper,
        root: "runtime worker",
        capacity: Capacity::Limit,
        quantum: Duration::from_millis(1),
        advisory: None,
    };

    fn open(setup: &Setup) -> Result<Self> {
        let runtime = multi_thread(setup)?;
        Ok(Tokio {
            io: runtime.block_on(AsyncIo::open(OnTokio, setup))?,
            limit: setup.limit,
            runtime,
        })
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        let (lanes, finished) = Lanes::new(work, self.io.clone(), OnTokio, self.limit);
        self.runtime.spawn(async move { lanes.start() });
        self.runtime.block_on(finished.tally())
    }
}
