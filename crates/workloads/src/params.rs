//! The sizes of a workload, as data.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Result, ensure};
use serde::{Deserialize, Serialize};

use crate::{Facts, Latency, Number, floor, key};

/// The most units a workload can have; above it the tally alone would take seconds.
pub const MOST_TASKS: u64 = 10_000_000;

/// Equal waits that begin together end together, and a burst of answers is drained one by one. With this, they begin at different
/// times.
pub(crate) const STAGGER: Number = Number {
    name: "stagger_us",
    about: "starts of units are spread over so many microseconds",
    default: 0,
    min: 0,
    max: 60_000_000,
};

/// The sizes of one workload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Params {
    /// All delays and bodies are drawn from it.
    pub seed: u64,
    /// Units known up front.
    pub tasks: u64,
    /// How long each wait lasts.
    pub latency: Latency,
    /// Where the files of [`Outline::files`](crate::Outline::files) are; none until there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<PathBuf>,
    /// Sizes that only some workloads have, by name; missing ones have their default.
    #[serde(flatten)]
    pub numbers: BTreeMap<String, u64>,
}

impl Params {
    /// Refuses sizes outside their range and keys that the workload does not have.
    pub fn check(&self, facts: &Facts) -> Result<()> {
        let name = facts.name;
        ensure!(
            (1..=MOST_TASKS).contains(&self.tasks),
            "{name}: tasks = {}: allowed are 1 to {MOST_TASKS}",
            self.tasks
        );
        for (key, value) in &self.numbers {
            let known = facts.numbers.iter().find(|number| number.name == key);
            let Some(number) = known else {
                let all: Vec<_> = ["tasks", "latency"]
                    .into_iter()
                    .chain(facts.numbers.iter().map(|n| n.name))
                    .collect();
                anyhow::bail!("{name}: it has no `{key}`; allowed are {}", all.join(", "));
            };
            ensure!(
                (number.min..=number.max).contains(value),
                "{name}: {key} = {value}: allowed are {} to {}",
                number.min,
                number.max
            );
        }
        Ok(())
    }

    /// The value of a declared size.
    ///
    /// # Panics
    ///
    /// If `facts` does not declare it: that is a slip in the workload's own file, met by its first test.
    pub fn number(&self, facts: &Facts, name: &str) -> u64 {
        let declared = facts.numbers.iter().find(|number| number.name == name);
        let default = declared
            .expect("a workload reads only what it declares")
            .default;
        self.numbers.get(name).copied().unwrap_or(default)
    }

    /// The id of one attempt at one item of one endpoint.
    pub fn key(&self, endpoint: &str, item: u64, attempt: u32) -> u64 {
        key(self.seed, endpoint, item, attempt)
    }

    /// The wait of the same, the same for every strategy in any order.
    pub fn delay(&self, endpoint: &str, item: u64, attempt: u32) -> Duration {
        self.latency.delay(self.seed, endpoint, item, attempt)
    }

    /// How much later than the others a unit begins to wait: a share of the size `stagger_us`, drawn for it. The first wait of the unit is longer
    /// by it, wherever that is spent.
    pub fn stagger(&self, facts: &Facts, unit: u64) -> Duration {
        let most = Duration::from_micros(self.number(facts, STAGGER.name));
        match most.is_zero() {
            true => Duration::ZERO,
            false => Latency::Uniform {
                low: Duration::ZERO,
                high: most,
            }
            .delay(self.seed, STAGGER.name, unit, 0),
        }
    }

    /// The lower bound for independent units that each wait once for their own delay.
    pub fn floor(&self, endpoint: &str, limit: usize) -> Duration {
        let delays = (0..self.tasks).map(|item| self.delay(endpoint, item, 0));
        floor(delays.collect(), limit)
    }

    /// The number behind `/endpoint/` in a path, if it is that of a unit.
    pub fn item(&self, endpoint: &str, path: &str) -> Option<u64> {
        let item = path
            .strip_prefix('/')?
            .strip_prefix(endpoint)?
            .strip_prefix('/')?;
        item.parse().ok().filter(|item| *item < self.tasks)
    }
}
