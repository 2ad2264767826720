//! A scenario file: `[[workload]]` is enough, and whatever else is not written is as in `core`.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use anyhow::Result;
use model::{Budget, ComputeTime, Load, Percent, Row, Sizes, Spec, Swept};
use toml::de::DeTable;
use workloads::{Entry, Latency, MOST_TASKS, ROUNDS};

use super::faults::Faults;
use super::table::{Placed, Table, boolean, quantity, text, whole};
use super::{built_in, default_load, programs};
use crate::Registry;
use crate::scenario::known::strategies;
use crate::scenario::selection::{is_left_out, known, select_strategies};

/// What a file says.
#[derive(Clone, Debug)]
pub(super) struct Scenario {
    /// With the strategies by name.
    pub(super) spec: Spec,
    /// The strategies that ratios can be taken against, in the order in which the file has them.
    pub(super) order: Vec<String>,
    /// What its reader should know.
    pub(super) notes: Vec<String>,
}

/// Keys of the file itself that people write into a workload, and the other way round.
const AT_THE_TOP: &str = "at the top of the file, before the first [[workload]]";
const IN_A_WORKLOAD: &str = "in a [[workload]]";

/// Keys of the file that no workload has.
const TOP: [&str; 10] = [
    "seed",
    "launches",
    "rounds",
    "long_rounds",
    "precision",
    "budget",
    "calibration",
    "reference",
    "anchor",
    "strategies",
];

/// Reads the scenario of this name, with the numbers of `core` where it has none of its own; `core` itself must have all.
///
/// # Errors
///
/// All faults at once, each with its line.
pub(super) fn read(
    registry: &Registry,
    name: &str,
    written: &str,
    core: Option<&Spec>,
) -> Result<Scenario> {
    let mut faults = Faults::new(name, written);
    let (table, errors) = DeTable::parse_recoverable(written);
    for error in &errors {
        let at = error.span().unwrap_or_default();
        faults.add(&at, error.message().replace('\n', ", "));
    }
    if !errors.is_empty() {
        // What is missing may be what could not be read.
        return faults.check().map(|()| unreachable!("it has faults"));
    }
    let file = File {
        comes_along: built_in::text(name).is_some(),
        notes: Vec::new(),
        registry,
        core,
        top: Table::new(table.get_ref(), 0..0),
    };
    let scenario = file.read(name, &mut faults);
    faults.check()?;
    Ok(scenario)
}

struct File<'a> {
    /// Whether it comes with the program.
    comes_along: bool,
    /// What its reader should know.
    notes: Vec<String>,
    registry: &'a Registry,
    core: Option<&'a Spec>,
    top: Table<'a>,
}

