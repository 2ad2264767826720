//! The parent: follows the plan, one sample at a time.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use model::{Launch, Measurement, Plan, Round, Sample, SampleOutcome};

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
}

/// What a run brought.
#[derive(Debug)]
pub struct Taken {
    /// All samples, in order.
    pub samples: Vec<Sample>,
    /// Whether it was asked to end before its plan did.
    pub interrupted: bool,
    /// Why it had to end before its plan did: the server died, or samples could not be kept.
    pub failure: Option<anyhow::Error>,
}

/// Takes all samples of `plan`. A cell that fails once is out for the rest of the run; the others go on.
///
/// # Errors
///
/// If the server cannot be started. What goes wrong later is in [`Taken::failure`], beside the samples taken until then.
pub fn run(
    plan: &Plan,
    cells: &[Prepared],
    interrupt: &Interrupt,
    tell: &mut dyn FnMut(Event) -> Result<()>,
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
    let out = cells
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
        out,
        samples: Vec::new(),
    };
    let launches = plan.launches.iter().enumerate();
    let failure = launches
        .map(|(index, launch)| run.launch(index, launch))
        .find_map(Result::err);
    Ok(Taken {
        samples: run.samples,
        interrupted: interrupt.is_set(),
        failure,
    })
}

struct Run<'a> {
    cells: Vec<Prepared>,
    server: Option<ServerProcess>,
    interrupt: &'a Interrupt,
    tell: &'a mut dyn FnMut(Event) -> Result<()>,
    release: bool,
    start: Instant,
    /// Cells that have failed.
    out: Vec<bool>,
    samples: Vec<Sample>,
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
        let Some(first) = launch.rounds.first() else {
            return Ok(());
        };
        for cells in self.together() {
            if self.interrupt.is_set() {
                return Ok(());
            }
            self.open(index, first, &cells, &mut workers)?;
        }
        for round in &launch.rounds {
            for cell in round.blocks.iter().flatten().copied() {
                if self.interrupt.is_set() {
                    return Ok(());
                }
                let Some(worker) = workers[cell].as_mut() else {
                    continue;
                };
                let at = self.start.elapsed();
                let outcome = self.sample(cell, worker);
                if matches!(&outcome, SampleOutcome::Failed { .. }) && self.interrupt.is_set() {
                    return Ok(());
                }
                if !matches!(&outcome, SampleOutcome::Measured(_)) {
                    workers[cell] = None;
                }
                let outcome = self.judged(cell, outcome);
                self.book(index, round, cell, at.as_nanos() as u64, outcome)?;
            }
        }
        Ok(())
    }

    /// Cells that are opened together: those of one workload, because the server answers one workload at a time; and each alone
    /// where together they would hold too much.
    fn together(&self) -> Vec<Vec<usize>> {
        let all: Vec<usize> = (0..self.cells.len())
            .filter(|cell| !self.out[*cell])
            .collect();
        let workload = |cell: &usize| &self.cells[*cell].cell.workload;
        let same = |a: &usize, b: &usize| !self.release && workload(a) == workload(b);
        all.chunk_by(same).map(<[usize]>::to_vec).collect()
    }

    fn open(
        &mut self,
        launch: usize,
        round: &Round,
        cells: &[usize],
        workers: &mut Workers,
    ) -> Result<()> {
        self.reset(cells[0])?;
        let mut failed = Vec::new();
        for cell in cells.iter().copied() {
            match WorkerProcess::start(&self.cells[cell], self.releases(cell)) {
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
            let at = self.start.elapsed().as_nanos() as u64;
            self.book(
                launch,
                round,
                cell,
                at,
                SampleOutcome::Failed {
                    reason: format!("{error:#}"),
                },
            )?;
        }
        Ok(())
    }

    fn reset(&mut self, cell: usize) -> Result<()> {
        match &mut self.server {
            Some(server) if self.cells[cell].server => server.reset(&self.cells[cell].params),
            _ => Ok(()),
        }
    }

    fn sample(&mut self, cell: usize, worker: &mut WorkerProcess) -> SampleOutcome {
        match self.measure(cell, worker) {
            Err(error) => SampleOutcome::Failed {
                reason: format!("{error:#}"),
            },
            Ok(measurement) => match self.cells[cell].expectation.refusal(&measurement) {
                Some(reason) => SampleOutcome::Refused {
                    reason,
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

    fn measure(&mut self, cell: usize, worker: &mut WorkerProcess) -> Result<Measurement> {
        if self.releases(cell) {
            // For the wave that warms up what was reopened.
            self.reset(cell)?;
            worker.wake(self.interrupt)?;
        }
        self.reset(cell)?;
        let cell = &self.cells[cell];
        let asked = Instant::now();
        let mut measurement = worker.sample(cell.timeout, self.interrupt)?;
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

    fn book(
        &mut self,
        launch: usize,
        round: &Round,
        cell: usize,
        at_ns: u64,
        outcome: SampleOutcome,
    ) -> Result<()> {
        self.out[cell] |= !matches!(&outcome, SampleOutcome::Measured(_));
        let names = &self.cells[cell].cell;
        let sample = Sample {
            launch: launch as u32,
            round: round.number,
            position: self.samples.len() as u32,
            kept: round.kept,
            workload: names.workload.clone(),
            strategy: names.strategy.clone(),
            at_ns,
            outcome,
        };
        (self.tell)(Event::Sampled(&sample))?;
        self.samples.push(sample);
        Ok(())
    }
}
