//! Blocking: a scope on a rayon pool as large as the limit, with a job per unit.

use anyhow::Result;
use workloads::{Tally, Work};

use crate::runtimes::rayon::RayonPool;
use crate::{Facts, Setup, Strategy};

/// A rayon pool with as many threads as the limit.
pub struct Rayon(RayonPool);

impl Strategy for Rayon {
    const FACTS: Facts = Facts {
        name: "rayon",
        about: "a scope on a pool with as many threads as the limit, a job per unit",
        threads: "as many as the limit",
        ..RayonPool::FACTS
    };

    fn open(setup: &Setup) -> Result<Self> {
        RayonPool::open(setup).map(Rayon)
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        self.0.run(work)
    }
}
