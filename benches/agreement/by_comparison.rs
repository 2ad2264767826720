//! A turn of the comparison: workers of its own, interleaved.

use anyhow::{Context, Result};
use harness::{Interrupt, Job, Registry, host};
use model::{CellSummary, Plan, Summary};

use super::{Reading, spec};

/// That count, after one that does not.
const ROUNDS: u32 = 8;

/// All cells, in order.
pub(super) fn readings(turn: u64) -> Result<Vec<Reading>> {
    let spec = spec(turn, ROUNDS);
    let cells = Registry::built_in().prepare(&spec)?;
    let names: Vec<_> = cells.iter().map(|cell| cell.cell.clone()).collect();
    // Without A/A pairs, which criterion does not have.
    let plan = Plan::new(&spec, &names);
    let host = host::host();
    let job = Job { host, spec, cells };
    let measured = job.measure(&plan, &Interrupt::default(), None, &mut |_| {})?;
    if let Some(failure) = measured.failure {
        return Err(failure);
    }
    let mut recorded = measured.recorded;
    // What disturbs a round disturbs criterion too, which drops nothing.
    recorded.conditions.clear();
    Summary::new(&recorded).cells.iter().map(reading).collect()
}

fn reading(cell: &CellSummary) -> Result<Reading> {
    let found = cell.wall_ns.zip(cell.ratio.as_ref());
    let (wall, ratio) = found.with_context(|| {
        let why = cell.reason.as_deref().unwrap_or("its reference has none");
        format!("{}/{}: no result: {why}", cell.workload, cell.row)
    })?;
    Ok(Reading {
        wall: (wall.median as f64).ln(),
        ratio: ratio.estimate.ln(),
    })
}