impl File<'_> {
    fn read(mut self, name: &str, faults: &mut Faults) -> Scenario {
        let mut spec = self.numbers(name, faults);
        spec.programs = programs::read(self.registry, &mut self.top, faults);
        let limits = self.limits(faults, "concurrency", 1_000_000, |core| core.concurrency);
        let workers = self.limits(faults, "workers", 1024, |core| core.workers);
        (spec.concurrency, spec.workers) = (limits[0], workers[0]);
        let cpus = self.top.get(faults, "cpus", whole(1, 4096));
        spec.cpus = cpus.map(|cpus| cpus.into_inner() as usize);
        // A stored spec says how fast that machine computed; this one is measured anew.
        self.top.stored(faults, "computing", |_, _| Ok(()));
        let order = self.strategies(&mut spec, faults);
        let notes = self.references(&mut spec, &order, faults);
        let notes = self.notes.drain(..).chain(notes).collect();
        let several = |values: Vec<usize>| if values.len() > 1 { values } else { Vec::new() };
        let common = Sizes {
            concurrency: several(limits),
            workers: several(workers),
            ..Sizes::default()
        };
        spec.workloads = self.workloads(&spec, &common, faults);
        self.top.finish(faults, |key| {
            let sizes = ["tasks", "latency"];
            let entries = self.registry.workloads.iter();
            let mut numbers = entries.flat_map(|entry| entry.facts.numbers);
            let known = sizes.contains(&key) || numbers.any(|number| number.name == key);
            known.then_some(IN_A_WORKLOAD)
        });
        Scenario { spec, order, notes }
    }

    /// A value of the file, or else that of `core`.
    fn or<T: Default>(
        &self,
        faults: &mut Faults,
        key: &str,
        value: Option<Placed<T>>,
        core: impl Fn(&Spec) -> T,
    ) -> T {
        let value = value.map(Placed::into_inner);
        match (value, self.core) {
            (Some(value), _) => value,
            (None, Some(spec)) => core(spec),
            (None, None) => {
                self.top.need(faults, key, "as in another scenario");
                T::default()
            }
        }
    }

    /// How long it measures. Rounds that are written mean exactly those, unless a budget is written for more.
    fn numbers(&mut self, name: &str, faults: &mut Faults) -> Spec {
        let name_of_file = Path::new(name).file_stem().unwrap_or_default();
        let title = self.top.get(faults, "name", text);
        let seed = self.top.get(faults, "seed", whole(0, i64::MAX as u64));
        let launches = self.top.get(faults, "launches", whole(1, 1000));
        let rounds = self.top.get(faults, "rounds", whole(1, 100_000));
        let long_rounds = self.top.get(faults, "long_rounds", whole(1, 100_000));
        let precision = self.top.get(faults, "precision", quantity::<Percent>);
        let budget = self.top.get(faults, "budget", quantity::<Budget>);
        let calibration = self.top.get(faults, "calibration", boolean);
        let mean = self.top.get(faults, "mean", boolean);

        let exact = launches.is_some() || rounds.is_some();
        let place = |value: &Option<Placed<u64>>| value.as_ref().map(Placed::span);
        let (few, parts, long) = (place(&rounds), place(&launches), place(&long_rounds));
        let rounds = self.or(faults, "rounds", rounds, |core| core.rounds.into());
        // What is not written fits to what is.
        let launches = self.or(faults, "launches", launches, |core| {
            u64::from(core.launches).min(rounds)
        });
        let long_rounds = self.or(faults, "long_rounds", long_rounds, |core| {
            u64::from(core.long_rounds).min(rounds)
        });
        if launches > rounds && rounds > 0 {
            let text = format!(
                "launches = {launches}: allowed are 1 to {rounds}, because each launch has at least one of the rounds"
            );
            faults.add(&parts.or(few.clone()).unwrap_or_default(), text);
        }
        if long_rounds > rounds && rounds > 0 {
            let text = format!(
                "long_rounds = {long_rounds}: allowed are 1 to {rounds}, because they are some of the rounds"
            );
            faults.add(&long.or(few).unwrap_or_default(), text);
        }
        if let Some(precision) = precision.as_ref().filter(|_| budget.is_none() && exact) {
            let text = "precision: it adds launches to the rounds that are written, and needs a `budget` for that, such as budget = \"5m\"";
            faults.add(&precision.span(), text);
        }
        let budget = budget.map(Placed::into_inner);
        let of_core = self.core.filter(|_| !exact).and_then(|core| core.budget);
        Spec {
            name: title.map_or_else(
                || name_of_file.to_string_lossy().into_owned(),
                Placed::into_inner,
            ),
            seed: self.or(faults, "seed", seed, |core| core.seed),
            concurrency: 0,
            workers: 0,
            cpus: None,
            launches: launches as u32,
            rounds: rounds as u32,
            long_rounds: long_rounds as u32,
            precision: match (precision, self.core) {
                (Some(precision), _) => precision.into_inner(),
                (None, Some(core)) => core.precision,
                (None, None) => Percent::of_hundredths(300),
            },
            budget: budget.or(of_core),
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
        &mut self,
        faults: &mut Faults,
        key: &str,
        most: u64,
        core: impl Fn(&Spec) -> usize,
    ) -> Vec<usize> {
        let limits = self.top.list(faults, key, whole(1, most));
        match (limits, self.core) {
            (Some(limits), _) => limits
                .into_iter()
                .map(|limit| limit.into_inner() as usize)
                .collect(),
            (None, Some(spec)) => vec![core(spec)],
            (None, None) => {
                self.top.need(faults, key, "2");
                vec![1]
            }
        }
    }

    /// The names of the strategies: those of `core` and the file's own programs where it names none. Returns them in the order in
    /// which they are written.
    fn strategies(&mut self, spec: &mut Spec, faults: &mut Faults) -> Vec<String> {
        let names = strategies(self.registry, &spec.programs);
        let patterns = match (self.top.list(faults, "strategies", text), self.core) {
            (Some(patterns), _) => patterns,
            (None, Some(core)) => {
                let own = spec.programs.iter().map(|program| &program.name);
                let all = core.strategies.iter().chain(own).cloned();
                all.map(|name| Placed::new(0..0, name)).collect()
            }
            (None, None) => {
                self.top.need(faults, "strategies", "[\"tokio\"]");
                Vec::new()
            }
        };
        let (mut order, mut chosen) = (Vec::new(), Vec::new());
        for pattern in patterns {
            let (at, pattern) = (pattern.span(), pattern.into_inner());
            match select_strategies(std::slice::from_ref(&pattern), &names) {
                Ok(matching) => {
                    order.extend(matching);
                    chosen.push(pattern);
                }
                // A build without it can measure the others.
                Err(_) if self.comes_along && is_left_out(&pattern, &names) => {
                    self.notes.push(format!(
                        "{pattern} is left out, because it is not in this build"
                    ));
                }
                Err(error) => faults.add(&at, format!("strategies: {error}")),
            }
        }
        spec.strategies = match chosen.is_empty() {
            true => Vec::new(),
            false => select_strategies(&chosen, &names).unwrap_or_default(),
        };
        order
    }

    /// The rows that others are compared with. What is not written is as in `core` where that is among the strategies, else the first
    /// of them, which is said.
    fn references(
        &mut self,
        spec: &mut Spec,
        order: &[String],
        faults: &mut Faults,
    ) -> Vec<String> {
        let mut notes = Vec::new();
        let mut find = |key: &str, core: Option<&String>, faults: &mut Faults| {
            if let Some(name) = self.top.get(faults, key, text) {
                let allowed: Vec<&str> = order.iter().map(String::as_str).collect();
                if let Err(error) = known("strategy of this scenario", name.get_ref(), &allowed)
                    && !allowed.is_empty()
                {
                    faults.add(&name.span(), format!("{key}: {error}"));
                }
                return name.into_inner();
            }
            match (core, order.first()) {
                (Some(name), Some(first)) if !order.contains(name) => {
                    if key == "reference" {
                        notes.push(format!(
                            "ratios are against {first}, the first of the scenario's strategies, because it names no reference"
                        ));
                    }
                    first.clone()
                }
                (Some(name), _) => name.clone(),
                (None, _) => {
                    self.top.need(faults, key, "\"tokio\"");
                    String::new()
                }
            }
        };
        spec.reference = Row::plain(find(
            "reference",
            self.core.map(|core| &core.reference.strategy),
            faults,
        ));
        spec.anchor = find("anchor", self.core.map(|core| &core.anchor), faults);
        notes
    }

    fn workloads(&mut self, spec: &Spec, common: &Sizes, faults: &mut Faults) -> Vec<Load> {
        let tables = self.top.tables(faults, "workload");
        if tables.is_empty() && self.top.place("workload") == (0..0) {
            let text =
                "it needs a workload at least, such as [[workload]] and below it name = \"get\"";
            faults.add(&(0..0), text);
        }
        let mut loads: Vec<Load> = Vec::new();
        let mut seen: BTreeMap<String, Range<usize>> = BTreeMap::new();
        for table in tables {
            let at = table.at.clone();
            for load in self.workload(spec, table, common, faults) {
                if let Some(first) = seen.insert(load.label(), at.clone()) {
                    let text = format!(
                        "workload `{}` is there already, in line {}; its samples could not be told apart. To vary a size, write a list, such as tasks = [1, 10]",
                        load.label(),
                        faults.line(&first)
                    );
                    faults.add(&at, text);
                }
                loads.push(load);
            }
        }
        loads
    }

    /// One workload of each combination of listed sizes.
    fn workload(
        &self,
        spec: &Spec,
        mut table: Table,
        common: &Sizes,
        faults: &mut Faults,
    ) -> Vec<Load> {
        table.need(faults, "name", "\"get\"");
        let name = table.get(faults, "name", text);
        let entry = name.as_ref().and_then(|name| self.entry(name, faults));
        if let Some(entry) = entry {
            table.prefix = format!("{}: ", entry.facts.name);
        }
        let swept = table.stored(faults, "swept", quantity::<Swept>);
        let calibration = table.stored(faults, "calibration", boolean);
        let mut sizes = sizes(&mut table, entry, faults);
        let elsewhere = |key: &str| TOP.contains(&key).then_some(AT_THE_TOP);
        let Some(entry) = entry else {
            // Which other keys it may have is not known.
            return Vec::new();
        };
        table.finish(faults, elsewhere);
        if sizes.concurrency.is_empty() {
            sizes.concurrency = common.concurrency.clone();
        }
        if sizes.workers.is_empty() {
            sizes.workers = common.workers.clone();
        }
        let base = self.core.map(|core| default_load(core, entry.facts.name));
        let base = base
            .unwrap_or_else(|| Load::new(entry.facts.name, 1, Latency::Fixed(Default::default())));
        let mut loads = vec![base];
        sizes.apply(&mut loads, |_, _| true);
        // A stored spec says what was swept, and what was measured before the comparison: whether that is wanted again is another question.
        if let Some(swept) = swept {
            loads
                .iter_mut()
                .for_each(|load| load.swept = Some(swept.clone()));
        }
        if calibration == Some(true) {
            return Vec::new();
        }
        for load in &loads {
            if let Err(error) = (entry.outline)(&load.params(spec.seed)) {
                faults.add(&table.at, format!("{error:#}"));
            }
        }
        loads
    }

    fn entry(&self, name: &Placed<String>, faults: &mut Faults) -> Option<&Entry> {
        let entries = self.registry.workloads.iter();
        let names: Vec<_> = entries.map(|entry| entry.facts.name).collect();
        if let Err(error) = known("workload", name.get_ref(), &names) {
            faults.add(&name.span(), error.to_string());
        }
        self.registry.workload(name.get_ref()).ok()
    }
}

