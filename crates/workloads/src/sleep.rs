//! N units wait; nothing else happens. The purest picture of a scheduler and its timer.

use std::time::Duration;

use anyhow::Result;

use crate::{Done, Facts, Io, Means, Outline, Params, Tally, Unit, Work, Workload, mix};

/// Each unit sleeps for its own delay.
#[derive(Clone, Debug)]
pub struct Sleep(Params);

impl Sleep {
    fn delay(&self, unit: Unit) -> Duration {
        self.0.delay(Self::FACTS.name, unit.0, 0)
    }

    /// Proves which unit slept, and that it knew for how long.
    fn tally(&self, unit: Unit, delay: Duration) -> Tally {
        Tally::of(mix(self.0.seed, unit.0), &delay.as_nanos().to_le_bytes())
    }
}

impl Outline for Sleep {
    fn facts(&self) -> &'static Facts {
        &Self::FACTS
    }

    fn params(&self) -> &Params {
        &self.0
    }

    fn expected(&self) -> Tally {
        (0..self.0.tasks)
            .map(Unit)
            .map(|unit| self.tally(unit, self.delay(unit)))
            .sum()
    }

    fn floor(&self, means: Means) -> Option<Duration> {
        Some(self.0.floor(Self::FACTS.name, means.limit))
    }
}

impl Work for Sleep {
    async fn step<I: Io>(&self, io: &I, unit: Unit) -> Result<Done> {
        let delay = self.delay(unit);
        io.sleep(delay).await;
        Ok(self.tally(unit, delay).into())
    }
}

impl Workload for Sleep {
    const FACTS: Facts = Facts::new("sleep", "each unit waits on the strategy's own timer");

    fn new(params: &Params) -> Result<Self> {
        params.check(&Self::FACTS)?;
        Ok(Sleep(params.clone()))
    }
}
