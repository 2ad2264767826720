//! Takes one checked sample of every cell.

use std::fmt;

use clap::Args;
use harness::{Event, Prepared, Registry, fit, host, probe};
use model::{Plan, Row, Sample, SampleOutcome};
use serde::Serialize;

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
    /// Print what became of each cell as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn carry_out(registry: &Registry, arguments: &Arguments) -> Result<(), Exit> {
    let telling = match arguments.json {
        true => |_: &Verified| {},
        false => |cell: &Verified| output::line(report::one_line(&cell.to_string())),
    };
    let verified = take(registry, &arguments.select, arguments.external, telling)?;
    if arguments.json {
        output::line(report::json(&verified.cells)?.trim_end());
    }
    verified.end(!arguments.json)
}

/// Verifies what is compiled in.
pub(crate) fn verify(registry: &Registry, select: &SelectArguments) -> Result<(), Exit> {
    let telling = |cell: &Verified| output::line(report::one_line(&cell.to_string()));
    take(registry, select, false, telling)?.end(true)
}

/// What became of a cell.
#[derive(Clone, Debug, Serialize)]
struct Verified {
    workload: String,
    strategy: String,
    outcome: Outcome,
    /// Units that were tallied.
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wall_ns: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Outcome {
    Passed,
    Failed,
    Unsupported,
}

impl Verified {
    fn new(workload: &str, row: &Row, outcome: Outcome) -> Verified {
        Verified {
            workload: workload.to_owned(),
            strategy: row.to_string(),
            outcome,
            count: None,
            wall_ns: None,
            reason: None,
        }
    }

    fn of(sample: &Sample) -> Verified {
        let new = |outcome| Verified::new(&sample.workload, &sample.row, outcome);
        match &sample.outcome {
            SampleOutcome::Measured(measured) => Verified {
                count: Some(measured.tally.count),
                wall_ns: Some(measured.wall_ns),
                ..new(Outcome::Passed)
            },
            SampleOutcome::Refused { reason, .. } | SampleOutcome::Failed { reason } => Verified {
                reason: Some(reason.clone()),
                ..new(Outcome::Failed)
            },
        }
    }
}

impl fmt::Display for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reason = self.reason.as_deref().unwrap_or_default();
        write!(f, "{}/{} ... ", self.workload, self.strategy)?;
        match self.outcome {
            Outcome::Passed => {
                let (count, wall_ns) = (self.count.unwrap_or(0), self.wall_ns.unwrap_or(0));
                write!(f, "ok, {count} in {}", report::duration(wall_ns))
            }
            Outcome::Failed => write!(f, "FAILED: {reason}"),
            Outcome::Unsupported => write!(f, "unsupported: {reason}"),
        }
    }
}

/// What became of all of them.
struct AllVerified {
    cells: Vec<Verified>,
    interrupted: bool,
}

impl AllVerified {
    fn end(&self, say: bool) -> Result<(), Exit> {
        let count = |outcome| self.cells.iter().filter(|it| it.outcome == outcome).count();
        let (passed, failed) = (count(Outcome::Passed), count(Outcome::Failed));
        if say {
            output::line(format_args!("{passed} passed, {failed} failed"));
        }
        match (self.interrupted, failed) {
            (true, _) => Err(Exit::Interrupted),
            (false, 0) => Ok(()),
            (false, _) => Err(Exit::Rows),
        }
    }
}

/// Takes one sample of each cell; with `external` also of the programs that come with makespan. `telling` hears of each at once.
fn take(
    registry: &Registry,
    select: &SelectArguments,
    external: bool,
    telling: fn(&Verified),
) -> Result<AllVerified, Exit> {
    let (mut cells, _files) = prepare(registry, select, external).map_err(Exit::Usage)?;
    let interrupt = interrupt_on_signal()?;
    probe(&mut cells, &interrupt);
    let mut verified = Vec::new();
    let mut tell = |event: Event| {
        if let Event::Sampled(sample) = event {
            let cell = Verified::of(sample);
            telling(&cell);
            verified.push(cell);
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
            let unsupported = Verified {
                reason: Some(reason.clone()),
                ..Verified::new(workload, row, Outcome::Unsupported)
            };
            telling(&unsupported);
            verified.push(unsupported);
        }
    }
    Ok(AllVerified {
        cells: verified,
        interrupted: interrupt.is_set(),
    })
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
