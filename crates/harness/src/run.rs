//! The parent: follows the plan, one sample at a time.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use model::{
    Conditions, Launch, Measurement, Plan, RefusalKind, Round, SUSPICIONS_THAT_CONVICT, Sample,
    SampleOutcome,
};
use workloads::Params;

use crate::draws::{Drawn, Draws};
use crate::watch::Watch;
use crate::worker_process::WorkerProcess;
use crate::{Files, Interrupt, Prepared, ServerProcess, limits};

/// What happens during a run.
#[derive(Debug)]
pub enum Event<'a> {
    /// The workers of a launch are being started.
    Launching {
        /// Which launch, from 0.
        launch: usize,
    },
    /// A worker process lives; its cell is about to be opened.
    Started {
        /// Index of the cell.
        cell: usize,
        /// Its process.
        process: u32,
    },
    /// A sample was taken, refused or failed.
    Sampled(&'a Sample),
    /// A block is over.
    Block(&'a Conditions),
}

/// What a run brought.
#[derive(Debug, Default)]
pub struct Taken {
    /// All samples, in order.
    pub samples: Vec<Sample>,
    /// What else the machine did, block by block.
    pub conditions: Vec<Conditions>,
    /// Whether it was asked to end before its plan did.
    pub interrupted: bool,
    /// Why it had to end before its plan did: the server died, or samples could not be kept.
    pub failure: Option<anyhow::Error>,
}

/// Takes all samples of `plan` and no more.
///
/// # Errors
///
/// As [`run()`].
pub fn run_plan(
    plan: &Plan,
    cells: &[Prepared],
    interrupt: &Interrupt,
    tell: &mut dyn FnMut(Event) -> Result<()>,
) -> Result<Taken> {
    run(plan, cells, interrupt, tell, &mut |_| None)
}

/// Takes all samples of `plan`, then of each launch that `more` adds to it. A cell that fails once is out for the rest of the run,
/// and so is one that was [too slow to be believed](RefusalKind::Suspicion) three times; the others go on.
///
/// # Errors
///
/// If the server cannot be started. What goes wrong later is in [`Taken::failure`], beside the samples taken until then.
pub fn run(
    plan: &Plan,
    cells: &[Prepared],
    interrupt: &Interrupt,
    tell: &mut dyn FnMut(Event) -> Result<()>,
    more: &mut dyn FnMut(&Taken) -> Option<Launch>,
) -> Result<Taken> {
    let needs_server = cells.iter().any(|cell| cell.server);
    let server = if needs_server {
        Some(ServerProcess::start()?)
    } else {
        None
    };
    let mut cells = cells.to_vec();
    let _files = Files::write(&mut cells)?;
    for cell in cells.iter_mut().filter(|cell| cell.server) {
        cell.setup.server = server.as_ref().map(ServerProcess::address);
    }
    let out: Vec<bool> = cells
        .iter()
        .map(|cell| cell.cell.unsupported.is_some())
        .collect();
    let release = limits::must_release(&cells, &limits::limits());
    let mut run = Run {
        cells,
        server,
        interrupt,
        tell,
        release,
        start: Instant::now(),
        draws: Draws::default(),
        suspicions: vec![0; out.len()],
        out,
        taken: Taken::default(),
    };
    let mut planned = plan.launches.iter().cloned();
    let mut index = 0;
    while let Some(launch) = planned.next().or_else(|| more(&run.taken)) {
        if let Err(failure) = run.launch(index, &launch) {
            run.taken.failure = Some(failure);
        }
        run.taken.interrupted = interrupt.is_set();
        if run.taken.interrupted || run.taken.failure.is_some() {
            break;
        }
        index += 1;
    }
    Ok(run.taken)
}

struct Run<'a> {
    cells: Vec<Prepared>,
    server: Option<ServerProcess>,
    interrupt: &'a Interrupt,
    tell: &'a mut dyn FnMut(Event) -> Result<()>,
    release: bool,
    start: Instant,
    draws: Draws,
    /// How often each cell was too slow to be believed.
    suspicions: Vec<usize>,
    /// Cells that have failed.
    out: Vec<bool>,
    taken: Taken,
}

/// Where a sample belongs.
struct Booked<'a> {
    /// Number of the launch.
    index: usize,
    launch: &'a Launch,
    round: &'a Round,
    cell: usize,
    drawn: &'a Drawn,
    at_ns: u64,
}

