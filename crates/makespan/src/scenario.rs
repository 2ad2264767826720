//! From a scenario and flags to a spec that can be carried out.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, Result, bail, ensure};
use model::{Load, Sizes, Spec};

use crate::Registry;
use crate::cli::{RunArguments, SelectArguments, SizeArguments};
use crate::programs;
use crate::selection::{select, select_strategies};

/// Declares the scenarios that come with the program; the files are the only place that knows their sizes.
macro_rules! scenarios {
    ($($name:literal,)+) => {
        pub(crate) const SCENARIOS: &[(&str, &str)] = &[
            $(($name, include_str!(concat!("../../../benches/scenarios/", $name, ".toml"))),)+
        ];
    };
}

scenarios! {
    "core",
    "quick",
    "world-bank",
    "flags",
    "five-fetches",
    "generators",
    "complex-generators",
    "three-sleeps",
    "weather",
    "wiki-crawl",
    "cooking",
    "when-async-wins",
    "fan-out",
    "clients",
    "behaviour",
    "memory",
    "python",
    "trial",
    "verify",
}

/// The spec of a `run` command.
pub(crate) fn of_run(registry: &Registry, arguments: &RunArguments) -> Result<Spec> {
    let name = if arguments.quick {
        "quick"
    } else {
        &arguments.scenario
    };
    let mut spec = load(name)?;
    if arguments.scenario == "core" && !arguments.quick {
        with_own(registry, &mut spec, 20, "20ms");
    }
    resize(registry, &mut spec, &arguments.sizes)?;
    spec.rounds = arguments.rounds.unwrap_or(spec.rounds);
    spec.launches = arguments.launches.unwrap_or(spec.launches);
    spec.precision = arguments.precision.unwrap_or(spec.precision);
    spec.budget = arguments.budget.or(spec.budget);
    ensure!(
        arguments.precision.is_none() || spec.budget.is_some(),
        "--precision adds launches within a budget, and scenario {name} has none; allowed is with --budget, such as 5m"
    );
    spec.calibration &= !arguments.no_calibration;
    narrow(
        registry,
        &mut spec,
        &arguments.select,
        arguments.reference.as_deref(),
    )?;
    Ok(spec)
}

/// What a plain `run` asks of the machine.
pub(crate) fn core() -> Result<Spec> {
    load("core")
}

/// The spec of one scenario, with other sizes and fewer cells.
pub(crate) fn of(
    registry: &Registry,
    name: &str,
    sizes: &SizeArguments,
    select: &SelectArguments,
) -> Result<Spec> {
    let mut spec = load(name)?;
    with_own(registry, &mut spec, 8, "1ms");
    resize(registry, &mut spec, sizes)?;
    narrow(registry, &mut spec, select, None)?;
    Ok(spec)
}

/// Adds what this executable brings of its own.
fn with_own(registry: &Registry, spec: &mut Spec, tasks: u64, latency: &str) {
    let latency = latency.parse().expect("it is well-formed");
    let own = |name: &&str| Load::new(name, tasks, latency);
    let loads = registry.own.workloads.iter().map(own);
    spec.workloads.splice(0..0, loads.collect::<Vec<_>>());
    let strategies = registry
        .own
        .strategies
        .iter()
        .map(|name| (*name).to_owned());
    spec.strategies.extend(strategies);
}

/// Says in which line of a scenario file an error has its cause, where that can be told.
pub(crate) fn located(name: &str, error: anyhow::Error) -> anyhow::Error {
    let text = fs::read_to_string(name).unwrap_or_default();
    match line_of(&text, &format!("{error:#}")) {
        Some(line) => error.context(format!("scenario {name}, line {line}")),
        None => error,
    }
}

