//! How a launch opens its cells: it starts the workers, and waits until each has opened its cell and is warm.

use std::collections::BTreeSet;

use anyhow::Result;

use crate::parent::event::Event;
use crate::parent::process::worker::WorkerProcess;
use crate::parent::under_way::UnderWay;

/// Cells that could not be opened, and why.
type Failed = Vec<(usize, String)>;

/// Opens all cells that have samples in this launch.
pub(super) fn open_all(under_way: &mut UnderWay) -> Result<()> {
    for cells in together(under_way) {
        if under_way.is_interrupted() {
            return Ok(());
        }
        open(under_way, &cells)?;
    }
    Ok(())
}

/// Cells of a launch that are opened together: those of one workload, because the server answers one workload at a time; and each
/// alone where together they would hold too much.
fn together(under_way: &UnderWay) -> Vec<Vec<usize>> {
    let run = &under_way.run;
    let samples = under_way.launch.plan.samples();
    let here: BTreeSet<usize> = samples.map(|(_, cell)| cell).collect();
    let all: Vec<usize> = here.into_iter().filter(|cell| run.able(*cell)).collect();
    let workload = |cell: &usize| &run.cells[*cell].cell.workload;
    let same = |a: &usize, b: &usize| !run.release && workload(a) == workload(b);
    all.chunk_by(same).map(<[usize]>::to_vec).collect()
}

fn open(under_way: &mut UnderWay, cells: &[usize]) -> Result<()> {
    let run = &mut *under_way.run;
    // The server may have been lost since these were chosen.
    if !run.able(cells[0]) {
        return Ok(());
    }
    let first = &run.cells[cells[0]];
    let failed = match run.serving.reset(first, &first.params) {
        Err(fault) => cells.iter().map(|it| (*it, fault.to_string())).collect(),
        Ok(()) => start(under_way, cells)?,
    };
    if under_way.is_interrupted() {
        return Ok(());
    }
    let run = &mut *under_way.run;
    if let Some((cell, _)) = failed.first()
        && let Some(fault) = run.serving.failure(&run.cells[*cell])
    {
        return under_way.lose_server(fault.to_string());
    }
    let round = &under_way.launch.plan.rounds[0];
    for (cell, reason) in failed {
        under_way.run.fail(under_way.place(round, cell), reason)?;
    }
    Ok(())
}

/// Starts the workers of these cells, and waits until all are open.
fn start(under_way: &mut UnderWay, cells: &[usize]) -> Result<Failed> {
    let mut failed = Failed::new();
    let padding = &under_way.launch.plan.padding_bytes;
    let run = &mut *under_way.run;
    for cell in cells.iter().copied() {
        let releases = run.releases(cell);
        match WorkerProcess::start(&run.cells[cell], releases, padding[cell]) {
            Ok(worker) => {
                let process = worker.id();
                under_way.workers[cell] = Some(worker);
                run.books.tell(Event::Started { cell, process })?;
            }
            Err(fault) => failed.push((cell, fault.to_string())),
        }
    }
    for cell in cells.iter().copied() {
        let Some(worker) = under_way.workers[cell].as_mut() else {
            continue;
        };
        if let Err(fault) = worker.opened(&run.cells[cell], run.interrupt) {
            under_way.workers[cell] = None;
            failed.push((cell, fault.to_string()));
        }
    }
    Ok(failed)
}
