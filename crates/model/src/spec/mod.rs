//! What is run, with every number that was left open decided.

pub(crate) mod compute_time;
pub(crate) mod computing;
pub(crate) mod load;
pub(crate) mod program;
pub(crate) mod quantity;
pub(crate) mod row;
pub(crate) mod sweep;
pub(crate) mod swept;

use std::collections::BTreeSet;

use anyhow::{Result, ensure};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Budget, Computing, Load, Percent, Program, Row};

/// A scenario: workloads, strategies and the numbers of the design.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Spec {
    /// Its name in reports.
    pub name: String,
    /// All delays, bodies and orders are drawn from it. 0 to 2^63 - 1.
    pub seed: u64,
    /// At most this many units in flight. 1 to 1,000,000.
    pub concurrency: usize,
    /// Worker threads of asynchronous runtimes. 1 to 1024.
    pub workers: usize,
    /// Processors that the workers keep to; without it, all that are allowed. 1 to 4096, and no more than are allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpus: Option<usize>,
    /// Lives of the worker processes. 1 to 1000; never more than rounds.
    pub launches: u32,
    /// Rounds that count, over all launches; each launch has one more, discarded, before them. 1 to 100,000.
    pub rounds: u32,
    /// Rounds that also hold the long rows: those whose own floor is over twice the workload's.
    pub long_rounds: u32,
    /// Within a budget, launches are added until no interval of a ratio reaches further than this from its estimate.
    #[serde(default = "precision")]
    pub precision: Percent,
    /// No launch is added that would end later than this after the start. Without one, none is ever added.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<Budget>,
    /// Whether timers and clients are measured first.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub calibration: bool,
    /// The row whose makespan ratios are taken against.
    pub reference: Row,
    /// The short strategy that is in every round, whatever is selected out of the long ones.
    pub anchor: String,
    /// Names of strategies.
    pub strategies: Vec<String>,
    /// Whether tables also show mean and standard deviation.
    #[serde(default, skip_serializing_if = "is_false")]
    pub mean: bool,
    /// How fast the machine computes, where units compute. It is measured at the start of every run: what a file says of it is not
    /// read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub computing: Option<Computing>,
    /// Programs that can be strategies beside the built-in ones.
    #[serde(rename = "program", default, skip_serializing_if = "Vec::is_empty")]
    pub programs: Vec<Program>,
    /// The workloads, each at most once with the same sizes.
    #[serde(rename = "workload")]
    pub workloads: Vec<Load>,
}

fn is_false(value: &bool) -> bool {
    !value
}

fn is_true(value: &bool) -> bool {
    *value
}

fn yes() -> bool {
    true
}

fn precision() -> Percent {
    Percent::of_hundredths(300)
}

impl Spec {
    /// The load of that label.
    pub fn load(&self, label: &str) -> Option<&Load> {
        self.workloads.iter().find(|load| load.label() == label)
    }

    /// Refuses numbers outside their range, with the key and the allowed values. Names are checked where they are known.
    pub fn check(&self) -> Result<()> {
        let within = |key: &str, value: u64, low: u64, high: u64| {
            ensure!(
                (low..=high).contains(&value),
                "{key} = {value}: allowed are {low} to {high}"
            );
            Ok(())
        };
        // TOML has no larger integers, and every spec is stored as TOML.
        within("seed", self.seed, 0, i64::MAX as u64)?;
        within("concurrency", self.concurrency as u64, 1, 1_000_000)?;
        within("workers", self.workers as u64, 1, 1024)?;
        within("cpus", self.cpus.unwrap_or(1) as u64, 1, 4096)?;
        within("launches", u64::from(self.launches), 1, 1000)?;
        within("rounds", u64::from(self.rounds), 1, 100_000)?;
        let rounds = u64::from(self.rounds);
        ensure!(
            self.launches <= self.rounds,
            "launches = {}: allowed are 1 to {rounds}, because each launch has at least one of the rounds",
            self.launches
        );
        within("long_rounds", u64::from(self.long_rounds), 1, rounds)?;
        ensure!(!self.workloads.is_empty(), "no workload is left to run");
        let mut seen = BTreeSet::new();
        for load in &self.workloads {
            ensure!(
                seen.insert(load.label()),
                "workload `{}` is listed twice; its samples could not be told apart",
                load.label()
            );
            let (limit, workers) = (load.concurrency(self), load.workers(self));
            within("concurrency", limit as u64, 1, 1_000_000)?;
            within("workers", workers as u64, 1, 1024)?;
        }
        Ok(())
    }
}

/// What a workload takes from its spec where it says nothing itself.
impl Load {
    /// Units in flight, at most.
    pub fn concurrency(&self, spec: &Spec) -> usize {
        self.concurrency.unwrap_or(spec.concurrency)
    }

    /// Worker threads of asynchronous runtimes.
    pub fn workers(&self, spec: &Spec) -> usize {
        self.workers.unwrap_or(spec.workers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
        name = "core"
        seed = 1
        concurrency = 32
        workers = 2
        launches = 3
        rounds = 24
        long_rounds = 9
        reference = "sequential"
        anchor = "tokio"
        strategies = ["sequential", "tokio"]
        [[workload]]
        name = "pages"
        tasks = 5
        latency = "20ms"
        pages = 6
    "#;

    #[test]
    fn a_spec_survives_being_written_and_read() {
        let spec: Spec = toml::from_str(TEXT).unwrap();
        spec.check().unwrap();
        assert_eq!(spec.workloads[0].numbers["pages"], 6);
        assert_eq!(
            toml::from_str::<Spec>(&toml::to_string(&spec).unwrap()).unwrap(),
            spec
        );
    }

    #[test]
    fn numbers_out_of_range_are_refused_with_the_range() {
        let spec: Spec = toml::from_str(TEXT).unwrap();
        let refused = |spec: Spec| spec.check().unwrap_err().to_string();
        assert_eq!(
            refused(Spec {
                concurrency: 0,
                ..spec.clone()
            }),
            "concurrency = 0: allowed are 1 to 1000000"
        );
        assert_eq!(
            refused(Spec {
                rounds: 0,
                ..spec.clone()
            }),
            "rounds = 0: allowed are 1 to 100000"
        );
        let more = |launches, long_rounds| Spec {
            launches,
            long_rounds,
            ..spec.clone()
        };
        assert_eq!(
            refused(more(25, 9)),
            "launches = 25: allowed are 1 to 24, because each launch has at least one of the rounds"
        );
        assert_eq!(
            refused(more(3, 25)),
            "long_rounds = 25: allowed are 1 to 24"
        );
        let twice = Spec {
            workloads: vec![spec.workloads[0].clone(); 2],
            ..spec.clone()
        };
        assert!(refused(twice).contains("`pages` is listed twice"));
        assert!(
            refused(Spec {
                workloads: vec![],
                ..spec
            })
            .contains("no workload")
        );
    }
}
