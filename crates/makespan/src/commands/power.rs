//! How often is a difference seen that is there?

use anyhow::Result;
use harness::Prepared;
use model::{Percent, Spec, found};

use super::interrupt_on_signal;
use crate::Registry;
use crate::cli::PowerArguments;
use crate::exit::Exit;
use crate::trial::Trial;

pub(crate) fn power(registry: &Registry, arguments: &PowerArguments) -> Result<(), Exit> {
    let effect = arguments.effect;
    let name = format!("power-{effect}");
    let trial = Trial::new(registry, &name, &arguments.trial).map_err(Exit::Usage)?;
    let interrupt = interrupt_on_signal()?;
    let judgements = trial.judgements(&interrupt, &|registry, spec| {
        with_slower(registry, spec, effect)
    })?;
    let table = report::power(&found(&judgements, &suffix(effect)), effect, &judgements);
    trial.conclude(
        &judgements,
        &table,
        &format!("makespan power --effect {effect}"),
    )
}

/// What the slower entry's name ends with.
fn suffix(effect: Percent) -> String {
    format!("+{effect}")
}

/// In each workload the row, its twin, and an entry whose waits all really last longer: in the units, and in the server.
fn with_slower(registry: &Registry, spec: &Spec, effect: Percent) -> Result<Vec<Prepared>> {
    let mut longer = spec.clone();
    for load in &mut longer.workloads {
        load.latency = load.latency.times(1.0 + effect.share());
    }
    let pairs = registry
        .prepare(spec)?
        .into_iter()
        .zip(registry.prepare(&longer)?);
    let entries = pairs.flat_map(|(cell, mut slower)| {
        slower.cell.strategy += &suffix(effect);
        // Its floor is higher, and nobody is to know.
        slower.cell.floor = cell.cell.floor;
        [cell.again(2), slower, cell]
    });
    Ok(entries.collect())
}
