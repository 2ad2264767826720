//! A turn of the comparison: workers of its own, interleaved.

use anyhow::{Context, Result};
use harness::{Interrupt, Prepared, Registry, host};
use model::{CellSummary, End, Header, Plan, Recorded, SCHEMA_VERSION, Summary};

use super::knobs::Knobs;
use super::{Reading, spec};

/// That count, after one that does not.
const ROUNDS: u32 = 10;

/// All cells, in order.
pub(super) fn readings(turn: u64, knobs: &Knobs) -> Result<Vec<Reading>> {
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
    // Alone, each cell has all its samples one after the other, as criterion takes them.
    let together = if knobs.alone { 1 } else { cells.len() };
    for cells in cells.chunks(together) {
        measure(cells, &mut recorded)?;
    }
    recorded.end = Some(End {
        interrupted: false,
        looks: 1,
        exhausted: true,
        samples: recorded.samples.len() as u32,
        checksum: 0,
    });
    Summary::new(&recorded).cells.iter().map(reading).collect()
}

fn measure(cells: &[Prepared], recorded: &mut Recorded) -> Result<()> {
    let names: Vec<_> = cells.iter().map(|cell| cell.cell.clone()).collect();
    let plan = Plan::new(&recorded.header.spec, &names);
    let taken = harness::run_plan(&plan, cells, &Interrupt::default(), &mut |_| Ok(()))?;
    recorded.samples.extend(taken.samples);
    taken.failure.map_or(Ok(()), Err)
}

fn reading(cell: &CellSummary) -> Result<Reading> {
    let found = cell.wall_ns.zip(cell.ratio.as_ref());
    let (wall, ratio) = found.with_context(|| {
        let why = cell.reason.as_deref().unwrap_or("its reference has none");
        format!("{}/{}: no result: {why}", cell.workload, cell.strategy)
    })?;
    Ok(Reading {
        wall: (wall.median as f64).ln(),
        ratio: ratio.estimate.ln(),
    })
}
