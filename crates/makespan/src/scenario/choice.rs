//! Which rows of a scenario are measured: the workloads and strategies that flags name, and the reference.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail, ensure};
use harness::Registry;
use model::{Load, Row, Spec};

use super::note::Note;
use super::{defaults, source, strategies};
use crate::flags::SelectArguments;
use crate::names::{allowed, select, typed};

/// Keeps the workloads that were named. Where no scenario was named, any workload can be chosen: as `core` has it, or at default sizes.
pub(super) fn choose_workloads(
    registry: &Registry,
    spec: &mut Spec,
    chosen: &SelectArguments,
    scenario: Option<&str>,
) -> Result<()> {
    let patterns = typed("--workload", &chosen.workloads)?;
    if patterns.is_empty() {
        return Ok(());
    }
    // A workload can be chosen by its name, with all its sizes, or by its full label.
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
    let core = source::core()?;
    for name in all
        .into_iter()
        .filter(|name| added.iter().any(|it| it == name))
    {
        spec.workloads.push(defaults::load(&core, name));
    }
    Ok(())
}

/// Keeps the strategies that were named. They need not be among those of the scenario. Returns them in the order in which they were
/// named.
pub(super) fn choose_strategies(
    registry: &Registry,
    spec: &mut Spec,
    chosen: &SelectArguments,
    order: Vec<String>,
) -> Result<Vec<String>> {
    let patterns = typed("--strategy", &chosen.strategies)?;
    let mut order = order;
    if !patterns.is_empty() {
        let names = strategies::all(registry, &spec.programs);
        order.clear();
        for pattern in &patterns {
            order.extend(strategies::select(std::slice::from_ref(pattern), &names)?);
        }
        spec.strategies = strategies::select(&patterns, &names)?;
    }
    // A stored spec declares what was run.
    let strategies = &spec.strategies;
    spec.programs
        .retain(|program| strategies.contains(&program.name));
    Ok(order)
}

/// Finds the row that ratios are taken against: the one that was asked for, else the scenario's, else the first that was named. In the
/// last case a note says so.
pub(super) fn refer(
    spec: &mut Spec,
    order: &[String],
    reference: Option<&str>,
) -> Result<Option<Note>> {
    if let Some(name) = reference {
        let names: Vec<&str> = spec.strategies.iter().map(String::as_str).collect();
        ensure!(
            names.contains(&name),
            "the reference `{name}` is not among the strategies; {}",
            allowed(name, &names)
        );
        spec.reference = Row::plain(name);
        return Ok(None);
    }
    if order.iter().any(|name| spec.reference.is(name)) {
        return Ok(None);
    }
    let first = order.first().context("no strategy is left to run")?;
    let planned = std::mem::replace(&mut spec.reference, Row::plain(first));
    Ok(Some(Note::ReferenceNotChosen {
        first: first.clone(),
        planned: planned.to_string(),
    }))
}
