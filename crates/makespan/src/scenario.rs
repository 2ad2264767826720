//! From a scenario and flags to a spec that can be carried out.

use std::fs;

use anyhow::{Context, Result, bail, ensure};
use model::Spec;

use crate::Registry;
use crate::cli::{RunArguments, SelectArguments, SizeArguments};
use crate::selection::select;

/// The scenarios that come with the program; the files are the only place that knows their sizes.
pub(crate) const SCENARIOS: &[(&str, &str)] = &[
    ("core", include_str!("../../../benches/scenarios/core.toml")),
    (
        "quick",
        include_str!("../../../benches/scenarios/quick.toml"),
    ),
    (
        "fan-out",
        include_str!("../../../benches/scenarios/fan-out.toml"),
    ),
    (
        "five-fetches",
        include_str!("../../../benches/scenarios/five-fetches.toml"),
    ),
    (
        "flags",
        include_str!("../../../benches/scenarios/flags.toml"),
    ),
    (
        "three-sleeps",
        include_str!("../../../benches/scenarios/three-sleeps.toml"),
    ),
    (
        "verify",
        include_str!("../../../benches/scenarios/verify.toml"),
    ),
];

/// The spec of a `run` command.
pub(crate) fn of_run(registry: &Registry, arguments: &RunArguments) -> Result<Spec> {
    let name = if arguments.quick {
        "quick"
    } else {
        &arguments.scenario
    };
    let mut spec = load(name)?;
    resize(&mut spec, &arguments.sizes);
    if let Some(rounds) = arguments.rounds {
        spec.rounds = rounds;
    }
    narrow(
        registry,
        &mut spec,
        &arguments.select,
        arguments.reference.as_deref(),
    )?;
    Ok(spec)
}

/// The spec of one scenario, with other sizes and fewer cells.
pub(crate) fn of(
    registry: &Registry,
    name: &str,
    sizes: &SizeArguments,
    select: &SelectArguments,
) -> Result<Spec> {
    let mut spec = load(name)?;
    resize(&mut spec, sizes);
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
    toml::from_str(text).with_context(|| format!("scenario {name}"))
}

fn resize(spec: &mut Spec, sizes: &SizeArguments) {
    spec.seed = sizes.seed.unwrap_or(spec.seed);
    spec.concurrency = sizes.concurrency.unwrap_or(spec.concurrency);
    spec.workers = sizes.workers.unwrap_or(spec.workers);
    for load in &mut spec.workloads {
        load.tasks = sizes.tasks.unwrap_or(load.tasks);
        load.latency = sizes.latency.unwrap_or(load.latency);
    }
}

/// Turns patterns into names, and finds a reference among what is left.
fn narrow(
    registry: &Registry,
    spec: &mut Spec,
    chosen: &SelectArguments,
    reference: Option<&str>,
) -> Result<()> {
    let known: Vec<_> = registry
        .workloads
        .iter()
        .map(|entry| entry.facts.name)
        .collect();
    for load in &spec.workloads {
        select("workload", std::slice::from_ref(&load.name), &known)?;
    }
    let workloads: Vec<_> = spec
        .workloads
        .iter()
        .map(|load| load.name.as_str())
        .collect();
    let workloads = select("workload", &chosen.workloads, &workloads)?;
    spec.workloads.retain(|load| workloads.contains(&load.name));

    let names: Vec<_> = registry
        .strategies
        .iter()
        .map(|row| row.facts.name)
        .collect();
    // What a person names need not be among what the scenario has.
    let patterns = if chosen.strategies.is_empty() {
        &spec.strategies
    } else {
        &chosen.strategies
    };
    spec.strategies = select("strategy", patterns, &names)?;

    for name in [&spec.reference, &spec.anchor] {
        select("strategy", std::slice::from_ref(name), &names)?;
    }
    let has = |name: &str| spec.strategies.iter().any(|strategy| strategy == name);
    if let Some(name) = reference {
        select("strategy", &[name.to_owned()], &names)?;
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
    // As it will be: a launch has at least one round.
    spec.launches = spec.launches.min(spec.rounds);
    spec.long_rounds = spec.long_rounds.min(spec.rounds);
    spec.check()
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
    fn an_unknown_scenario_is_answered_with_the_known_ones() {
        let error = load("cor").unwrap_err().to_string();
        assert_eq!(
            error,
            "no scenario matches `cor`; did you mean `core`? allowed are core, quick, fan-out, five-fetches, flags, three-sleeps, verify"
        );
        let error = format!("{:#}", load("no/such.toml").unwrap_err());
        assert!(
            error.starts_with("cannot read the scenario no/such.toml"),
            "{error}"
        );
    }
}
