//! Blocking: a fixed pool of threads.

use anyhow::Result;
use workloads::{Tally, Work};

use crate::pull::threads::OnThreads;
use crate::{BlockingIo, Facts, Setup, Strategy};

/// As many threads as the limit, over ureq.
pub struct ThreadPool(OnThreads<BlockingIo>);

impl Strategy for ThreadPool {
    const FACTS: Facts = Facts {
        name: "thread-pool",
        about: "as many threads as the limit, started before the clock, pulling units",
        ..OnThreads::<BlockingIo>::FACTS
    };

    fn open(setup: &Setup) -> Result<Self> {
        OnThreads::open(BlockingIo::open(setup)?, setup).map(ThreadPool)
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        self.0.run(work)
    }
}