/// The sizes that are written; those of a workload nobody knows are only the common ones.
fn sizes(table: &mut Table, entry: Option<&Entry>, faults: &mut Faults) -> Sizes {
    let plain = |values: Option<Vec<Placed<u64>>>| -> Vec<u64> {
        let values = values.unwrap_or_default().into_iter();
        values.map(Placed::into_inner).collect()
    };
    let counts = |values: Vec<u64>| -> Vec<usize> {
        values.into_iter().map(|value| value as usize).collect()
    };
    let tasks = plain(table.list(faults, "tasks", whole(1, MOST_TASKS)));
    let latency = table.list(faults, "latency", quantity::<Latency>);
    let latency = latency.unwrap_or_default().into_iter();
    let limits = table.list(faults, "concurrency", whole(1, 1_000_000));
    let workers = table.list(faults, "workers", whole(1, 1024));
    let computes = entry.is_some_and(|entry| entry.facts.computes);
    let compute = match computes {
        true => table.list(faults, "compute", quantity::<ComputeTime>),
        false => None,
    };
    let compute: Vec<_> = compute.unwrap_or_default();
    let compute: Vec<_> = compute.into_iter().map(Placed::into_inner).collect();
    let mut numbers = BTreeMap::new();
    for number in entry.map_or(&[][..], |entry| entry.facts.numbers) {
        let values = plain(table.list(faults, number.name, whole(number.min, number.max)));
        if !values.is_empty() {
            numbers.insert(number.name.to_owned(), values);
        }
    }
    if !compute.is_empty() && numbers.contains_key(ROUNDS.name) {
        let text = format!(
            "{}compute and {} say the same; allowed is one of them",
            table.prefix, ROUNDS.name
        );
        faults.add(&table.place("compute"), text);
    }
    Sizes {
        compute,
        tasks,
        latency: latency.map(Placed::into_inner).collect(),
        concurrency: counts(plain(limits)),
        workers: counts(plain(workers)),
        numbers,
    }
}

#[cfg(test)]
#[path = "file_tests.rs"]
mod tests;
