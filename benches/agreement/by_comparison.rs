//! A turn of the comparison: workers of its own, interleaved.

use anyhow::{Context, Result};
use harness::{Interrupt, Registry, host};
use model::{CellSummary, End, Header, Plan, Recorded, SCHEMA_VERSION, Summary};

use super::{Reading, spec};

/// That count, after one that does not.
const ROUNDS: u32 = 8;

/// All cells, in order.
pub(super) fn readings(turn: u64) -> Result<Vec<Reading>> {
    let spec = spec(turn, ROUNDS);
    let cells = Registry::built_in().prepare(&spec)?;
    let mut recorded = Recorded {
        header: Header {
            schema_version: SCHEMA_VERSION,
            host: host::host(),
            cells: cells.iter().map(|cell| cell.cell.clone()).collect(),
            spec,
        },
        samples: Vec::new(),
        // None is told of: what disturbs a round disturbs criterion too, which drops nothing.
        conditions: Vec::new(),
        end: None,
        troubles: Vec::new(),
    };
    let plan = Plan::new(&recorded.header.spec, &recorded.header.cells);
    let taken = harness::run_plan(&plan, &cells, &Interrupt::default(), &mut |_| Ok(()))?;
    if let Some(failure) = taken.failure {
        return Err(failure);
    }
    recorded.samples = taken.samples;
    recorded.end = Some(End {
        interrupted: false,
        looks: 1,
        exhausted: true,
        samples: recorded.samples.len() as u32,
        checksum: 0,
    });
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
