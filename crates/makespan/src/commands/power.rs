//! How often is a difference seen that is there?

use anyhow::Result;
use harness::Prepared;
use model::{Arm, Percent, Spec, found};

use super::interrupt_on_signal;
use crate::Registry;
use crate::cli::{POWER_EFFECTS, PowerArguments};
use crate::commands::trial::Trial;
use crate::exit::Exit;

pub(crate) fn power(registry: &Registry, arguments: &PowerArguments) -> Result<(), Exit> {
    let effects = &arguments.effects;
    let typed: Vec<String> = effects.iter().map(ToString::to_string).collect();
    let typed = typed.join(",");
    // Judgements of other effects lack the rows of these, so they are another trial.
    let name = match typed == POWER_EFFECTS {
        true => "power".to_owned(),
        false => format!("power-{typed}"),
    };
    let trial = Trial::new(registry, &name, &arguments.trial).map_err(Exit::Usage)?;
    let interrupt = interrupt_on_signal()?;
    let judgements = trial.judgements(&interrupt, &|registry, spec| {
        with_slower(registry, spec, effects)
    })?;
    let rates = effects
        .iter()
        .map(|effect| (*effect, found(&judgements, *effect)));
    let table = report::power(&rates.collect::<Vec<_>>(), &judgements);
    let command = format!("makespan power --effect {typed}");
    trial.conclude(&judgements, &[table], &command)
}

/// In each workload the row, its twin, and an entry for each effect whose waits all really last longer: in the units, and in the
/// server.
fn with_slower(registry: &Registry, spec: &Spec, effects: &[Percent]) -> Result<Vec<Prepared>> {
    let cells = registry.prepare(spec)?;
    let mut entries: Vec<Vec<Prepared>> = cells
        .iter()
        .map(|cell| vec![cell.again(2), cell.clone()])
        .collect();
    for effect in effects {
        let mut longer = spec.clone();
        for load in &mut longer.workloads {
            load.latency = load.latency.times(1.0 + effect.share());
        }
        for ((entries, cell), mut slower) in entries
            .iter_mut()
            .zip(&cells)
            .zip(registry.prepare(&longer)?)
        {
            slower.cell.row.arm = Arm::Delayed(*effect);
            // Its floor is higher, and nobody is to know.
            slower.cell.floor = cell.cell.floor;
            entries.push(slower);
        }
    }
    Ok(entries.concat())
}
