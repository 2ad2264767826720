//! Blocking: rayon as it comes, with a thread per processor.

use anyhow::Result;
use workloads::{Tally, Work};

use crate::catalog::rayon::Rayon;
use crate::{Capacity, Facts, Setup, Strategy};

/// A rayon pool of rayon's own size.
pub struct RayonDefault(Rayon);

impl Strategy for RayonDefault {
    const FACTS: Facts = Facts {
        packages: &["rayon"],
        root: "pool thread",
        threads: "one per processor",
        fan_out: "rayon::scope",
        capacity: Capacity::Processors,
        ..Facts::blocking(
            "rayon-default",
            "a scope on a pool as rayon makes it: one thread per processor",
        )
    };

    fn open(setup: &Setup) -> Result<Self> {
        let limit = Self::FACTS.capacity.of(setup);
        Ok(RayonDefault(Rayon::open(&Setup {
            limit,
            ..setup.clone()
        })?))
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        self.0.run(work)
    }
}
