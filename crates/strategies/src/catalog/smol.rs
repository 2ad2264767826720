//! smol's executor on threads of its own: its global one would have a single thread.

use std::time::Duration;

use anyhow::Result;
use workloads::{Tally, Work};

use crate::io::hyper::AsyncIo;
use crate::pull::lanes::{Lanes, Spawn};
use crate::runtimes::async_io::{OnSmol, Threads};
use crate::{Capacity, Client, Facts, Family, Heart, Setup, Strategy};

/// Tasks on an explicit executor.
pub struct Smol {
    io: AsyncIo<OnSmol>,
    limit: usize,
    runtime: OnSmol,
    // Declared last, so dropped last: the threads end when the connections are closed.
    _threads: Threads,
}

impl Strategy for Smol {
    const FACTS: Facts = Facts {
        name: "smol",
        about: "tasks on an explicit executor run by the worker threads",
        family: Family::Async,
        packages: &["smol", "async-executor", "async-io", "hyper"],
        client: Client::Hyper,
        root: "executor thread",
        threads: "the workers",
        fan_out: "Executor::spawn",
        capacity: Capacity::Limit,
        quantum: Duration::ZERO,
        lacks: &[],
        advisory: None,
    };

    fn open(setup: &Setup) -> Result<Self> {
        let runtime = OnSmol::default();
        let threads = Threads::start(&runtime, setup.workers)?;
        let io = smol::future::block_on(runtime.0.spawn({
            let (runtime, setup) = (runtime.clone(), setup.clone());
            async move { AsyncIo::open(runtime, &setup).await }
        }))?;
        Ok(Smol {
            io,
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
