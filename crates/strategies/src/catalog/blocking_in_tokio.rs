//! Executor, the mistake: blocking calls inside tokio tasks. Each holds a worker while it waits.

use anyhow::Result;
use workloads::{Tally, Work};

use crate::runtimes::tokio::Workers;
use crate::{BlockingIo, Capacity, Facts, Family, Heartbeat, Setup, Strategy};

/// Tokio tasks over a blocking client.
pub struct BlockingInTokio(Workers<BlockingIo>);

impl Strategy for BlockingInTokio {
    const FACTS: Facts = Facts {
        family: Family::BlockingInExecutor,
        packages: &["tokio"],
        root: "runtime worker",
        threads: "the workers",
        fan_out: "tokio::spawn",
        capacity: Capacity::Workers,
        ..Facts::blocking(
            "blocking-in-tokio",
            "the mistake: a blocking client inside tasks, so only the workers wait at once",
        )
    };

    fn open(setup: &Setup) -> Result<Self> {
        Workers::open(setup, || async { BlockingIo::open(setup) }).map(BlockingInTokio)
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        self.0.run(work)
    }

    fn beside(&self, heartbeat: Heartbeat) -> Result<()> {
        self.0.beside(heartbeat)
    }
}