/// The line that holds the key and the value that an error names as `key = value`, or the name it has in backticks; in the part of
/// the workload that it begins with, if it does.
fn line_of(text: &str, error: &str) -> Option<usize> {
    let workload = error
        .split_once(": ")
        .map(|(workload, _)| format!("\"{workload}\""));
    let part = workload.and_then(|name| text.lines().position(|line| line.contains(&name)));
    let words: Vec<&str> = match error.split_once(" = ") {
        Some((before, after)) => {
            let key = before.rsplit([' ', '`']).next()?;
            vec![key, after.split([':', ' ']).next()?]
        }
        None => vec![error.split('`').nth(1)?],
    };
    let lines = text.lines().enumerate().skip(part.unwrap_or(0));
    let mut named = lines.filter(|(_, line)| words.iter().all(|word| line.contains(word)));
    named.next().map(|(index, _)| index + 1)
}

/// The spec of a `verify` command; `external` is with the programs that come with makespan.
pub(crate) fn of_verify(
    registry: &Registry,
    select: &SelectArguments,
    external: bool,
) -> Result<Spec> {
    let mut spec = load("verify")?;
    with_own(registry, &mut spec, 8, "1ms");
    if external {
        spec.programs = load("python")?.programs;
    }
    narrow(registry, &mut spec, select, None)?;
    Ok(spec)
}

/// A scenario that comes with the program, or a file.
fn load(name: &str) -> Result<Spec> {
    if let Some((_, text)) = SCENARIOS.iter().find(|(known, _)| *known == name) {
        return parse(name, text);
    }
    if !name.ends_with(".toml") {
        let names: Vec<_> = SCENARIOS.iter().map(|(name, _)| *name).collect();
        select("scenario", &[name.to_owned()], &names)?;
        bail!("scenario `{name}` is a pattern; one name is needed");
    }
    parse(
        name,
        &fs::read_to_string(name).with_context(|| format!("cannot read the scenario {name}"))?,
    )
}

fn parse(name: &str, text: &str) -> Result<Spec> {
    let spec: Result<Spec, _> = toml::from_str(text);
    let mut spec = spec.with_context(|| format!("scenario {name}"))?;
    // A stored spec has what was measured first; whether that is wanted again is another question.
    spec.workloads.retain(|load| !load.calibration);
    Ok(spec)
}

/// The programs that a scenario declares; none where its text is wrong.
pub(crate) fn programs_of(text: &str) -> Vec<String> {
    let spec = toml::from_str::<Spec>(text);
    let programs = spec.map(|spec| spec.programs).unwrap_or_default();
    programs.into_iter().map(|program| program.name).collect()
}

