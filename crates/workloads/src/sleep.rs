//! N units wait; nothing else happens. The purest picture of a scheduler and its timer.

use std::time::Duration;

use anyhow::Result;

use crate::{Done, Facts, Io, Outline, Params, Tally, Unit, Work, floor, mix};

/// Each unit sleeps for its own delay.
#[derive(Clone, Debug)]
pub struct Sleep(Params);

impl Sleep {
    fn delay(&self, unit: Unit) -> Duration {
        self.0
            .latency
            .delay(self.0.seed, Self::FACTS.name, unit.0, 0)
    }

    /// Proves which unit slept, and that it knew for how long.
    fn tally(&self, unit: Unit, delay: Duration) -> Tally {
        Tally::of(mix(self.0.seed, unit.0), &delay.as_nanos().to_le_bytes())
    }
}

impl Outline for Sleep {
    fn units(&self) -> u64 {
        self.0.tasks
    }

    fn requests(&self) -> u64 {
        0
    }

    fn expected(&self) -> Tally {
        (0..self.0.tasks)
            .map(Unit)
            .map(|unit| self.tally(unit, self.delay(unit)))
            .sum()
    }

    fn floor(&self, limit: usize) -> Option<Duration> {
        Some(floor(
            (0..self.0.tasks)
                .map(|unit| self.delay(Unit(unit)))
                .collect(),
            limit,
        ))
    }
}

impl Work for Sleep {
    const FACTS: Facts = Facts {
        name: "sleep",
        about: "each unit waits on the strategy's own timer",
        server: false,
        uncovers: false,
        numbers: &[],
    };

    fn new(params: &Params) -> Result<Self> {
        params.check(&Self::FACTS)?;
        Ok(Sleep(params.clone()))
    }

    async fn step<I: Io>(&self, io: &I, unit: Unit) -> Result<Done> {
        let delay = self.delay(unit);
        io.sleep(delay).await;
        Ok(self.tally(unit, delay).into())
    }
}
