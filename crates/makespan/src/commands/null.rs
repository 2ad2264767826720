//! How often is a difference seen that is none?

use model::{false_alarms, p_shares};

use super::interrupt_on_signal;
use crate::Registry;
use crate::cli::NullArguments;
use crate::commands::trial::Trial;
use crate::exit::Exit;

/// Entries of the same row in each workload: the reference, the A/A pair's other half, and three that are judged as if they were
/// strategies of their own.
const ENTRIES: u32 = 5;

pub(crate) fn null(registry: &Registry, arguments: &NullArguments) -> Result<(), Exit> {
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
