//! Whether the machine's limits are wide enough for a set of cells.

use anyhow::{Result, bail};
use model::Limits;

use crate::cells::prepared::Prepared;
use crate::machine::limits::needs;

/// Threads and connections that all workers together may hold. Above it, workers let go of them between samples.
const HELD_AT_ONCE: u64 = 8000;

/// Whether workers must let go of threads and connections between samples, because together they would hold too many.
pub(crate) fn must_release(cells: &[Prepared], limits: &Limits) -> bool {
    // The workers of the calibration end before the others start.
    let counts = |cell: &&Prepared| cell.cell.unsupported.is_none() && !cell.cell.calibration;
    let cells = || cells.iter().filter(counts);
    let connections: u64 = cells().map(|cell| cell.setup.connections as u64).sum();
    let threads: u64 = cells().map(|cell| cell.threads as u64).sum();
    connections + threads > HELD_AT_ONCE
        || needs(connections, threads, limits)
            .iter()
            .any(|need| !need.is_met())
}

/// Makes cells unsupported that need more than this machine allows. The reason names the limit.
///
/// # Errors
///
/// If no cell is left.
pub fn apply(cells: &mut [Prepared], limits: &Limits) -> Result<()> {
    let mut first = None;
    for cell in cells
        .iter_mut()
        .filter(|cell| cell.cell.unsupported.is_none())
    {
        let needs = needs(cell.setup.connections as u64, cell.threads as u64, limits);
        let Some(need) = needs.into_iter().find(|need| !need.is_met()) else {
            continue;
        };
        let (names, limit) = (&cell.cell, cell.setup.limit);
        let most = need.left().max(1);
        let reason = format!(
            "limited by {}, which allows {}: it would need {} {}",
            need.set_by, need.allowed, need.needed, need.of
        );
        let (workload, row) = (&names.workload, &names.row);
        if cell.cell.calibration {
            cell.cell.unsupported = Some(reason);
            continue;
        }
        first.get_or_insert_with(|| {
            format!(
                "concurrency = {limit}: {workload}/{row}: {reason}; allowed here are 1 to {most}"
            )
        });
        cell.cell.unsupported = Some(reason);
    }
    match first {
        Some(first) if nothing_is_left(cells) => bail!(first),
        _ => Ok(()),
    }
}

/// Whether no cell of the comparison itself can run.
fn nothing_is_left(cells: &[Prepared]) -> bool {
    let mut compared = cells.iter().filter(|cell| !cell.cell.calibration);
    compared.all(|cell| cell.cell.unsupported.is_some())
}
