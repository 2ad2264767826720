//! Sizes that are lists, and the workloads they stand for.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, IntoDeserializer, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use workloads::{Latency, ROUNDS};

use crate::{ComputeTime, Load};

/// One value, or several in their order.
#[derive(Clone, Debug)]
struct Several<T>(Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Several<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrList<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for OneOrList<T> {
            type Value = Several<T>;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a value or a list of values")
            }

            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Self::Value, E> {
                Ok(Several(vec![T::deserialize(value.into_deserializer())?]))
            }

            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Self::Value, E> {
                Ok(Several(vec![T::deserialize(value.into_deserializer())?]))
            }

            fn visit_str<E: de::Error>(self, value: &str) -> Result<Self::Value, E> {
                Ok(Several(vec![T::deserialize(value.into_deserializer())?]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut values = Vec::new();
                while let Some(value) = list.next_element()? {
                    values.push(value);
                }
                match values.is_empty() {
                    true => Err(de::Error::invalid_length(0, &"at least one value")),
                    false => Ok(Several(values)),
                }
            }
        }

        deserializer.deserialize_any(OneOrList(PhantomData))
    }
}

/// Whole numbers of a key that serde does not know: what is wrong is kept, so that the error can name the key.
#[derive(Clone, Debug)]
struct Whole(Result<Vec<u64>, String>);

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;

        impl<'de> Visitor<'de> for Any {
            type Value = Whole;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a whole number or a list of them")
            }

            fn visit_i64<E>(self, value: i64) -> Result<Whole, E> {
                let whole = u64::try_from(value).map_err(|_| value.to_string());
                Ok(Whole(whole.map(|value| vec![value])))
            }

            fn visit_u64<E>(self, value: u64) -> Result<Whole, E> {
                Ok(Whole(Ok(vec![value])))
            }

            fn visit_f64<E>(self, value: f64) -> Result<Whole, E> {
                Ok(Whole(Err(value.to_string())))
            }

            fn visit_bool<E>(self, value: bool) -> Result<Whole, E> {
                Ok(Whole(Err(value.to_string())))
            }

            fn visit_str<E>(self, value: &str) -> Result<Whole, E> {
                Ok(Whole(Err(format!("{value:?}"))))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Whole, A::Error> {
                let mut all = Vec::new();
                while let Some(Whole(values)) = list.next_element()? {
                    match values {
                        Ok(values) => all.extend(values),
                        Err(wrong) => return Ok(Whole(Err(wrong))),
                    }
                }
                let empty = all.is_empty().then(|| "[]".to_owned());
                Ok(Whole(empty.map_or(Ok(all), Err)))
            }
        }

        deserializer.deserialize_any(Any)
    }
}

/// A workload as people write it.
#[derive(Deserialize)]
struct Written {
    name: String,
    #[serde(default)]
    swept: Option<String>,
    #[serde(default)]
    calibration: bool,
    tasks: Several<u64>,
    latency: Several<Latency>,
    #[serde(default)]
    concurrency: Option<Several<usize>>,
    #[serde(default)]
    workers: Option<Several<usize>>,
    #[serde(default)]
    compute: Option<Several<ComputeTime>>,
    #[serde(flatten)]
    numbers: BTreeMap<String, Whole>,
}

/// Reads workloads and makes one of each combination of listed sizes.
pub(crate) fn expanded<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Load>, D::Error> {
    let written = Vec::<Written>::deserialize(deserializer)?;
    let loads = written
        .into_iter()
        .map(expand)
        .collect::<Result<Vec<_>, _>>();
    Ok(loads.map_err(de::Error::custom)?.concat())
}

fn optional<T>(values: Option<Several<T>>) -> Vec<Option<T>> {
    values.map_or(vec![None], |Several(values)| {
        values.into_iter().map(Some).collect()
    })
}

fn expand(written: Written) -> Result<Vec<Load>, String> {
    let workload = &written.name;
    let alone = Load {
        swept: written.swept,
        calibration: written.calibration,
        ..Load::new(workload, 0, Latency::Fixed(Default::default()))
    };
    let mut loads = vec![alone];
    sweep(&mut loads, "tasks", &written.tasks.0, |load, tasks| {
        load.tasks = *tasks
    });
    sweep(
        &mut loads,
        "latency",
        &written.latency.0,
        |load, latency| load.latency = *latency,
    );
    sweep(
        &mut loads,
        "concurrency",
        &optional(written.concurrency),
        |load, limit| {
            load.concurrency = *limit;
        },
    );
    sweep(
        &mut loads,
        "workers",
        &optional(written.workers),
        |load, workers| {
            load.workers = *workers;
        },
    );
    let compute = optional(written.compute);
    sweep(&mut loads, "compute", &compute, |load, time| {
        load.compute = *time;
    });
    for (name, Whole(values)) in &written.numbers {
        let values = values.as_ref().map_err(|wrong| {
            format!("{workload}: {name} = {wrong}: allowed are whole numbers, or a list of them")
        })?;
        sweep(&mut loads, name, values, |load, value| {
            load.numbers.insert(name.clone(), *value);
        });
    }
    Ok(loads)
}

