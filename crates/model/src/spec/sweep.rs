//! Sizes that are lists, and the workloads they stand for.

use std::collections::{BTreeMap, BTreeSet};

use workloads::{Latency, ROUNDS};

use crate::{ComputeTime, Load, Size, Swept, Value};

/// Makes of each load as many as there are values, and says in which value they differ.
fn sweep<T: Copy + Into<Value>>(
    loads: &mut Vec<Load>,
    name: &str,
    values: &[T],
    set: impl Fn(&mut Load, T),
) {
    let with = |load: &Load, value: T| {
        let mut load = load.clone();
        set(&mut load, value);
        if values.len() > 1 {
            let size = Size {
                name: name.to_owned(),
                value: value.into(),
            };
            load.swept = Some(Swept::plus(load.swept, size));
        }
        load
    };
    *loads = loads
        .iter()
        .flat_map(|load| values.iter().map(move |value| with(load, *value)))
        .collect();
}

/// Other sizes than the written ones; an empty list changes nothing.
#[derive(Clone, Debug, Default)]
pub struct Sizes {
    /// Units known up front.
    pub tasks: Vec<u64>,
    /// How long each wait lasts.
    pub latency: Vec<Latency>,
    /// Units in flight, at most.
    pub concurrency: Vec<usize>,
    /// Worker threads of asynchronous runtimes.
    pub workers: Vec<usize>,
    /// How long each unit computes, for workloads that compute. It takes the place of a number of steps, and the other way round.
    pub compute: Vec<ComputeTime>,
    /// Sizes that only some workloads have; they are set where they are known.
    pub numbers: BTreeMap<String, Vec<u64>>,
}

impl Sizes {
    /// Gives each workload these sizes; `knows` says whether a workload has a number of that name.
    pub fn apply(&self, loads: &mut Vec<Load>, knows: impl Fn(&Load, &str) -> bool) {
        replace(loads, "tasks", &self.tasks, |load, tasks| {
            load.tasks = tasks
        });
        replace(loads, "latency", &self.latency, |load, latency| {
            load.latency = latency
        });
        replace(loads, "concurrency", &self.concurrency, |load, limit| {
            load.concurrency = Some(limit);
        });
        replace(loads, "workers", &self.workers, |load, workers| {
            load.workers = Some(workers);
        });
        for (name, values) in &self.numbers {
            if name == ROUNDS.name {
                forget(loads, "compute", |load| load.compute = None);
            }
            let has = |load: &Load| knows(load, name);
            of_those(loads, has, |with| {
                replace(with, name, values, |load, value| {
                    load.numbers.insert(name.clone(), value);
                });
            });
        }
        if !self.compute.is_empty() {
            let computes = |load: &Load| knows(load, ROUNDS.name);
            of_those(loads, computes, |with| {
                if !self.numbers.contains_key(ROUNDS.name) {
                    forget(with, ROUNDS.name, |load| {
                        load.numbers.remove(ROUNDS.name);
                    });
                }
                replace(with, "compute", &self.compute, |load, time| {
                    load.compute = Some(time);
                });
            });
        }
    }
}

/// Changes those that are meant; all keep their order.
fn of_those(loads: &mut Vec<Load>, mean: impl Fn(&Load) -> bool, change: impl Fn(&mut Vec<Load>)) {
    let all = std::mem::take(loads);
    for part in all.chunk_by(|a, b| mean(a) == mean(b)) {
        let mut part = part.to_vec();
        if mean(&part[0]) {
            change(&mut part);
        }
        loads.extend(part);
    }
}

/// Sweeps no longer over a size, and does without it.
fn forget(loads: &mut Vec<Load>, name: &str, unset: impl Fn(&mut Load)) {
    for load in loads.iter_mut() {
        load.swept = load.swept.take().and_then(|swept| swept.without(name));
        unset(load);
    }
    let mut seen = BTreeSet::new();
    loads.retain(|load| seen.insert(load.label()));
}

