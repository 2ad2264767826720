//! Nothing but computing: where asynchronous tasks buy nothing.

use std::time::Duration;

use anyhow::Result;

use crate::floor::computing_floor;
use crate::{Done, Facts, Io, Means, Number, Outline, Params, Tally, Unit, Work, Workload, mix};

/// Each unit mixes a number again and again, where it is scheduled; nothing is handed to another thread by the workload.
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

/// So many steps that each need the one before: no compiler and no processor does two at once. Never inlined: so that it is the same
/// code for every strategy, and where its speed is measured.
#[inline(never)]
pub fn computed(start: u64, rounds: u64) -> u64 {
    (0..rounds).fold(start, mix)
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

    /// None where nobody knows how fast it computes.
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

/// How much a unit computes. The largest is some minutes of it.
pub const ROUNDS: Number = Number {
    name: "rounds",
    about: "rounds of SplitMix64 that each unit computes, each from the one before",
    default: 100_000,
    min: 0,
    max: 100_000_000_000,
};
