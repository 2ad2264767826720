//! How long a run measures, as flags say it.

use anyhow::{Result, ensure};
use model::Spec;

use super::note::Note;
use crate::flags::RunArguments;

/// Sets how long a run measures. Rounds and launches that were asked for are exact. With a budget, launches may be added to them.
pub(super) fn measure(
    spec: &mut Spec,
    arguments: &RunArguments,
    name: &str,
    notes: &mut Vec<Note>,
) -> Result<()> {
    let exact = arguments.rounds.is_some() || arguments.launches.is_some();
    spec.rounds = arguments.rounds.unwrap_or(spec.rounds);
    if arguments.launches.is_none() && spec.launches > spec.rounds {
        notes.push(Note::FewerLaunches {
            launches: spec.rounds,
            planned: spec.launches,
        });
        spec.launches = spec.rounds;
    }
    spec.launches = arguments.launches.unwrap_or(spec.launches);
    // As the help of --rounds says.
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
