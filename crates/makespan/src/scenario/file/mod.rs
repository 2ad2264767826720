//! A scenario file: `[[workload]]` is enough, and whatever else is not written is as in `core`.
//!
//! Each noun of a file is read in a file of its own: its `length`, its `strategies`, its workloads and its programs. A `table` is read
//! key by key, each key with a reader of `value`, and all `faults` are told at once.

mod faults;
mod length;
mod program;
mod strategies;
mod table;
mod value;
mod workload;

use std::path::Path;

use anyhow::Result;
use harness::Registry;
use model::{Row, Sizes, Spec};
use toml::de::DeTable;

use self::faults::Faults;
use self::length::Length;
use self::table::{Placed, Table};
use self::value::{boolean, text, whole};
use super::note::Note;

/// What a file says.
#[derive(Clone, Debug)]
pub(super) struct Scenario {
    /// With the strategies by name.
    pub(super) spec: Spec,
    /// The strategies that ratios can be taken against, in the order in which the file has them.
    pub(super) order: Vec<String>,
    /// What its reader should know.
    pub(super) notes: Vec<Note>,
}

/// Where a scenario comes from, and what it is read with.
pub(super) struct Origin<'a> {
    /// Its path, or its name where it comes with the program.
    pub(super) name: &'a str,
    /// Whether it comes with the program. Then it may name strategies that this build has not.
    pub(super) built_in: bool,
    /// What can be named in it.
    pub(super) registry: &'a Registry,
    /// Gives what the file does not have. Only `core` itself has none, and must have all.
    pub(super) core: Option<&'a Spec>,
}

/// Reads the text of a scenario.
///
/// # Errors
///
/// All faults at once, each with its line.
pub(super) fn read(origin: &Origin, written: &str) -> Result<Scenario> {
    let mut faults = Faults::new(origin.name, written);
    let (table, errors) = DeTable::parse_recoverable(written);
    for error in &errors {
        faults.add(&error.span().unwrap_or_default(), error.message());
    }
    // What is missing may be what could not be read, so nothing else is told.
    faults.check()?;
    let mut top = Table::new(table.get_ref(), 0..0);
    let scenario = scenario(origin, &mut top, &mut faults);
    faults.check()?;
    Ok(scenario)
}

fn scenario(origin: &Origin, top: &mut Table, faults: &mut Faults) -> Scenario {
    let Origin { registry, core, .. } = *origin;
    let mut spec = head(origin, top, faults);
    spec.programs = program::read(registry, top, faults);
    let of_core = core.map(|core| core.concurrency);
    let limits = limits(top, faults, "concurrency", 1_000_000, of_core);
    let of_core = core.map(|core| core.workers);
    let workers = self::limits(top, faults, "workers", 1024, of_core);
    (spec.concurrency, spec.workers) = (limits[0], workers[0]);
    let cpus = top.get(faults, "cpus", whole(1, 4096));
    spec.cpus = cpus.map(|cpus| cpus.into_inner() as usize);
    // A stored spec says how fast that machine computed; this one is measured anew.
    top.stored(faults, "computing", |_| Ok(()));
    let named = strategies::read(origin.built_in, registry, core, &spec.programs, top, faults);
    spec.strategies = named.strategies;
    let references = strategies::references(core, &named.order, top, faults);
    (spec.reference, spec.anchor) = (Row::plain(references.reference), references.anchor);
    let several = |values: Vec<usize>| if values.len() > 1 { values } else { Vec::new() };
    let common = Sizes {
        concurrency: several(limits),
        workers: several(workers),
        ..Sizes::default()
    };
    let workloads = workload::Workloads {
        registry,
        core,
        seed: spec.seed,
        common: &common,
    };
    spec.workloads = workloads.read(top, faults);
    top.finish(faults, |key| workload::belongs(registry, key));
    Scenario {
        spec,
        order: named.order,
        notes: named.notes.into_iter().chain(references.note).collect(),
    }
}

/// What is about the whole of it: its name, seed and length.
fn head(origin: &Origin, top: &mut Table, faults: &mut Faults) -> Spec {
    let core = origin.core;
    let name = top.get(faults, "name", text);
    let seed = top.get(faults, "seed", whole(0, i64::MAX as u64));
    let length = Length::read(core, top, faults);
    let calibration = top.get(faults, "calibration", boolean);
    let mean = top.get(faults, "mean", boolean);
    let name_of_file = Path::new(origin.name).file_stem().unwrap_or_default();
    Spec {
        name: name.map_or_else(
            || name_of_file.to_string_lossy().into_owned(),
            Placed::into_inner,
        ),
        seed: top.or(faults, "seed", seed, core.map(|core| core.seed)),
        concurrency: 0,
        workers: 0,
        cpus: None,
        launches: length.launches,
        rounds: length.rounds,
        long_rounds: length.long_rounds,
        precision: length.precision,
        budget: length.budget,
        calibration: calibration.is_none_or(Placed::into_inner),
        reference: Row::plain(""),
        anchor: String::new(),
        strategies: Vec::new(),
        mean: mean.is_some_and(Placed::into_inner),
        computing: None,
        programs: Vec::new(),
        workloads: Vec::new(),
    }
}

/// A limit for all workloads that have none of their own, or several.
fn limits(
    top: &mut Table,
    faults: &mut Faults,
    key: &str,
    most: u64,
    core: Option<usize>,
) -> Vec<usize> {
    if let Some(limits) = top.list(faults, key, whole(1, most)) {
        let limits = limits.into_iter().map(Placed::into_inner);
        return limits.map(|limit| limit as usize).collect();
    }
    if core.is_none() {
        top.need(faults, key, "2");
    }
    vec![core.unwrap_or(1)]
}

#[cfg(test)]
mod tests;