/// Makes of each load as many as there are values, and says in which value they differ.
pub(crate) fn sweep<T: Swept>(
    loads: &mut Vec<Load>,
    name: &str,
    values: &[T],
    set: impl Fn(&mut Load, &T),
) {
    let with = |load: &Load, value: &T| {
        let mut load = load.clone();
        set(&mut load, value);
        if values.len() > 1 {
            let before = load.swept.map(|before| before + ",").unwrap_or_default();
            load.swept = Some(format!("{before}{name}={}", value.text()));
        }
        load
    };
    *loads = loads
        .iter()
        .flat_map(|load| values.iter().map(move |value| with(load, value)))
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
            load.tasks = *tasks
        });
        replace(loads, "latency", &self.latency, |load, latency| {
            load.latency = *latency
        });
        replace(
            loads,
            "concurrency",
            &some(&self.concurrency),
            |load, limit| {
                load.concurrency = *limit;
            },
        );
        replace(loads, "workers", &some(&self.workers), |load, workers| {
            load.workers = *workers
        });
        for (name, values) in &self.numbers {
            if name == ROUNDS.name {
                forget(loads, "compute", |load| load.compute = None);
            }
            let (mut with, without): (Vec<_>, Vec<_>) =
                loads.drain(..).partition(|load| knows(load, name));
            replace(&mut with, name, values, |load, value| {
                load.numbers.insert(name.clone(), *value);
            });
            loads.extend(with.into_iter().chain(without));
        }
        if !self.compute.is_empty() {
            let (mut with, without): (Vec<_>, Vec<_>) =
                loads.drain(..).partition(|load| knows(load, ROUNDS.name));
            if !self.numbers.contains_key(ROUNDS.name) {
                forget(&mut with, ROUNDS.name, |load| {
                    load.numbers.remove(ROUNDS.name);
                });
            }
            replace(&mut with, "compute", &some(&self.compute), |load, time| {
                load.compute = *time;
            });
            loads.extend(with.into_iter().chain(without));
        }
    }
}

fn some<T: Copy>(values: &[T]) -> Vec<Option<T>> {
    values.iter().copied().map(Some).collect()
}

/// Sweeps no longer over a size, and does without it.
fn forget(loads: &mut Vec<Load>, name: &str, unset: impl Fn(&mut Load)) {
    let own = format!("{name}=");
    for load in loads.iter_mut() {
        let rest = load.swept.iter().flat_map(|sizes| split(sizes));
        let rest: Vec<_> = rest.filter(|size| !size.starts_with(&own)).collect();
        load.swept = (!rest.is_empty()).then(|| rest.join(","));
        unset(load);
    }
    let mut seen = BTreeSet::new();
    loads.retain(|load| seen.insert(load.label()));
}

/// Sweeps over these values instead of those that were swept over before.
fn replace<T: Swept>(loads: &mut Vec<Load>, name: &str, values: &[T], set: impl Fn(&mut Load, &T)) {
    if values.is_empty() {
        return;
    }
    forget(loads, name, |load| set(load, &values[0]));
    sweep(loads, name, values, set);
}

/// The `name=value` parts of a label; a latency may hold a comma itself.
pub(crate) fn split(sizes: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for part in sizes.split(',') {
        match parts.last_mut() {
            Some(before) if !part.contains('=') => *before += &format!(",{part}"),
            _ => parts.push(part.to_owned()),
        }
    }
    parts
}

/// A value that can stand in a label.
pub(crate) trait Swept {
    fn text(&self) -> String;
}

impl Swept for u64 {
    fn text(&self) -> String {
        self.to_string()
    }
}

impl Swept for Latency {
    fn text(&self) -> String {
        self.to_string()
    }
}

impl<T: ToString> Swept for Option<T> {
    fn text(&self) -> String {
        self.as_ref().map_or_else(String::new, T::to_string)
    }
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
        let swept = ["mixed(rounds=1)", "mixed(rounds=2)", "get"];
        assert_eq!(labels(&loads), swept);
        times(&["1ms", "2ms"]).apply(&mut loads, knows);
        let swept = ["mixed(compute=1ms)", "mixed(compute=2ms)", "get"];
        assert_eq!(labels(&loads), swept);
        assert!(loads.iter().all(|load| load.numbers.is_empty()));
        assert_eq!(loads[2].compute, None);
        times(&["3ms"]).apply(&mut loads, knows);
        assert_eq!(labels(&loads), ["mixed", "get"]);
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
        assert_eq!(split("a=1,b=uniform:1,2"), ["a=1", "b=uniform:1,2"]);
    }
}
