//! N units that do nothing. This shows the price of a unit.

use std::time::Duration;

use anyhow::Result;

use crate::{Done, Facts, Io, Means, Outline, Params, Tally, Unit, Work, Workload, mix};

/// Each unit only proves that it ran.
#[derive(Clone, Debug)]
pub struct Spawn(Params);

impl Spawn {
    fn tally(&self, unit: u64) -> Tally {
        Tally::of(mix(self.0.seed, unit), &[])
    }
}

impl Outline for Spawn {
    fn facts(&self) -> &'static Facts {
        &Self::FACTS
    }

    fn params(&self) -> &Params {
        &self.0
    }

    fn expected(&self) -> Tally {
        (0..self.0.tasks).map(|unit| self.tally(unit)).sum()
    }

    fn floor(&self, _means: Means) -> Option<Duration> {
        Some(Duration::ZERO)
    }
}

impl Work for Spawn {
    async fn step<I: Io>(&self, _io: &I, unit: Unit) -> Result<Done> {
        Ok(self.tally(unit.0).into())
    }
}

impl Workload for Spawn {
    const FACTS: Facts = Facts {
        waits: false,
        ..Facts::new("spawn", "units that do nothing: the price of a unit")
    };

    fn new(params: &Params) -> Result<Self> {
        params.check(&Self::FACTS)?;
        Ok(Spawn(params.clone()))
    }
}
