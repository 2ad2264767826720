//! Executor, the mistake: blocking calls inside smol tasks. Each holds an executor thread while it waits.

use anyhow::Result;
use workloads::{Tally, Work};

use crate::runtimes::smol::Workers;
use crate::{BlockingIo, Capacity, Facts, Family, Heartbeat, Setup, Strategy};

/// smol tasks over a blocking client.
pub struct BlockingInSmol(Workers<BlockingIo>);

impl Strategy for BlockingInSmol {
    const FACTS: Facts = Facts {
        family: Family::BlockingInExecutor,
        packages: &["smol", "async-executor"],
        root: "executor thread",
        threads: "the workers",
        fan_out: "Executor::spawn",
        capacity: Capacity::Workers,
        ..Facts::blocking(
            "blocking-in-smol",
            "the mistake: a blocking client inside tasks, so only the executor threads wait at once",
        )
    };

    fn open(setup: &Setup) -> Result<Self> {
        Workers::open(setup, |_, setup| async move { BlockingIo::open(&setup) }).map(BlockingInSmol)
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        self.0.run(work)
    }

    fn beside(&self, heartbeat: Heartbeat) -> Result<()> {
        self.0.beside(heartbeat)
    }
}
