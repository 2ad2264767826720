//! Judges rows that really wait longer, to count how often the judgement sees that.

use anyhow::Result;
use clap::Args;
use harness::{Prepared, Registry};
use model::{Arm, Percent, Spec, found};

use crate::exit::Exit;
use crate::flags::{TrialArguments, quantity};
use crate::signal::interrupt_on_signal;
use crate::trial::Trial;

/// The effects that are tried by default.
const EFFECTS: &str = "3%,5%,7%,10%";

/// Judge rows that really wait longer, and count how often that is seen
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// By how much all waits of a row are longer, in the server and in the units. A list makes one row of each
    #[arg(long = "effect", value_name = "PERCENT", default_value = EFFECTS)]
    #[arg(value_parser = quantity::<Percent>, value_delimiter = ',', allow_hyphen_values = true)]
    effects: Vec<Percent>,
    #[command(flatten)]
    trial: TrialArguments,
}

pub(crate) fn carry_out(registry: &Registry, arguments: &Arguments) -> Result<(), Exit> {
    let effects = &arguments.effects;
    let typed: Vec<String> = effects.iter().map(ToString::to_string).collect();
    let typed = typed.join(",");
    // Judgements of other effects have other rows, so they are another trial.
    let name = match typed == EFFECTS {
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
            // Its own floor is higher. The judgement must not learn of the delay from it.
            slower.cell.floor = cell.cell.floor;
            entries.push(slower);
        }
    }
    Ok(entries.concat())
}