/// The workers of one launch, by cell.
type Workers = Vec<Option<WorkerProcess>>;

impl Run<'_> {
    fn launch(&mut self, index: usize, launch: &Launch) -> Result<()> {
        if self.interrupt.is_set() {
            return Ok(());
        }
        (self.tell)(Event::Launching { launch: index })?;
        let mut workers: Workers = self.cells.iter().map(|_| None).collect();
        for cells in self.together(launch) {
            if self.interrupt.is_set() {
                return Ok(());
            }
            self.open(index, launch, &cells, &mut workers)?;
        }
        for round in &launch.rounds {
            for block in &round.blocks {
                if self.interrupt.is_set() {
                    return Ok(());
                }
                self.block(index, launch, round, block, &mut workers)?;
            }
        }
        Ok(())
    }

    /// One sample of each cell of a workload.
    fn block(
        &mut self,
        index: usize,
        launch: &Launch,
        round: &Round,
        block: &[usize],
        workers: &mut Workers,
    ) -> Result<()> {
        // Before anything is watched: what a draw brings is computed once for all cells of a round.
        let drawn = block.iter().map(|cell| {
            let drawn = self.draws.of(&self.cells[*cell], round);
            Ok((*cell, drawn?))
        });
        let drawn: Vec<(usize, Drawn)> = drawn.collect::<Result<_>>()?;
        let live = workers.iter().flatten().map(WorkerProcess::id);
        let server = self.server.iter().map(ServerProcess::id);
        let own = live.chain(server).chain([std::process::id()]);
        let mut watch = Watch::start(own);
        for (cell, drawn) in &drawn {
            let cell = *cell;
            if self.interrupt.is_set() {
                return Ok(());
            }
            let Some(worker) = workers[cell].as_mut() else {
                continue;
            };
            let (at, process) = (self.start.elapsed(), worker.id());
            let outcome = self.sample(cell, drawn, worker);
            if matches!(&outcome, SampleOutcome::Failed { .. }) && self.interrupt.is_set() {
                return Ok(());
            }
            match &outcome {
                SampleOutcome::Measured(measured)
                | SampleOutcome::Refused {
                    measurement: measured,
                    kind: RefusalKind::Suspicion,
                    ..
                } => watch.sampled(process, measured),
                _ => workers[cell] = None,
            }
            let outcome = self.judged(cell, outcome);
            let booked = Booked {
                index,
                launch,
                round,
                cell,
                drawn,
                at_ns: at.as_nanos() as u64,
            };
            self.book(booked, outcome)?;
            if self.out[cell] {
                workers[cell] = None;
            }
        }
        let Some(first) = block.first() else {
            return Ok(());
        };
        let workload = &self.cells[*first].cell.workload;
        let conditions = watch.stop(index as u32, round.number, workload);
        (self.tell)(Event::Block(&conditions))?;
        self.taken.conditions.push(conditions);
        Ok(())
    }

    /// Cells of a launch that are opened together: those of one workload, because the server answers one workload at a time; and
    /// each alone where together they would hold too much.
    fn together(&self, launch: &Launch) -> Vec<Vec<usize>> {
        let here: BTreeSet<usize> = launch.samples().map(|(_, cell)| cell).collect();
        let all: Vec<usize> = here.into_iter().filter(|cell| !self.out[*cell]).collect();
        let workload = |cell: &usize| &self.cells[*cell].cell.workload;
        let same = |a: &usize, b: &usize| !self.release && workload(a) == workload(b);
        all.chunk_by(same).map(<[usize]>::to_vec).collect()
    }

    fn open(
        &mut self,
        index: usize,
        launch: &Launch,
        cells: &[usize],
        workers: &mut Workers,
    ) -> Result<()> {
        self.reset(cells[0], None)?;
        let mut failed = Vec::new();
        for cell in cells.iter().copied() {
            match WorkerProcess::start(
                &self.cells[cell],
                self.releases(cell),
                launch.padding_bytes[cell],
            ) {
                Ok(worker) => {
                    (self.tell)(Event::Started {
                        cell,
                        process: worker.id(),
                    })?;
                    workers[cell] = Some(worker);
                }
                Err(error) => failed.push((cell, error)),
            }
        }
        for cell in cells.iter().copied() {
            let Some(worker) = workers[cell].as_mut() else {
                continue;
            };
            if let Err(error) = worker.opened(&self.cells[cell], self.interrupt) {
                workers[cell] = None;
                failed.push((cell, error));
            }
        }
        if self.interrupt.is_set() {
            return Ok(());
        }
        for (cell, error) in failed {
            let outcome = SampleOutcome::Failed {
                reason: format!("{error:#}"),
            };
            let booked = Booked {
                index,
                launch,
                round: &launch.rounds[0],
                cell,
                drawn: &Drawn::first(&self.cells[cell]),
                at_ns: self.start.elapsed().as_nanos() as u64,
            };
            self.book(booked, outcome)?;
        }
        Ok(())
    }

    /// Prepares the server for a sample of a cell with these sizes, or for a wave of it.
    fn reset(&mut self, cell: usize, drawn: Option<&Params>) -> Result<()> {
        let cell = &self.cells[cell];
        match &mut self.server {
            Some(server) if cell.server => server.reset(drawn.unwrap_or(&cell.params)),
            _ => Ok(()),
        }
    }

    fn sample(&mut self, cell: usize, drawn: &Drawn, worker: &mut WorkerProcess) -> SampleOutcome {
        match self.measure(cell, &drawn.params, worker) {
            Err(error) => SampleOutcome::Failed {
                reason: format!("{error:#}"),
            },
            Ok(measurement) => match drawn.expectation.refusal(&measurement) {
                Some(refusal) => SampleOutcome::Refused {
                    reason: refusal.reason,
                    kind: refusal.kind,
                    measurement,
                },
                None => SampleOutcome::Measured(measurement),
            },
        }
    }

    /// Whether a cell lets go between samples: because all together hold too much, or because it must find everything as new.
    fn releases(&self, cell: usize) -> bool {
        self.release || self.cells[cell].expectation.asks
    }

    /// Where the question is what happens, that a worker hangs or dies is an answer. It has no worker then until the next launch.
    fn judged(&self, cell: usize, outcome: SampleOutcome) -> SampleOutcome {
        match outcome {
            SampleOutcome::Failed { reason } if self.cells[cell].expectation.asks => {
                SampleOutcome::Measured(Measurement {
                    verdict: Some(reason.replace("timed out", "hangs: no answer")),
                    ..Measurement::default()
                })
            }
            other => other,
        }
    }

    fn measure(
        &mut self,
        cell: usize,
        drawn: &Params,
        worker: &mut WorkerProcess,
    ) -> Result<Measurement> {
        if self.releases(cell) {
            // For the wave that warms up what was reopened.
            self.reset(cell, None)?;
            worker.wake(self.interrupt)?;
        }
        self.reset(cell, Some(drawn))?;
        let cell = &self.cells[cell];
        let asked = Instant::now();
        let mut measurement = worker.sample(drawn.draw, cell.timeout, self.interrupt)?;
        let (wall, answered) = (Duration::from_nanos(measurement.wall_ns), asked.elapsed());
        ensure!(
            wall <= answered,
            "it says that it took {wall:?}, and answered after {answered:?}"
        );
        // Nobody is a witness for himself.
        measurement.witness = match self.server.as_mut().filter(|_| cell.server) {
            Some(server) => Some(server.account().context("no account of the sample")?),
            None => None,
        };
        Ok(measurement)
    }

    fn book(&mut self, booked: Booked, outcome: SampleOutcome) -> Result<()> {
        let Booked {
            index,
            launch,
            round,
            cell,
            drawn,
            at_ns,
        } = booked;
        self.out[cell] |= match &outcome {
            SampleOutcome::Measured(_) => false,
            SampleOutcome::Refused {
                kind: RefusalKind::Suspicion,
                ..
            } => {
                self.suspicions[cell] += 1;
                self.suspicions[cell] >= SUSPICIONS_THAT_CONVICT
            }
            SampleOutcome::Refused { .. } | SampleOutcome::Failed { .. } => true,
        };
        let names = &self.cells[cell].cell;
        let sample = Sample {
            launch: index as u32,
            round: round.number,
            position: self.taken.samples.len() as u32,
            kept: round.kept,
            workload: names.workload.clone(),
            strategy: names.strategy.clone(),
            padding_bytes: launch.padding_bytes[cell],
            draw: drawn.params.draw,
            floor_ns: drawn.floor_ns,
            own_floor_ns: drawn.own_floor_ns,
            at_ns,
            outcome,
        };
        (self.tell)(Event::Sampled(&sample))?;
        self.taken.samples.push(sample);
        Ok(())
    }
}
