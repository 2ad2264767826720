//! Nothing but computing: where asynchronous tasks buy nothing.

use anyhow::Result;

use crate::{Done, Facts, Io, Number, Outline, Params, Tally, Unit, Work, Workload, mix};

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

/// So many rounds that each need the one before: no compiler and no processor does two at once.
pub(crate) fn computed(start: u64, rounds: u64) -> u64 {
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
}

impl Work for Compute {
    async fn step<I: Io>(&self, _io: &I, unit: Unit) -> Result<Done> {
        Ok(self.tally(unit.0).into())
    }
}

impl Workload for Compute {
    const FACTS: Facts = Facts {
        waits: false,
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

/// How much a unit computes.
pub(crate) const ROUNDS: Number = Number {
    name: "rounds",
    about: "rounds of SplitMix64 that each unit computes, each from the one before",
    default: 100_000,
    min: 0,
    max: 1_000_000_000,
};
