//! N units wait, and nothing else happens. This shows a scheduler and its timer alone.

use std::time::Duration;

use anyhow::Result;

use crate::params::STAGGER;
use crate::{Done, Facts, Io, Means, Outline, Params, Tally, Unit, Work, Workload, floor, mix};

/// Each unit sleeps for its own delay.
#[derive(Clone, Debug)]
pub struct Sleep(Params);

impl Sleep {
    fn delay(&self, unit: Unit) -> Duration {
        self.0.delay(Self::FACTS.name, unit.0, 0) + self.0.stagger(&Self::FACTS, unit.0)
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
        let delays = (0..self.0.tasks).map(|unit| self.delay(Unit(unit)));
        Some(floor(delays.collect(), means.limit))
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
    const FACTS: Facts = Facts {
        numbers: &[STAGGER],
        ..Facts::new("sleep", "each unit waits on the strategy's own timer")
    };

    fn new(params: &Params) -> Result<Self> {
        params.check(&Self::FACTS)?;
        Ok(Sleep(params.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn staggered_units_end_at_different_times_and_the_floor_knows() {
        let sleep = |stagger_us| {
            let numbers = [(STAGGER.name.to_owned(), stagger_us)].into();
            let latency = "20ms".parse().unwrap();
            Sleep::new(&Params {
                numbers,
                ..Params::new(1, 8, latency)
            })
            .unwrap()
        };
        let means = Means {
            limit: 8,
            joins: true,
            pace: None,
        };
        assert_eq!(sleep(0).floor(means), Some(Duration::from_millis(20)));
        let staggered = sleep(5000);
        let mut delays: Vec<_> = (0..8).map(|unit| staggered.delay(Unit(unit))).collect();
        assert_eq!(staggered.floor(means), delays.iter().max().copied());
        delays.sort();
        delays.dedup();
        assert_eq!(delays.len(), 8);
        let within = Duration::from_millis(20)..Duration::from_millis(25);
        assert!(delays.iter().all(|delay| within.contains(delay)));
    }
}
