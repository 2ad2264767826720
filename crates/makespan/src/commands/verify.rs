//! One checked sample of every cell.

use harness::{Event, host, limits};
use model::{Plan, SampleOutcome};

use super::interrupt_on_signal;
use crate::Registry;
use crate::cli::{SelectArguments, SizeArguments};
use crate::exit::Exit;
use crate::output;
use crate::scenario;

pub(crate) fn verify(registry: &Registry, arguments: &SelectArguments) -> Result<(), Exit> {
    let prepare = || {
        let spec = scenario::of(registry, "verify", &SizeArguments::default(), arguments)?;
        let cells = registry.prepare(&spec)?;
        limits::check(&cells, &host::host().limits)?;
        Ok(cells)
    };
    let cells = prepare().map_err(Exit::Usage)?;
    let interrupt = interrupt_on_signal()?;
    let (mut passed, mut failed) = (0, 0);
    let taken = harness::run(&Plan::once(cells.len()), &cells, &interrupt, &mut |event| {
        let Event::Sampled(sample) = event else {
            return Ok(());
        };
        let name = format!("{}/{}", sample.workload, sample.strategy);
        match &sample.outcome {
            SampleOutcome::Measured(measured) => {
                passed += 1;
                output::line(format_args!(
                    "{name} ... ok, {} in {}",
                    measured.tally.count,
                    report::duration(measured.wall_ns)
                ));
            }
            SampleOutcome::Refused { reason, .. } | SampleOutcome::Failed { reason } => {
                failed += 1;
                output::line(format_args!("{name} ... FAILED: {reason}"));
            }
        }
        Ok(())
    })?;
    if let Some(failure) = taken.failure {
        return Err(failure.into());
    }
    for cell in &cells {
        if let Some(reason) = &cell.cell.unsupported {
            output::line(format_args!(
                "{}/{} ... unsupported: {reason}",
                cell.cell.workload, cell.cell.strategy
            ));
        }
    }
    output::line(format_args!("{passed} passed, {failed} failed"));
    match (interrupt.is_set(), failed) {
        (true, _) => Err(Exit::Interrupted),
        (false, 0) => Ok(()),
        (false, _) => Err(Exit::Rows),
    }
}
