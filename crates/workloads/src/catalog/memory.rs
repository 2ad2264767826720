//! N units that hold something while they wait. The slope over N is what an idle unit costs in memory.

use std::time::Duration;

use anyhow::Result;

use crate::{Done, Facts, Io, Means, Number, Outline, Params, Tally, Unit, Work, Workload, mix};

/// Each unit fills a buffer of its own, waits, and proves that the buffer has not changed.
#[derive(Clone, Debug)]
pub struct Memory {
    params: Params,
    held_bytes: usize,
}

impl Memory {
    /// What a unit holds: a byte of its own, repeated.
    fn held(&self, unit: u64) -> Vec<u8> {
        vec![mix(self.params.seed, unit) as u8; self.held_bytes]
    }

    fn tally(&self, unit: u64, held: &[u8]) -> Tally {
        Tally::of(mix(self.params.seed, unit), held)
    }
}

impl Outline for Memory {
    fn facts(&self) -> &'static Facts {
        &Self::FACTS
    }

    fn params(&self) -> &Params {
        &self.params
    }

    fn expected(&self) -> Tally {
        (0..self.params.tasks)
            .map(|unit| self.tally(unit, &self.held(unit)))
            .sum()
    }

    fn floor(&self, means: Means) -> Option<Duration> {
        Some(self.params.floor(Self::FACTS.name, means.limit))
    }
}

impl Work for Memory {
    async fn step<I: Io>(&self, io: &I, unit: Unit) -> Result<Done> {
        let held = self.held(unit.0);
        io.sleep(self.params.delay(Self::FACTS.name, unit.0, 0))
            .await;
        Ok(self.tally(unit.0, &held).into())
    }
}

impl Workload for Memory {
    const FACTS: Facts = Facts {
        numbers: &[Number {
            name: "held_bytes",
            about: "bytes that each unit holds while it waits",
            default: 0,
            min: 0,
            max: 1 << 20,
        }],
        ..Facts::new(
            "memory",
            "idle units that hold a buffer; swept over tasks, its slope is bytes per unit",
        )
    };

    fn new(params: &Params) -> Result<Self> {
        params.check(&Self::FACTS)?;
        Ok(Memory {
            params: params.clone(),
            held_bytes: params.number(&Self::FACTS, "held_bytes") as usize,
        })
    }
}
