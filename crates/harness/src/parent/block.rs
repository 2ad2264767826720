//! One block: a sample of each of its cells, while the machine is watched.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use anyhow::Result;
use model::{Measurement, RefusalKind, Round, SampleOutcome};

use crate::cells::draws::Drawn;
use crate::cells::prepared::Prepared;
use crate::parent::process::fault::Fault;
use crate::parent::process::worker::WorkerProcess;
use crate::parent::state::State;
use crate::parent::under_way::UnderWay;
use crate::parent::watch::Watch;

/// Takes one sample of each cell of a workload.
pub(super) fn take(under_way: &mut UnderWay, round: &Round, block: &[usize]) -> Result<()> {
    let Some(first) = block.first() else {
        return Ok(());
    };
    if block.iter().all(|cell| under_way.workers[*cell].is_none()) {
        return Ok(());
    }
    // Before anything is watched: what a draw brings is computed once for all cells of a round.
    let drawn = drawn(under_way.run, round, block)?;
    let mut watch = Watch::start(processes(under_way));
    for (cell, drawn) in &drawn {
        if sample(under_way, round, *cell, drawn, &mut watch)?.is_break() {
            return Ok(());
        }
    }
    let workload = &under_way.run.cells[*first].cell.workload;
    let conditions = watch.stop(under_way.launch.number as u32, round.number, workload);
    under_way.run.books.block(conditions)
}

/// What each cell of a block must show in this round.
fn drawn(run: &mut State, round: &Round, block: &[usize]) -> Result<Vec<(usize, Drawn)>> {
    let drawn = block.iter().map(|cell| {
        let drawn = run.draws.of(&run.cells[*cell], round);
        Ok((*cell, drawn?))
    });
    drawn.collect()
}

/// All processes of this program.
fn processes(under_way: &UnderWay) -> impl Iterator<Item = u32> {
    let workers = under_way.workers.iter().flatten().map(WorkerProcess::id);
    let server = under_way.run.serving.id();
    workers.chain(server).chain([std::process::id()])
}

/// Takes and books one sample of a cell. Breaks where the run is to end.
fn sample(
    under_way: &mut UnderWay,
    round: &Round,
    cell: usize,
    drawn: &Drawn,
    watch: &mut Watch,
) -> Result<ControlFlow<()>> {
    if under_way.is_interrupted() {
        return Ok(ControlFlow::Break(()));
    }
    let place = under_way.place(round, cell);
    let Some(worker) = under_way.workers[cell].as_mut() else {
        return Ok(ControlFlow::Continue(()));
    };
    let process = worker.id();
    let outcome = match measure(under_way.run, cell, drawn, worker) {
        Ok(measurement) => {
            let outcome = checked(&under_way.run.cells[cell], drawn, measurement);
            match believed(&outcome) {
                Some(measurement) => watch.sampled(process, measurement),
                None => under_way.workers[cell] = None,
            }
            outcome
        }
        Err(_) if under_way.is_interrupted() => return Ok(ControlFlow::Break(())),
        Err(fault) => {
            let run = &mut *under_way.run;
            if let Some(fault) = run.serving.failure(&run.cells[cell]) {
                under_way.lose_server(fault.to_string())?;
                return Ok(ControlFlow::Continue(()));
            }
            under_way.workers[cell] = None;
            failed(&under_way.run.cells[cell], &fault)
        }
    };
    let run = &mut *under_way.run;
    run.books.sample(place, &run.cells[cell], drawn, outcome)?;
    if run.books.is_out(cell) {
        under_way.workers[cell] = None;
    }
    Ok(ControlFlow::Continue(()))
}

/// Has a worker take a sample, and asks the server what it saw of it.
fn measure(
    run: &mut State,
    index: usize,
    drawn: &Drawn,
    worker: &mut WorkerProcess,
) -> Result<Measurement, Fault> {
    let releases = run.releases(index);
    let cell = &run.cells[index];
    if releases {
        // For the wave that warms up what was reopened.
        run.serving.reset(cell, &cell.params)?;
        worker.wake(run.interrupt)?;
    }
    run.serving.reset(cell, &drawn.params)?;
    let asked = Instant::now();
    let mut measurement = worker.sample(drawn.params.draw, cell.timeout, run.interrupt)?;
    let (wall, answered) = (Duration::from_nanos(measurement.wall_ns), asked.elapsed());
    if wall > answered {
        return Err(Fault::ImpossibleTime { wall, answered });
    }
    // The server's account replaces anything the worker sent.
    measurement.witness = run.serving.account(cell)?;
    Ok(measurement)
}

/// Whether a sample shows what it must. Where the question is what happens, nothing is expected.
fn checked(cell: &Prepared, drawn: &Drawn, measurement: Measurement) -> SampleOutcome {
    let expected = Some(&drawn.expectation).filter(|_| !cell.cell.asks);
    match expected.and_then(|it| it.refusal(&measurement)) {
        Some(refusal) => SampleOutcome::Refused {
            reason: refusal.reason,
            kind: refusal.kind,
            measurement,
        },
        None => SampleOutcome::Measured(measurement),
    }
}

/// The measurement of a worker that goes on: of one that did right work, or was only slower than it should be.
fn believed(outcome: &SampleOutcome) -> Option<&Measurement> {
    match outcome {
        SampleOutcome::Measured(measurement)
        | SampleOutcome::Refused {
            measurement,
            kind: RefusalKind::Suspicion,
            ..
        } => Some(measurement),
        SampleOutcome::Refused { .. } | SampleOutcome::Failed { .. } => None,
    }
}

/// What became of a sample that could not be taken. Where the question is what happens, that a worker hangs or dies is an answer.
fn failed(cell: &Prepared, fault: &Fault) -> SampleOutcome {
    match cell.cell.asks {
        true => SampleOutcome::Measured(Measurement {
            verdict: Some(fault.verdict()),
            ..Measurement::default()
        }),
        false => SampleOutcome::Failed {
            reason: fault.to_string(),
        },
    }
}
