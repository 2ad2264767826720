//! Traced runs: what each unit of a cell does, and when. They are never timed and never mixed with samples.

use anyhow::Result;
use model::{Measurement, TimedRow, Timeline};
use workloads::Trace;

use crate::cells::backend::Backend;
use crate::cells::prepared::Prepared;
use crate::meter::process::nanoseconds;
use crate::parent::interrupt::Interrupt;
use crate::parent::process::server::ServerProcess;
use crate::parent::process::worker::WorkerProcess;

/// More units make a picture that nobody can read.
pub const MOST_TRACED: u64 = 1000;

/// Runs each cell once with a recorder around its work, one after the other. `tell` hears of each: its trace, or why there is none.
///
/// Twins and workloads that measure no makespan are left out. One that has more than [`MOST_TRACED`] units is a row with that reason.
///
/// A traced run is checked as a sample is: its tally and the server's account must be those that were computed.
///
/// # Errors
///
/// If the server does not start or is lost.
pub fn trace(
    cells: &[Prepared],
    interrupt: &Interrupt,
    tell: &mut dyn FnMut(&str),
) -> Result<Vec<Timeline>> {
    let server = cells.iter().any(|cell| cell.server && able(cell).is_ok());
    let mut server = server.then(ServerProcess::start).transpose()?;
    let mut timelines: Vec<Timeline> = Vec::new();
    let shown = |cell: &&Prepared| {
        let other = cell.cell.row.twin_of().is_some() || cell.cell.calibration;
        !other && !cell.cell.asks
    };
    for cell in cells.iter().filter(shown) {
        if interrupt.is_set() {
            break;
        }
        tell(&format!("{}/{}", cell.cell.workload, cell.cell.row));
        let traced = match able(cell) {
            Err(reason) => Err(Untraced::cannot(reason)),
            Ok(()) => one(cell, server.as_mut(), interrupt)?,
        };
        let row = timed(cell, traced);
        match timelines.last_mut() {
            Some(last) if last.workload == cell.cell.workload => last.rows.push(row),
            _ => timelines.push(timeline(cell, row)),
        }
    }
    Ok(timelines)
}

fn timeline(cell: &Prepared, row: TimedRow) -> Timeline {
    Timeline {
        workload: cell.cell.workload.clone(),
        tasks: cell.params.tasks,
        latency: cell.params.latency.to_string(),
        limit: cell.cell.limit,
        floor_ns: cell.cell.floor.map(nanoseconds),
        rows: vec![row],
    }
}

fn timed(cell: &Prepared, traced: Result<Trace, Untraced>) -> TimedRow {
    let failed = traced.as_ref().is_err_and(|untraced| untraced.failed);
    let (trace, reason) = match traced {
        Ok(trace) => (Some(trace), None),
        Err(untraced) => (None, Some(untraced.reason)),
    };
    TimedRow {
        strategy: cell.cell.row.to_string(),
        trace,
        reason,
        failed,
    }
}

/// Why a row has no trace.
struct Untraced {
    reason: String,
    /// Whether it should have one.
    failed: bool,
}

impl Untraced {
    fn cannot(reason: impl Into<String>) -> Untraced {
        Untraced {
            reason: reason.into(),
            failed: false,
        }
    }

    fn failed(reason: impl ToString) -> Untraced {
        Untraced {
            reason: reason.to_string(),
            failed: true,
        }
    }
}

/// Why a cell cannot be traced, if it cannot.
fn able(cell: &Prepared) -> Result<(), String> {
    if let Some(reason) = &cell.cell.unsupported {
        return Err(reason.clone());
    }
    if cell.cell.units > MOST_TRACED {
        let units = cell.cell.units;
        return Err(format!(
            "it has {units} units, and at most {MOST_TRACED} can be recorded"
        ));
    }
    match &cell.backend {
        Backend::ThisExecutable(_) => Ok(()),
        Backend::Build { .. } | Backend::Program(_) => {
            Err("only strategies of this executable record what their units do".to_owned())
        }
    }
}

fn one(
    cell: &Prepared,
    mut server: Option<&mut ServerProcess>,
    interrupt: &Interrupt,
) -> Result<Result<Trace, Untraced>> {
    let mut cell = cell.clone();
    if let Some(server) = server.as_deref_mut().filter(|_| cell.server) {
        cell.setup.server = Some(server.address());
        server.reset(&cell.params)?;
    }
    let mut worker = match WorkerProcess::open_traced(&cell, interrupt) {
        Ok(worker) => worker,
        Err(fault) => return Ok(Err(Untraced::failed(fault))),
    };
    // The warm-up does not count.
    if let Some(server) = server.as_deref_mut().filter(|_| cell.server) {
        server.reset(&cell.params)?;
    }
    let (mut sample, trace) = match worker.trace(&cell, interrupt) {
        Ok(traced) => traced,
        Err(fault) => return Ok(Err(Untraced::failed(fault))),
    };
    if let Some(server) = server.filter(|_| cell.server) {
        sample.witness = Some(server.account()?);
    }
    Ok(checked(&cell, &sample, trace))
}

/// A trace, if the work was done and it holds all of it.
fn checked(cell: &Prepared, sample: &Measurement, trace: Trace) -> Result<Trace, Untraced> {
    if let Some(refusal) = cell.expectation.refusal(sample) {
        return Err(Untraced::failed(refusal.reason));
    }
    match trace.units.is_empty() {
        true => Err(Untraced::cannot(
            "its units run in other processes, which do not record",
        )),
        false => Ok(trace),
    }
}
