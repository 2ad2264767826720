//! Executor, the mistake: blocking calls inside tasks of one thread. Each call stops all other tasks.

use anyhow::Result;
use workloads::{Tally, Work};

use crate::runtimes::tokio::OneThread;
use crate::{BlockingIo, Capacity, Facts, Family, Heartbeat, Setup, Strategy};

/// Tasks over a blocking client, all on the calling thread.
pub struct BlockingInTokioCurrentThread(OneThread<BlockingIo>);

impl Strategy for BlockingInTokioCurrentThread {
    const FACTS: Facts = Facts {
        family: Family::BlockingInExecutor,
        packages: &["tokio"],
        root: "calling thread, in block_on",
        threads: "the calling thread",
        fan_out: "tokio::spawn",
        capacity: Capacity::One,
        ..Facts::blocking(
            "blocking-in-tokio-current-thread",
            "the mistake on one thread: a blocking client inside tasks, so one unit waits at a time",
        )
    };

    fn open(setup: &Setup) -> Result<Self> {
        OneThread::open(setup, || async { BlockingIo::open(setup) })
            .map(BlockingInTokioCurrentThread)
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        self.0.run(work)
    }

    fn beside(&self, heartbeat: Heartbeat) -> Result<()> {
        self.0.beside(heartbeat)
    }
}
