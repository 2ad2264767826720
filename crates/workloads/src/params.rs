//! The sizes of a workload, as data.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Result, ensure};
use serde::{Deserialize, Serialize};

use crate::{Facts, Latency, Number, floor, key, mix};

/// The most units a workload can have. With more, the tally alone would take seconds.
pub const MOST_TASKS: u64 = 10_000_000;

/// Spreads the starts of units. Equal waits that begin together end together, and then the burst of answers is handled one by one.
pub(crate) const STAGGER: Number = Number {
    name: "stagger_us",
    about: "starts of units are spread over so many microseconds",
    default: 0,
    min: 0,
    max: 60_000_000,
};

fn is_first(draw: &u32) -> bool {
    *draw == 0
}

/// The sizes of one workload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Params {
    /// The seed that all delays and bodies are drawn from.
    pub seed: u64,
    /// The number of the draw: each draws other delays from the seed, 0 the first. Bodies, graphs, files and faults are the same in all
    /// draws.
    #[serde(default, skip_serializing_if = "is_first")]
    pub draw: u32,
    /// Units known up front.
    pub tasks: u64,
    /// How long each wait lasts.
    pub latency: Latency,
    /// Where the files of [`Outline::files`](crate::Outline::files) are; `None` until they are written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<PathBuf>,
    /// Sizes that only some workloads have, by name. A missing one has its default.
    #[serde(flatten)]
    pub numbers: BTreeMap<String, u64>,
}

impl Params {
    /// These sizes in the first draw, with no folder of files and the defaults of all other numbers.
    pub fn new(seed: u64, tasks: u64, latency: Latency) -> Self {
        Params {
            seed,
            draw: 0,
            tasks,
            latency,
            folder: None,
            numbers: BTreeMap::new(),
        }
    }

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
    /// If `facts` does not declare it. That is a mistake in the workload's own file, which its first test meets.
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

    /// The wait of one attempt at one item of one endpoint: the same for every strategy, in any order.
    pub fn delay(&self, endpoint: &str, item: u64, attempt: u32) -> Duration {
        match self.latency {
            Latency::Fixed(wait) => wait,
            spread => spread.delay(self.source(), endpoint, item, attempt),
        }
    }

    /// Whether another draw has other delays.
    pub fn varies(&self) -> bool {
        let staggered = self.numbers.get(STAGGER.name).is_some_and(|most| *most > 0);
        staggered || !matches!(self.latency, Latency::Fixed(_))
    }

    /// The same sizes with the delays of another draw. If all draws are equal, it stays the first.
    pub fn drawn(&self, draw: u32) -> Params {
        Params {
            draw: if self.varies() { draw } else { 0 },
            ..self.clone()
        }
    }

    /// The seed of the delays of this draw. Endpoints are mixed in as 32 bits, and draws in the bits above them.
    fn source(&self) -> u64 {
        match self.draw {
            0 => self.seed,
            draw => mix(self.seed, 1 << 32 | u64::from(draw)),
        }
    }

    /// How much later than the others a unit begins: a part of the size `stagger_us`, drawn for this unit. The first wait of the unit is
    /// longer by it.
    pub fn stagger(&self, facts: &Facts, unit: u64) -> Duration {
        let most = Duration::from_micros(self.number(facts, STAGGER.name));
        match most.is_zero() {
            true => Duration::ZERO,
            false => Latency::Uniform {
                low: Duration::ZERO,
                high: most,
            }
            .delay(self.source(), STAGGER.name, unit, 0),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn params(latency: &str) -> Params {
        Params::new(1, 20, latency.parse().unwrap())
    }

    fn delays(params: &Params) -> Vec<Duration> {
        (0..20).map(|item| params.delay("get", item, 0)).collect()
    }

    #[test]
    fn a_draw_changes_the_delays_and_nothing_else() {
        let first = params("lognormal:10ms,40ms");
        let (second, third) = (first.drawn(1), first.drawn(2));
        assert_ne!(delays(&first), delays(&second));
        assert_ne!(delays(&second), delays(&third));
        assert_eq!(delays(&second), delays(&first.drawn(1)));
        assert_eq!(first.key("get", 3, 0), second.key("get", 3, 0));
        // The first draw is what the seed alone says.
        assert_eq!(
            first.delay("get", 3, 0),
            first.latency.delay(1, "get", 3, 0)
        );
    }

    #[test]
    fn where_delays_are_equal_there_is_but_one_draw() {
        assert_eq!(params("20ms").drawn(7), params("20ms"));
        let mut staggered = params("20ms");
        staggered.numbers.insert(STAGGER.name.to_owned(), 5000);
        assert_eq!(staggered.drawn(7).draw, 7);
    }

    #[test]
    fn the_first_draw_is_not_written() {
        let text = serde_json::to_string(&params("uniform:1ms,2ms")).unwrap();
        assert!(!text.contains("draw"), "{text}");
        let second = params("uniform:1ms,2ms").drawn(1);
        let text = serde_json::to_string(&second).unwrap();
        assert_eq!(serde_json::from_str::<Params>(&text).unwrap(), second);
    }
}
