//! From a scenario and flags to a spec that can be carried out.
//!
//! A scenario comes with the program (`built_in`) or from a `file`, whose `faults` are all found at once. Here flags are added to it.

mod built_in;
mod faults;
mod file;
mod known;
mod programs;
pub(crate) mod selection;
mod table;

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fmt::Display;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use model::{Load, Row, Sizes, Spec};
use workloads::Latency;

pub(crate) use built_in::SCENARIOS;

use self::file::Scenario;
use crate::Registry;
use crate::cli::{RunArguments, SelectArguments, SizeArguments};
use crate::scenario::known::strategies;
use crate::scenario::selection::{allowed, select, select_strategies, typed};

/// Units of a workload for which `core` has no sizes, where nobody says how many.
pub(crate) const DEFAULT_TASKS: u64 = 20;

/// How long its waits last.
pub(crate) const DEFAULT_LATENCY: Latency = Latency::Fixed(std::time::Duration::from_millis(20));

/// What a `run` command asks for.
pub(crate) struct Asked {
    pub(crate) spec: Spec,
    /// What was decided without being asked for, a line each.
    pub(crate) notes: Vec<String>,
    /// Whether it is a scenario that comes with the program, at the length that its own file sets.
    pub(crate) as_it_comes: bool,
}

/// The spec of a `run` command.
pub(crate) fn of_run(registry: &Registry, arguments: &RunArguments) -> Result<Asked> {
    let named = arguments.scenario.as_deref();
    let name = named.unwrap_or(if arguments.quick { "quick" } else { "core" });
    let mut scenario = load(registry, name)?;
    if named.is_none() && !arguments.quick {
        with_own(registry, &mut scenario, DEFAULT_TASKS, DEFAULT_LATENCY);
    }
    let Scenario {
        mut spec,
        order,
        mut notes,
    } = scenario;
    // What the file decided is decided anew.
    if !arguments.select.strategies.is_empty() {
        notes.clear();
    }
    choose_workloads(registry, &mut spec, &arguments.select, named)?;
    resize(registry, &mut spec, &arguments.sizes, &mut notes)?;
    spec.cpus = arguments.cpus.or(spec.cpus);
    measure(&mut spec, arguments, name, &mut notes)?;
    let order = choose_strategies(registry, &mut spec, &arguments.select, order)?;
    if arguments.reference.is_some() {
        notes.retain(|note| !note.starts_with(RATIOS));
    }
    refer(
        &mut spec,
        &order,
        arguments.reference.as_deref(),
        &mut notes,
    )?;
    spec.calibration &= !arguments.no_calibration;
    spec.check()?;
    let longer = !arguments.select.workloads.is_empty()
        || !arguments.select.strategies.is_empty()
        || arguments.sizes != SizeArguments::default()
        || arguments.rounds.is_some()
        || arguments.launches.is_some();
    Ok(Asked {
        spec,
        notes,
        as_it_comes: !longer && built_in::text(name).is_some(),
    })
}

/// How notes on the reference begin.
const RATIOS: &str = "ratios are against ";

/// What a plain `run` asks of the machine.
pub(crate) fn core() -> Result<Spec> {
    let text = built_in::text("core").context("there is no scenario `core`")?;
    Ok(file::read(&Registry::built_in(), "core", text, None)?.spec)
}

/// The spec of one scenario, with other sizes and fewer cells. Workloads that it does not have are chosen from all there are.
pub(crate) fn of(
    registry: &Registry,
    name: &str,
    sizes: &SizeArguments,
    select: &SelectArguments,
) -> Result<Spec> {
    let mut scenario = load(registry, name)?;
    with_own(
        registry,
        &mut scenario,
        8,
        Latency::Fixed(std::time::Duration::from_millis(1)),
    );
    chosen(registry, scenario, sizes, select)
}

