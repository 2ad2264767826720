//! Takes one checked sample of every cell.

use clap::Args;
use harness::{Event, Prepared, Registry, fit, host, probe};
use model::{Plan, SampleOutcome};

use crate::exit::Exit;
use crate::flags::SelectArguments;
use crate::programs::{self, ProgramFiles};
use crate::signal::interrupt_on_signal;
use crate::{output, scenario};

/// Take one checked sample of every cell, at 1 ms
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    #[command(flatten)]
    select: SelectArguments,
    /// Also the Python programs of the scenario python
    #[arg(long)]
    external: bool,
}

pub(crate) fn carry_out(registry: &Registry, arguments: &Arguments) -> Result<(), Exit> {
    verify(registry, &arguments.select, arguments.external)
}

/// Verifies what is compiled in, and with `external` also the programs that come with makespan.
pub(crate) fn verify(
    registry: &Registry,
    select: &SelectArguments,
    external: bool,
) -> Result<(), Exit> {
    let (mut cells, _files) = prepare(registry, select, external).map_err(Exit::Usage)?;
    let interrupt = interrupt_on_signal()?;
    probe(&mut cells, &interrupt);
    let (mut passed, mut failed) = (0, 0);
    let mut tell = |event: Event| {
        let Event::Sampled(sample) = event else {
            return Ok(());
        };
        let name = format!("{}/{}", sample.workload, sample.row);
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
                let text = format!("{name} ... FAILED: {reason}");
                output::line(report::one_line(&text));
            }
        }
        Ok(())
    };
    let plan = Plan::once(cells.len());
    let taken = harness::run_plan(&plan, &cells, &interrupt, &mut tell)?;
    if let Some(failure) = taken.failure {
        return Err(failure.into());
    }
    for cell in &cells {
        if let Some(reason) = &cell.cell.unsupported {
            let (workload, row) = (&cell.cell.workload, &cell.cell.row);
            let text = format!("{workload}/{row} ... unsupported: {reason}");
            output::line(report::one_line(&text));
        }
    }
    output::line(format_args!("{passed} passed, {failed} failed"));
    match (interrupt.is_set(), failed) {
        (true, _) => Err(Exit::Interrupted),
        (false, 0) => Ok(()),
        (false, _) => Err(Exit::Rows),
    }
}

fn prepare(
    registry: &Registry,
    select: &SelectArguments,
    external: bool,
) -> anyhow::Result<(Vec<Prepared>, ProgramFiles)> {
    let spec = scenario::of_verify(registry, select, external)?;
    let mut cells = registry.prepare(&spec)?;
    // A program runs only the workloads it declares; the others need no line.
    cells.retain(|cell| cell.backend.program().is_none() || cell.cell.unsupported.is_none());
    let files = programs::find(&mut cells, None)?;
    fit::apply(&mut cells, &host::host().computer.limits)?;
    Ok((cells, files))
}
