//! How fast the machine computes, and what follows for units that compute.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use workloads::{Facts, Pace, ROUNDS};

use crate::Load;

/// How fast the machine computes, measured once at the start of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Computing {
    /// Steps that one processor makes in a microsecond: the median of several short spins. A time of computing becomes as many
    /// steps as this says, the same for all rows.
    pub steps_per_us: u64,
    /// The same in the fastest spin, and 5 % more. Lower bounds are taken from it: the median may have met a slow moment, and a bound that is
    /// too high is none.
    pub most_steps_per_us: u64,
    /// Processors that units may use.
    pub processors: usize,
}

impl Computing {
    /// What a lower bound may count on.
    pub fn pace(&self) -> Pace {
        Pace {
            processors: self.processors,
            steps_per_us: self.most_steps_per_us,
        }
    }
}

/// What the units of one workload compute, and the lower bounds that follow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Computes {
    /// Units of the workload.
    pub units: u64,
    /// Steps of each unit.
    pub steps: u64,
    /// How long they take as calibrated before the run.
    pub unit_ns: u64,
    /// Processors that units may use.
    pub processors: usize,
    /// Lower bound of the waits alone; null where nothing is waited for.
    pub waits_ns: Option<u64>,
    /// Lower bound of the computing alone: all of it, over all processors, as in the fastest spin.
    pub computing_ns: u64,
}

impl Computes {
    /// What `units` units of so many steps compute.
    pub fn new(units: u64, steps: u64, computing: &Computing, waits: Option<Duration>) -> Self {
        let median = Pace {
            processors: 1,
            steps_per_us: computing.steps_per_us,
        };
        let nanoseconds = |time: u128| u64::try_from(time).unwrap_or(u64::MAX);
        let all = computing.pace().time(steps).as_nanos() * u128::from(units);
        Computes {
            units,
            steps,
            unit_ns: nanoseconds(median.time(steps).as_nanos()),
            processors: computing.processors,
            waits_ns: waits.map(|waits| waits.as_nanos() as u64),
            computing_ns: nanoseconds(all.div_ceil(computing.processors.max(1) as u128)),
        }
    }
}

impl Load {
    /// Steps of each unit, where computing is asked for as a time.
    ///
    /// # Errors
    ///
    /// If the workload does not compute, if steps are asked for as well, or if nobody has calibrated.
    pub fn steps(&self, facts: &Facts, computing: Option<&Computing>) -> Result<Option<u64>> {
        let Some(time) = self.compute else {
            return Ok(None);
        };
        let name = &self.name;
        if !facts.computes {
            let all = ["tasks", "latency"].into_iter();
            let all: Vec<_> = all.chain(facts.numbers.iter().map(|it| it.name)).collect();
            bail!(
                "{name}: it has no `compute`; allowed are {}",
                all.join(", ")
            );
        }
        if let Some(rounds) = self.numbers.get(ROUNDS.name) {
            bail!(
                "{name}: compute = {time}: it also has {} = {rounds}; allowed is one of them",
                ROUNDS.name
            );
        }
        let computing = computing.with_context(|| {
            format!("{name}: compute = {time}: nobody has measured how fast this machine computes")
        })?;
        let steps = time.0.as_nanos() * u128::from(computing.steps_per_us) / 1000;
        Ok(Some(u64::try_from(steps).unwrap_or(u64::MAX)))
    }
}

#[cfg(test)]
mod tests {
    use workloads::Workload;
    use workloads::catalog::get::Get;
    use workloads::catalog::mixed::Mixed;

    use super::*;
    use crate::{ComputeTime, fixtures};

    const COMPUTING: Computing = Computing {
        steps_per_us: 400,
        most_steps_per_us: 500,
        processors: 4,
    };

    fn load(compute: &str) -> Load {
        Load {
            compute: Some(compute.parse().unwrap()),
            ..fixtures::spec(&["mixed"]).workloads[0].clone()
        }
    }

    #[test]
    fn a_time_becomes_steps_by_the_median_and_bounds_are_from_the_fastest() {
        let steps = load("2ms").steps(&Mixed::FACTS, Some(&COMPUTING)).unwrap();
        assert_eq!(steps, Some(800_000));
        let waits = Some(Duration::from_secs(2));
        let computes = Computes::new(5000, 800_000, &COMPUTING, waits);
        assert_eq!(computes.unit_ns, 2_000_000);
        // 1.6 ms each at the fastest pace.
        assert_eq!(computes.computing_ns, 2_000_000_000);
        assert_eq!(computes.waits_ns, Some(2_000_000_000));
    }

    #[test]
    fn what_cannot_be_meant_is_refused_with_the_key_and_the_value() {
        let refused = |load: &Load, facts, computing| {
            let error = load.steps(facts, computing).unwrap_err();
            error.to_string()
        };
        let mut both = load("1500us");
        both.numbers.insert("rounds".into(), 7);
        assert_eq!(
            refused(&both, &Mixed::FACTS, Some(&COMPUTING)),
            "mixed: compute = 1ms500us: it also has rounds = 7; allowed is one of them"
        );
        let get = Load {
            name: "get".into(),
            ..load("2ms")
        };
        let error = refused(&get, &Get::FACTS, Some(&COMPUTING));
        assert!(
            error.starts_with("get: it has no `compute`; allowed are tasks, latency"),
            "{error}"
        );
        assert!(refused(&load("2ms"), &Mixed::FACTS, None).contains("nobody has measured"));
        for text in ["0ms", "61s", "2", "fast", "-1ms"] {
            let error = text.parse::<ComputeTime>().unwrap_err().to_string();
            assert_eq!(
                error,
                format!("compute `{text}`: allowed are 1us to 60s, such as 2ms")
            );
        }
    }
}
