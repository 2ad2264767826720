//! The workloads of a scenario file.

use std::collections::BTreeMap;
use std::ops::Range;

use harness::Registry;
use model::{ComputeTime, Load, Sizes, Spec, Swept};
use workloads::{Entry, Latency, MOST_TASKS, ROUNDS};

use super::faults::Faults;
use super::table::{Placed, Table};
use super::value::{boolean, quantity, text, whole};
use crate::names::known;
use crate::scenario::defaults::load;

/// Keys of the file that no workload has.
const ONLY_AT_THE_TOP: [&str; 10] = [
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

/// Where a key of the top of the file belongs instead; nothing where it is no size of a workload.
pub(super) fn belongs(registry: &Registry, key: &str) -> Option<&'static str> {
    let entries = registry.workloads.iter();
    let mut numbers = entries.flat_map(|entry| entry.facts.numbers);
    let size = ["tasks", "latency"].contains(&key) || numbers.any(|number| number.name == key);
    size.then_some("in a [[workload]]")
}

/// Where a key of a workload belongs instead.
const AT_THE_TOP: &str = "at the top of the file, before the first [[workload]]";

/// Reads the tables `[[workload]]`.
pub(super) struct Workloads<'a> {
    pub(super) registry: &'a Registry,
    pub(super) core: Option<&'a Spec>,
    pub(super) seed: u64,
    /// The sizes of a workload that has none of its own.
    pub(super) common: &'a Sizes,
}

impl Workloads<'_> {
    /// Reads all of them.
    pub(super) fn read(&self, top: &mut Table, faults: &mut Faults) -> Vec<Load> {
        let tables = top.tables(faults, "workload");
        if tables.is_empty() && top.place("workload") == (0..0) {
            let text =
                "it needs a workload at least, such as [[workload]] and below it name = \"get\"";
            faults.add(&(0..0), text);
        }
        let mut loads: Vec<Load> = Vec::new();
        let mut seen: BTreeMap<String, Range<usize>> = BTreeMap::new();
        for table in tables {
            let at = table.at.clone();
            for load in self.workload(table, faults) {
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
    fn workload(&self, mut table: Table, faults: &mut Faults) -> Vec<Load> {
        table.need(faults, "name", "\"get\"");
        let name = table.get(faults, "name", text);
        let entry = name.as_ref().and_then(|name| self.entry(name, faults));
        if let Some(entry) = entry {
            table.prefix = format!("{}: ", entry.facts.name);
        }
        let swept = table.stored(faults, "swept", quantity::<Swept>);
        let calibration = table.stored(faults, "calibration", boolean);
        let mut sizes = sizes(&mut table, entry, faults);
        let elsewhere = |key: &str| ONLY_AT_THE_TOP.contains(&key).then_some(AT_THE_TOP);
        let Some(entry) = entry else {
            // Its other keys cannot be checked.
            return Vec::new();
        };
        table.finish(faults, elsewhere);
        if sizes.concurrency.is_empty() {
            sizes.concurrency = self.common.concurrency.clone();
        }
        if sizes.workers.is_empty() {
            sizes.workers = self.common.workers.clone();
        }
        let base = self.core.map(|core| load(core, entry.facts.name));
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
            if let Err(error) = (entry.outline)(&load.params(self.seed)) {
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

/// Reads the sizes. An unknown workload has only those that all workloads have.
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
