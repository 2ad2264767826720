//! Judges identical cells, to count how often the judgement sees a difference that is not there.

use clap::Args;
use harness::Registry;
use model::{false_alarms, p_shares};

use crate::exit::Exit;
use crate::flags::TrialArguments;
use crate::signal::interrupt_on_signal;
use crate::trial::Trial;

/// How often the same row is entered in each workload: as the reference, as its A/A twin, and three times as if it were another
/// strategy.
const ENTRIES: u32 = 5;

/// Judge identical rows again and again, and count the false alarms
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    #[command(flatten)]
    trial: TrialArguments,
}

pub(crate) fn carry_out(registry: &Registry, arguments: &Arguments) -> Result<(), Exit> {
    let trial = Trial::new(registry, "null", &arguments.trial).map_err(Exit::Usage)?;
    let judgements = trial.judgements(&interrupt_on_signal()?, &|registry, spec| {
        let cells = registry.prepare(spec)?.into_iter();
        let entries = cells.flat_map(|cell| {
            let again = (2..=ENTRIES)
                .map(|entry| cell.again(entry))
                .collect::<Vec<_>>();
            std::iter::once(cell).chain(again)
        });
        Ok(entries.collect())
    })?;
    let tables = [
        report::false_alarms(&false_alarms(&judgements), &judgements),
        report::p_shares(&p_shares(&judgements)),
    ];
    trial.conclude(&judgements, &tables, "makespan null")
}