/// The spec of a `verify` command; `external` is with the programs that come with makespan.
pub(crate) fn of_verify(
    registry: &Registry,
    select: &SelectArguments,
    external: bool,
) -> Result<Spec> {
    let mut scenario = load(registry, "verify")?;
    with_own(
        registry,
        &mut scenario,
        8,
        Latency::Fixed(std::time::Duration::from_millis(1)),
    );
    if external {
        let programs = load(registry, "python")?.spec.programs;
        let names = programs.iter().map(|program| program.name.clone());
        scenario.order.extend(names.clone());
        scenario.spec.strategies.extend(names);
        scenario.spec.programs = programs;
    }
    chosen(registry, scenario, &SizeArguments::default(), select)
}

fn chosen(
    registry: &Registry,
    scenario: Scenario,
    sizes: &SizeArguments,
    select: &SelectArguments,
) -> Result<Spec> {
    let Scenario {
        mut spec, order, ..
    } = scenario;
    choose_workloads(registry, &mut spec, select, None)?;
    resize(registry, &mut spec, sizes, &mut Vec::new())?;
    let order = choose_strategies(registry, &mut spec, select, order)?;
    refer(&mut spec, &order, None, &mut Vec::new())?;
    spec.check()?;
    Ok(spec)
}

/// Adds what this executable brings of its own.
fn with_own(registry: &Registry, scenario: &mut Scenario, tasks: u64, latency: Latency) {
    let own = |name: &&str| Load::new(name, tasks, latency);
    let loads = registry.own.workloads.iter().map(own);
    let loads: Vec<_> = loads.collect();
    scenario.spec.workloads.splice(0..0, loads);
    for name in &registry.own.strategies {
        if !scenario.spec.strategies.iter().any(|it| it == name) {
            scenario.spec.strategies.push((*name).to_owned());
            scenario.order.push((*name).to_owned());
        }
    }
}

/// A workload as `core` has it; with sizes that are quickly measured where it does not.
fn default_load(core: &Spec, name: &str) -> Load {
    let load = core.workloads.iter().find(|load| load.name == name);
    load.cloned()
        .unwrap_or_else(|| Load::new(name, DEFAULT_TASKS, DEFAULT_LATENCY))
}

/// A scenario that comes with the program, or a file.
fn load(registry: &Registry, name: &str) -> Result<Scenario> {
    let core = core()?;
    if let Some(text) = built_in::text(name) {
        return file::read(registry, name, text, Some(&core));
    }
    if !name.ends_with(".toml") {
        let names: Vec<_> = SCENARIOS.iter().map(|(name, _)| *name).collect();
        let hint = allowed(name, &names);
        bail!("no scenario is called `{name}`; {hint}, and the path of a .toml file");
    }
    let stem = Path::new(name).file_stem().and_then(OsStr::to_str);
    let hint = stem.filter(|stem| built_in::text(stem).is_some());
    let hint = hint.map(|stem| format!(" (the one that comes with makespan is called `{stem}`)"));
    let text = fs::read_to_string(name).with_context(|| {
        format!(
            "cannot read the scenario {name}{}",
            hint.unwrap_or_default()
        )
    })?;
    file::read(registry, name, &text, Some(&core))
}

/// The programs that a scenario declares; none where its text is wrong.
pub(crate) fn programs_of(name: &str) -> Vec<String> {
    let scenario = load(&Registry::built_in(), name);
    let programs = scenario.map(|scenario| scenario.spec.programs);
    let programs = programs.unwrap_or_default().into_iter();
    programs.map(|program| program.name).collect()
}