/// Sweeps over these values instead of those that were swept over before.
fn replace<T: Copy + Into<Value>>(
    loads: &mut Vec<Load>,
    name: &str,
    values: &[T],
    set: impl Fn(&mut Load, T),
) {
    if values.is_empty() {
        return;
    }
    forget(loads, name, |load| set(load, values[0]));
    sweep(loads, name, values, set);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures;

    fn labels(loads: &[Load]) -> Vec<String> {
        loads.iter().map(Load::label).collect()
    }

    #[test]
    fn a_time_of_computing_takes_the_place_of_steps_and_the_other_way_round() {
        let knows = |load: &Load, name: &str| load.name == "mixed" && name == "rounds";
        let mut loads = fixtures::spec(&["get", "mixed"]).workloads;
        let steps = Sizes {
            numbers: BTreeMap::from([("rounds".to_owned(), vec![1, 2])]),
            ..Sizes::default()
        };
        let times = |texts: &[&str]| Sizes {
            compute: texts.iter().map(|text| text.parse().unwrap()).collect(),
            ..Sizes::default()
        };
        steps.apply(&mut loads, knows);
        let swept = ["get", "mixed(rounds=1)", "mixed(rounds=2)"];
        assert_eq!(labels(&loads), swept);
        times(&["1ms", "2ms"]).apply(&mut loads, knows);
        let swept = ["get", "mixed(compute=1ms)", "mixed(compute=2ms)"];
        assert_eq!(labels(&loads), swept);
        assert!(loads.iter().all(|load| load.numbers.is_empty()));
        assert_eq!(loads[0].compute, None);
        times(&["3ms"]).apply(&mut loads, knows);
        assert_eq!(labels(&loads), ["get", "mixed"]);
        steps.apply(&mut loads, knows);
        assert!(loads.iter().all(|load| load.compute.is_none()));
        // Who asks for both is told so where the steps are made of it.
        let both = Sizes {
            compute: times(&["1ms"]).compute,
            ..steps
        };
        both.apply(&mut loads, knows);
        let mixed = loads.iter().filter(|load| load.name == "mixed");
        assert!(
            mixed
                .clone()
                .all(|load| load.compute.is_some() && load.numbers.contains_key("rounds"))
        );
        assert_eq!(mixed.count(), 2);
    }

    #[test]
    fn other_sizes_take_the_place_of_a_sweep_and_may_be_one() {
        let mut loads = fixtures::spec(&["get"]).workloads;
        let mut sizes = Sizes {
            tasks: vec![1, 2],
            latency: vec!["1ms".parse().unwrap(), "uniform:1ms,2ms".parse().unwrap()],
            ..Sizes::default()
        };
        sizes.apply(&mut loads, |_, _| false);
        let expected = [
            "get(tasks=1,latency=1ms)",
            "get(tasks=1,latency=uniform:1ms,2ms)",
            "get(tasks=2,latency=1ms)",
            "get(tasks=2,latency=uniform:1ms,2ms)",
        ];
        assert_eq!(labels(&loads), expected);

        sizes = Sizes {
            tasks: vec![7],
            numbers: BTreeMap::from([("body_bytes".to_owned(), vec![1, 2])]),
            ..Sizes::default()
        };
        sizes.latency = vec!["3ms".parse().unwrap()];
        sizes.apply(&mut loads, |_, name| name == "body_bytes");
        assert_eq!(labels(&loads), ["get(body_bytes=1)", "get(body_bytes=2)"]);
        assert!(loads.iter().all(|load| load.tasks == 7));
        let mut loads = fixtures::spec(&["sleep", "get"]).workloads;
        sizes.apply(&mut loads, |load, _| load.name == "get");
        let expected = ["sleep", "get(body_bytes=1)", "get(body_bytes=2)"];
        assert_eq!(labels(&loads), expected, "in their order");
    }
}
