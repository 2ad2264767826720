//! Asynchronous, and still one after the other: the second step of many tutorials.

use std::collections::VecDeque;
use std::time::Duration;

use anyhow::Result;
use tokio::runtime::Runtime;
use workloads::{Tally, Unit, Work};

use crate::io::hyper::AsyncIo;
use crate::runtimes::tokio::{OnTokio, current_thread};
use crate::{Capacity, Client, Facts, Family, Heart, Setup, Strategy};

/// A loop that awaits each unit before it starts the next.
pub struct AwaitInALoop {
    io: AsyncIo<OnTokio>,
    runtime: Runtime,
}

impl Strategy for AwaitInALoop {
    const FACTS: Facts = Facts {
        name: "await-in-a-loop",
        about: "asynchronous but sequential: each unit is awaited before the next is started",
        family: Family::Async,
        packages: &["tokio", "hyper"],
        client: Client::Hyper,
        root: "calling thread, in block_on",
        threads: "the calling thread",
        fan_out: "none",
        capacity: Capacity::One,
        quantum: Duration::from_millis(1),
        lacks: &[],
        advisory: None,
    };

    fn open(setup: &Setup) -> Result<Self> {
        let runtime = current_thread(setup)?;
        Ok(AwaitInALoop {
            io: runtime.block_on(AsyncIo::open(OnTokio, setup))?,
            runtime,
        })
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        self.runtime.block_on(async {
            let mut tally = Tally::default();
            let mut uncovered = VecDeque::new();
            let mut roots = (0..work.units()).map(Unit);
            while let Some(unit) = roots.next().or_else(|| uncovered.pop_front()) {
                let done = work.step(&self.io, unit).await?;
                tally += done.tally;
                uncovered.extend(done.next);
            }
            Ok(tally)
        })
    }

    fn beside(&self, heart: Heart) -> Result<()> {
        self.runtime.spawn(heart.live_on(OnTokio));
        Ok(())
    }
}