/// Keeps the workloads that were named. Where no scenario was, any workload can be: as `core` has it, or at its default sizes.
fn choose_workloads(
    registry: &Registry,
    spec: &mut Spec,
    chosen: &SelectArguments,
    scenario: Option<&str>,
) -> Result<()> {
    let patterns = typed("--workload", &chosen.workloads)?;
    if patterns.is_empty() {
        return Ok(());
    }
    // A workload can be chosen as such, with all its sizes, or by its full label.
    let labels: Vec<_> = spec.workloads.iter().map(Load::label).collect();
    let both = spec.workloads.iter().map(|load| load.name.as_str());
    let mut both: Vec<_> = both.chain(labels.iter().map(String::as_str)).collect();
    let mut seen = BTreeSet::new();
    both.retain(|name| seen.insert(*name));
    let all: Vec<_> = registry.workloads.iter().map(|it| it.facts.name).collect();
    let (mut kept, mut added) = (Vec::new(), Vec::new());
    for pattern in &patterns {
        let pattern = std::slice::from_ref(pattern);
        match (select("workload", pattern, &both), scenario) {
            (Ok(names), _) => kept.extend(names),
            (Err(_), None) => added.extend(select("workload", pattern, &all)?),
            (Err(error), Some(name)) => match select("workload", pattern, &all) {
                Ok(_) => bail!(
                    "scenario {name} has no workload `{}`; allowed are {}; without a scenario, --workload names any",
                    pattern[0],
                    both.join(", ")
                ),
                Err(_) => return Err(error),
            },
        }
    }
    spec.workloads
        .retain(|load| kept.contains(&load.name) || kept.contains(&load.label()));
    let core = core()?;
    for name in all
        .into_iter()
        .filter(|name| added.iter().any(|it| it == name))
    {
        spec.workloads.push(default_load(&core, name));
    }
    Ok(())
}

/// Sizes that have a flag of their own.
const WITH_A_FLAG: [&str; 6] = [
    "tasks",
    "latency",
    "concurrency",
    "workers",
    "compute",
    "seed",
];

fn resize(
    registry: &Registry,
    spec: &mut Spec,
    sizes: &SizeArguments,
    notes: &mut Vec<String>,
) -> Result<()> {
    spec.seed = sizes.seed.unwrap_or(spec.seed);
    let declares = |name: &str, number: &str| {
        let entry = registry.workload(name);
        entry.is_ok_and(|entry| entry.facts.numbers.iter().any(|known| known.name == number))
    };
    once("--tasks", &sizes.tasks)?;
    once("--concurrency", &sizes.concurrency)?;
    once("--workers", &sizes.workers)?;
    once("--latency", &sizes.latency)?;
    once("--compute", &sizes.compute)?;
    let mut seen = BTreeSet::new();
    for (number, values) in &sizes.numbers {
        once(&format!("--set {number}"), values)?;
        ensure!(
            seen.insert(number),
            "--set {number}: it is set twice; several values are a list, such as --set {number}=3,6"
        );
        ensure!(
            !WITH_A_FLAG.contains(&number.as_str()),
            "--set {number}: it has a flag of its own, --{number}"
        );
        let mut names: Vec<_> = spec
            .workloads
            .iter()
            .map(|load| load.name.as_str())
            .collect();
        names.dedup();
        let (with, without): (Vec<_>, Vec<_>) =
            names.into_iter().partition(|name| declares(name, number));
        ensure!(
            !with.is_empty(),
            "--set {number}: none of the workloads has it; {}",
            numbers(registry, &without)
        );
        if !without.is_empty() {
            notes.push(format!(
                "--set {number} is for {} only; there is no such size in {}",
                with.join(", "),
                without.join(", ")
            ));
        }
    }
    let computes = |load: &Load| {
        let entry = registry.workload(&load.name);
        entry.is_ok_and(|entry| entry.facts.computes)
    };
    if let Some(time) = sizes.compute.first() {
        let (with, without): (Vec<_>, Vec<_>) = spec.workloads.iter().partition(|it| computes(it));
        ensure!(
            !with.is_empty(),
            "--compute {time}: none of the workloads computes; allowed with `compute` and `mixed`"
        );
        if !without.is_empty() {
            let mut names: Vec<_> = without.iter().map(|load| load.name.as_str()).collect();
            names.dedup();
            notes.push(format!("--compute is not for {}", names.join(", ")));
        }
    }
    let sizes = Sizes {
        compute: sizes.compute.clone(),
        tasks: sizes.tasks.clone(),
        latency: sizes.latency.clone(),
        concurrency: sizes.concurrency.clone(),
        workers: sizes.workers.clone(),
        numbers: sizes.numbers.iter().cloned().collect(),
    };
    sizes.apply(&mut spec.workloads, |load, number| {
        declares(&load.name, number)
    });
    Ok(())
}

