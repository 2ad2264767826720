//! Rayon as it comes: a thread per processor, whatever waits.

use std::time::Duration;

use anyhow::Result;
use workloads::{Tally, Work};

use crate::catalog::rayon::Rayon;
use crate::{BLOCKING_LACKS, Capacity, Client, Facts, Family, Setup, Strategy};

/// A rayon pool of rayon's own size.
pub struct RayonDefault(Rayon);

impl Strategy for RayonDefault {
    const FACTS: Facts = Facts {
        name: "rayon-default",
        about: "a scope on a pool as rayon makes it: one thread per processor",
        family: Family::Blocking,
        packages: &["rayon"],
        client: Client::Ureq,
        root: "pool thread",
        threads: "one per processor",
        fan_out: "rayon::scope",
        capacity: Capacity::Processors,
        quantum: Duration::ZERO,
        lacks: BLOCKING_LACKS,
        advisory: None,
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
