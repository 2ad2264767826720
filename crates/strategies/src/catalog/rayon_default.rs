//! Blocking: rayon as it comes, with a thread per processor.

use anyhow::Result;
use workloads::{Tally, Work};

use crate::runtimes::rayon::RayonPool;
use crate::{Capacity, Facts, Setup, Strategy};

/// A rayon pool of rayon's own size.
pub struct RayonDefault(RayonPool);

impl Strategy for RayonDefault {
    const FACTS: Facts = Facts {
        name: "rayon-default",
        about: "a scope on a pool as rayon makes it: one thread per processor",
        threads: "one per processor",
        capacity: Capacity::Processors,
        ..RayonPool::FACTS
    };

    fn open(setup: &Setup) -> Result<Self> {
        let limit = Self::FACTS.capacity.of(setup);
        RayonPool::open(&Setup {
            limit,
            ..setup.clone()
        })
        .map(RayonDefault)
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        self.0.run(work)
    }
}