/// Refuses a list in which a value is twice: the samples of both could not be told apart.
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
fn numbers(registry: &Registry, names: &[&str]) -> String {
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

/// How long it measures. Rounds and launches that are asked for mean exactly those; only with a budget are they where it begins.
fn measure(
    spec: &mut Spec,
    arguments: &RunArguments,
    name: &str,
    notes: &mut Vec<String>,
) -> Result<()> {
    let exact = arguments.rounds.is_some() || arguments.launches.is_some();
    spec.rounds = arguments.rounds.unwrap_or(spec.rounds);
    if arguments.launches.is_none() && spec.launches > spec.rounds {
        let launches = match spec.rounds {
            1 => "1 launch".to_owned(),
            few => format!("{few} launches"),
        };
        notes.push(format!(
            "{launches} instead of {}, because each has at least one of the rounds",
            spec.launches
        ));
        spec.launches = spec.rounds;
    }
    spec.launches = arguments.launches.unwrap_or(spec.launches);
    // The flag's help says so: the scenario says how many hold long rows, at most all.
    spec.long_rounds = spec.long_rounds.min(spec.rounds);
    if exact || arguments.no_precision {
        spec.budget = None;
    }
    spec.budget = arguments.budget.or(spec.budget);
    if arguments.precision.is_some() {
        ensure!(
            spec.budget.is_some() || !exact,
            "--precision adds launches, and --rounds and --launches mean exactly those; allowed together is with --budget, such as 5m"
        );
        ensure!(
            spec.budget.is_some(),
            "--precision adds launches within a budget, and scenario {name} has none; allowed is with --budget, such as 5m"
        );
    }
    spec.precision = arguments.precision.unwrap_or(spec.precision);
    Ok(())
}

/// Keeps the strategies that were named, which need not be among those of the scenario. Returns what is left in the order in which
/// it was named.
fn choose_strategies(
    registry: &Registry,
    spec: &mut Spec,
    chosen: &SelectArguments,
    order: Vec<String>,
) -> Result<Vec<String>> {
    let patterns = typed("--strategy", &chosen.strategies)?;
    let mut order = order;
    if !patterns.is_empty() {
        let names = strategies(registry, &spec.programs);
        order.clear();
        for pattern in &patterns {
            order.extend(select_strategies(std::slice::from_ref(pattern), &names)?);
        }
        spec.strategies = select_strategies(&patterns, &names)?;
    }
    // A stored spec declares what was run.
    let strategies = &spec.strategies;
    spec.programs
        .retain(|program| strategies.contains(&program.name));
    Ok(order)
}

/// Finds the row that ratios are taken against: the one asked for, else the scenario's, else the first that was named.
fn refer(
    spec: &mut Spec,
    order: &[String],
    reference: Option<&str>,
    notes: &mut Vec<String>,
) -> Result<()> {
    if let Some(name) = reference {
        let names: Vec<&str> = spec.strategies.iter().map(String::as_str).collect();
        ensure!(
            names.contains(&name),
            "the reference `{name}` is not among the strategies; {}",
            allowed(name, &names)
        );
        spec.reference = Row::plain(name);
    } else if !order.iter().any(|name| spec.reference.is(name)) {
        let first = order.first().context("no strategy is left to run")?;
        notes.push(format!(
            "{RATIOS}{first}, the first of the strategies, because {} is not among them; --reference names another",
            spec.reference
        ));
        spec.reference = Row::plain(first);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
