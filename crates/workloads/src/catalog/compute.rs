//! Nothing but computing. Asynchronous tasks gain nothing here.

use std::time::Duration;

use anyhow::Result;

use crate::floor::computing_floor;
use crate::shapes::computing::{ROUNDS, computed};
use crate::{Done, Facts, Io, Means, Outline, Params, Tally, Unit, Work, Workload, mix};

/// Each unit mixes a number again and again. It does so where it is scheduled; the workload hands nothing to another thread.
#[derive(Clone, Debug)]
pub struct Compute {
    params: Params,
    rounds: u64,
}

impl Compute {
    fn tally(&self, unit: u64) -> Tally {
        let start = mix(self.params.seed, unit);
        Tally::of(start, &computed(start, self.rounds).to_le_bytes())
    }
}

impl Outline for Compute {
    fn facts(&self) -> &'static Facts {
        &Self::FACTS
    }

    fn params(&self) -> &Params {
        &self.params
    }

    fn expected(&self) -> Tally {
        (0..self.params.tasks).map(|unit| self.tally(unit)).sum()
    }

    fn steps(&self) -> u64 {
        self.rounds
    }

    /// `None` if nobody knows how fast units compute.
    fn floor(&self, means: Means) -> Option<Duration> {
        means.pace?;
        let waits = (0..self.params.tasks).map(|_| Duration::ZERO);
        Some(computing_floor(waits, self.rounds, means))
    }
}

impl Work for Compute {
    async fn step<I: Io>(&self, _io: &I, unit: Unit) -> Result<Done> {
        Ok(self.tally(unit.0).into())
    }
}

impl Workload for Compute {
    const FACTS: Facts = Facts {
        waits: false,
        computes: true,
        numbers: &[ROUNDS],
        ..Facts::new(
            "compute",
            "each unit only computes, where it is scheduled: concurrency without waiting",
        )
    };

    fn new(params: &Params) -> Result<Self> {
        params.check(&Self::FACTS)?;
        Ok(Compute {
            params: params.clone(),
            rounds: params.number(&Self::FACTS, ROUNDS.name),
        })
    }
}