fn resize(registry: &Registry, spec: &mut Spec, sizes: &SizeArguments) -> Result<()> {
    spec.seed = sizes.seed.unwrap_or(spec.seed);
    let declares = |name: &str, number: &str| {
        let entry = registry.workload(name);
        entry.is_ok_and(|entry| entry.facts.numbers.iter().any(|known| known.name == number))
    };
    for (number, _) in &sizes.numbers {
        let known = spec
            .workloads
            .iter()
            .any(|load| declares(&load.name, number));
        ensure!(
            known,
            "--set {number}: no workload of this scenario has it; see `makespan list workloads`"
        );
    }
    let sizes = Sizes {
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

/// Turns patterns into names, and finds a reference among what is left.
fn narrow(
    registry: &Registry,
    spec: &mut Spec,
    chosen: &SelectArguments,
    reference: Option<&str>,
) -> Result<()> {
    programs::check(registry, &spec.programs)?;
    let known: Vec<_> = registry
        .workloads
        .iter()
        .map(|entry| entry.facts.name)
        .collect();
    for load in &spec.workloads {
        select("workload", std::slice::from_ref(&load.name), &known)?;
    }
    // A workload can be chosen as such, with all its sizes, or by its full label.
    let labels: Vec<_> = spec.workloads.iter().map(Load::label).collect();
    let both = spec.workloads.iter().map(|load| load.name.as_str());
    let mut both: Vec<_> = both.chain(labels.iter().map(String::as_str)).collect();
    let mut seen = BTreeSet::new();
    both.retain(|name| seen.insert(*name));
    let workloads = select("workload", &chosen.workloads, &both)?;
    spec.workloads
        .retain(|load| workloads.contains(&load.name) || workloads.contains(&load.label()));

    let names = programs::strategies(registry, &spec.programs);
    // What a person names need not be among what the scenario has.
    let patterns = if chosen.strategies.is_empty() {
        &spec.strategies
    } else {
        &chosen.strategies
    };
    spec.strategies = select_strategies(patterns, &names)?;

    for name in [&spec.reference, &spec.anchor] {
        select_strategies(std::slice::from_ref(name), &names)?;
    }
    let has = |name: &str| spec.strategies.iter().any(|strategy| strategy == name);
    if let Some(name) = reference {
        select_strategies(&[name.to_owned()], &names)?;
        ensure!(
            has(name),
            "the reference `{name}` is not among the strategies: {}",
            spec.strategies.join(", ")
        );
    }
    let first = spec
        .strategies
        .first()
        .context("no strategy is left to run")?;
    let wanted = [reference.unwrap_or(&spec.reference), &spec.anchor];
    let found = wanted.into_iter().find(|name| has(name)).unwrap_or(first);
    spec.reference = found.to_owned();
    spec.check()?;
    // A stored spec declares what was run.
    let strategies = &spec.strategies;
    spec.programs
        .retain(|program| strategies.contains(&program.name));
    // As it will be: a launch has at least one round.
    spec.launches = spec.launches.min(spec.rounds);
    spec.long_rounds = spec.long_rounds.min(spec.rounds);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn narrowed(strategies: &[&str], reference: Option<&str>) -> Result<Spec> {
        let mut spec = load("core").unwrap();
        let chosen = SelectArguments {
            workloads: vec![],
            strategies: strategies.iter().map(|name| (*name).to_owned()).collect(),
        };
        narrow(&Registry::built_in(), &mut spec, &chosen, reference)?;
        Ok(spec)
    }

    #[test]
    fn every_scenario_can_be_carried_out() {
        for (name, _) in SCENARIOS {
            let spec = of(
                &Registry::built_in(),
                name,
                &SizeArguments::default(),
                &SelectArguments::default(),
            )
            .unwrap();
            assert_eq!(spec.name, *name);
            assert!(
                spec.strategies.contains(&spec.reference),
                "{name}: the reference is not among its strategies"
            );
            Registry::built_in().prepare(&spec).unwrap();
        }
    }

    #[test]
    fn a_reference_that_was_not_chosen_is_replaced_by_one_that_was() {
        assert_eq!(
            narrowed(&["smol", "tokio"], None).unwrap().reference,
            "tokio"
        );
        assert_eq!(
            narrowed(&["smol", "async-std"], None).unwrap().reference,
            "smol"
        );
        assert_eq!(
            narrowed(&["smol", "async-std"], Some("async-std"))
                .unwrap()
                .reference,
            "async-std"
        );
        let error = narrowed(&["smol"], Some("tokio")).unwrap_err().to_string();
        assert_eq!(
            error,
            "the reference `tokio` is not among the strategies: smol"
        );
    }

    #[test]
    fn an_error_is_found_in_the_line_that_has_its_cause() {
        let text = "rounds = 0\nreference = \"tokyo\"\n[[workload]]\nname = \"get\"\ntasks = 5\n\
                    [[workload]]\nname = \"pages\"\ntasks = [5, 0]\npagess = 1\n";
        for (error, line) in [
            ("rounds = 0: allowed are 1 to 100000", Some(1)),
            ("no strategy matches `tokyo`; allowed are", Some(2)),
            ("pages: tasks = 0: allowed are 1 to 10", Some(8)),
            ("pages: it has no `pagess`; allowed are tasks", Some(9)),
            ("get: tasks = 7: allowed are 1 to 6", None),
        ] {
            assert_eq!(line_of(text, error), line, "{error}");
        }
    }

    #[test]
    fn an_unknown_scenario_is_answered_with_the_known_ones() {
        let error = load("cor").unwrap_err().to_string();
        let expected =
            "no scenario matches `cor`; did you mean `core`? allowed are core, quick, world-bank, ";
        assert!(error.starts_with(expected), "{error}");
        let error = format!("{:#}", load("no/such.toml").unwrap_err());
        assert!(
            error.starts_with("cannot read the scenario no/such.toml"),
            "{error}"
        );
    }
}
