//! What a command line says about sizes.

use std::collections::BTreeSet;
use std::fmt::Display;

use anyhow::{Result, ensure};
use harness::Registry;
use model::{Load, Sizes, Spec};

use super::note::Note;
use crate::flags::SizeArguments;

/// Sizes that have a flag of their own.
const WITH_A_FLAG: [&str; 6] = [
    "tasks",
    "latency",
    "concurrency",
    "workers",
    "compute",
    "seed",
];

/// Gives the workloads the sizes that were typed. Where only some of them have a size, a note says so.
///
/// # Errors
///
/// If none of them has it, or if a value stands there twice.
pub(super) fn resize(
    registry: &Registry,
    spec: &mut Spec,
    sizes: &SizeArguments,
    notes: &mut Vec<Note>,
) -> Result<()> {
    spec.seed = sizes.seed.unwrap_or(spec.seed);
    once("--tasks", &sizes.tasks)?;
    once("--concurrency", &sizes.concurrency)?;
    once("--workers", &sizes.workers)?;
    once("--latency", &sizes.latency)?;
    once("--compute", &sizes.compute)?;
    notes.extend(check_numbers(registry, spec, &sizes.numbers)?);
    notes.extend(check_compute(registry, spec, sizes)?);
    let sizes = Sizes {
        compute: sizes.compute.clone(),
        tasks: sizes.tasks.clone(),
        latency: sizes.latency.clone(),
        concurrency: sizes.concurrency.clone(),
        workers: sizes.workers.clone(),
        numbers: sizes.numbers.iter().cloned().collect(),
    };
    sizes.apply(&mut spec.workloads, |load, number| {
        declares(registry, &load.name, number)
    });
    Ok(())
}

/// Whether a workload has a size of this name.
fn declares(registry: &Registry, workload: &str, number: &str) -> bool {
    let entry = registry.workload(workload);
    entry.is_ok_and(|entry| entry.facts.numbers.iter().any(|known| known.name == number))
}

/// What `--set` asks for: which of it is not for all workloads.
fn check_numbers(
    registry: &Registry,
    spec: &Spec,
    numbers: &[(String, Vec<u64>)],
) -> Result<Vec<Note>> {
    let mut notes = Vec::new();
    let mut seen = BTreeSet::new();
    for (number, values) in numbers {
        once(&format!("--set {number}"), values)?;
        ensure!(
            seen.insert(number),
            "--set {number}: it is set twice; several values are a list, such as --set {number}=3,6"
        );
        ensure!(
            !WITH_A_FLAG.contains(&number.as_str()),
            "--set {number}: it has a flag of its own, --{number}"
        );
        let (with, without) = names(spec, |load| declares(registry, &load.name, number));
        ensure!(
            !with.is_empty(),
            "--set {number}: none of the workloads has it; {}",
            all_numbers(registry, &without)
        );
        if !without.is_empty() {
            notes.push(Note::SizeOfSome {
                number: number.clone(),
                with,
                without,
            });
        }
    }
    Ok(notes)
}

/// What `--compute` asks for: whether it is not for all workloads.
fn check_compute(registry: &Registry, spec: &Spec, sizes: &SizeArguments) -> Result<Option<Note>> {
    let Some(time) = sizes.compute.first() else {
        return Ok(None);
    };
    let (with, without) = names(spec, |load| {
        let entry = registry.workload(&load.name);
        entry.is_ok_and(|entry| entry.facts.computes)
    });
    ensure!(
        !with.is_empty(),
        "--compute {time}: none of the workloads computes; allowed with `compute` and `mixed`"
    );
    Ok((!without.is_empty()).then_some(Note::ComputeOfSome { without }))
}

/// The names of the workloads for which this holds, and of the others; one that is swept is named once.
fn names(spec: &Spec, holds: impl Fn(&Load) -> bool) -> (Vec<String>, Vec<String>) {
    let (mut with, mut without) = (Vec::new(), Vec::new());
    for load in &spec.workloads {
        let names = if holds(load) { &mut with } else { &mut without };
        names.push(load.name.clone());
    }
    with.dedup();
    without.dedup();
    (with, without)
}

/// Refuses a list in which a value stands twice: the samples of both could not be told apart.
fn once<T: Display + PartialEq>(flag: &str, values: &[T]) -> Result<()> {
    for (index, value) in values.iter().enumerate() {
        ensure!(
            !values[..index].contains(value),
            "{flag} {value}: the value is there twice; each once is enough"
        );
    }
    Ok(())
}

/// The sizes that each of these workloads has beside those of all.
fn all_numbers(registry: &Registry, names: &[String]) -> String {
    let entries = names.iter().filter_map(|name| registry.workload(name).ok());
    let each = entries.map(|entry| {
        let numbers = entry.facts.numbers.iter().map(|number| number.name);
        let numbers: Vec<_> = numbers.collect();
        match numbers.is_empty() {
            true => format!("{} has none", entry.facts.name),
            false => format!("{} has {}", entry.facts.name, numbers.join(", ")),
        }
    });
    each.collect::<Vec<_>>().join("; ")
}
