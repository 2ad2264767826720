//! The parent: follows the plan, one sample at a time.

pub(crate) mod files;
pub(crate) mod hello;
pub(crate) mod interrupt;
pub(crate) mod job;
mod keeper;
pub(crate) mod lost;
pub(crate) mod outlets;
pub(crate) mod process;
pub(crate) mod server;
mod stop;
pub(crate) mod watch;
pub(crate) mod worker;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use model::{
    Conditions, Launch, Measurement, Plan, RefusalKind, Round, SUSPICIONS_THAT_CONVICT, Sample,
    SampleOutcome,
};
use workloads::Params;

use crate::cells::draws::{Drawn, Draws};
use crate::parent::watch::Watch;
use crate::parent::worker::WorkerProcess;
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
    /// The server has ended before its time. Rows that need it take no more samples in this launch.
    ServerLost {
        /// Which launch, from 0.
        launch: usize,
        /// What became of it.
        reason: &'a str,
    },
    /// The server had ended between two launches and was started anew. Nothing is lost.
    ServerStartedAnew {
        /// Which launch it was started for, from 0.
        launch: usize,
    },
    /// The journal could not be written. The run goes on, and nothing more is kept there.
    KeptNoMore {
        /// Why, and until which sample all is kept.
        reason: &'a anyhow::Error,
    },
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
    /// Launches in which the server was lost, and why: its rows lack the rest of their samples there.
    pub server_losses: Vec<(usize, String)>,
    /// Why it had to end before its plan did.
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
/// If the files that some workloads read cannot be written. What goes wrong later is in [`Taken::failure`], beside the samples taken until then.
pub fn run(
    plan: &Plan,
    cells: &[Prepared],
    interrupt: &Interrupt,
    tell: &mut dyn FnMut(Event) -> Result<()>,
    more: &mut dyn FnMut(&Taken) -> Option<Launch>,
) -> Result<Taken> {
    let mut cells = cells.to_vec();
    let _files = Files::write(&mut cells)?;
    let out: Vec<bool> = cells
        .iter()
        .map(|cell| cell.cell.unsupported.is_some())
        .collect();
    let release = limits::must_release(&cells, &limits::limits());
    let mut run = Run {
        cells,
        server: None,
        lost: None,
        losses_in_a_row: 0,
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
    while let Some(launch) = planned.next().or_else(|| run.more(more)) {
        if let Err(failure) = run.launch(index, &launch) {
            run.taken.failure = Some(failure);
        }
        run.taken.interrupted = interrupt.is_set();
        if run.taken.interrupted || run.taken.failure.is_some() {
            break;
        }
        index += 1;
    }
    if !run.taken.interrupted
        && let Err(failure) = run.fail_rows_without_samples()
    {
        run.taken.failure.get_or_insert(failure);
    }
    Ok(run.taken)
}

struct Run<'a> {
    cells: Vec<Prepared>,
    server: Option<ServerProcess>,
    /// The launch that lost the server last.
    lost: Option<(usize, Launch)>,
    /// Launches until now, one behind the other, that have lost it.
    losses_in_a_row: usize,
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
        let losses = self.taken.server_losses.len();
        self.serve(index, launch, &mut workers)?;
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
        if self.taken.server_losses.len() == losses && !self.gave_up() {
            self.losses_in_a_row = 0;
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
        if block.iter().all(|cell| workers[*cell].is_none()) {
            return Ok(());
        }
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
            if matches!(&outcome, SampleOutcome::Failed { .. }) {
                if self.interrupt.is_set() {
                    return Ok(());
                }
                if let Some(reason) = self.without_server(cell) {
                    self.lose_server(index, launch, workers, reason)?;
                    continue;
                }
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
        let all: Vec<usize> = here.into_iter().filter(|cell| self.able(*cell)).collect();
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
        // The server may have been lost since these were chosen.
        if !self.able(cells[0]) {
            return Ok(());
        }
        let mut failed = Vec::new();
        match self.reset(cells[0], None) {
            Err(error) => failed.extend(cells.iter().map(|cell| (*cell, format!("{error:#}")))),
            Ok(()) => self.start(launch, cells, workers, &mut failed)?,
        }
        if self.interrupt.is_set() {
            return Ok(());
        }
        if let Some((cell, _)) = failed.first()
            && let Some(reason) = self.without_server(*cell)
        {
            return self.lose_server(index, launch, workers, reason);
        }
        for (cell, reason) in failed {
            self.fail(index, launch, &launch.rounds[0], cell, reason)?;
        }
        Ok(())
    }

    /// Books a cell that could not take its sample of a round.
    fn fail(
        &mut self,
        index: usize,
        launch: &Launch,
        round: &Round,
        cell: usize,
        reason: String,
    ) -> Result<()> {
        let booked = Booked {
            index,
            launch,
            round,
            cell,
            drawn: &Drawn::first(&self.cells[cell]),
            at_ns: self.start.elapsed().as_nanos() as u64,
        };
        self.book(booked, SampleOutcome::Failed { reason })
    }

    /// Starts the workers of these cells, and waits until all are open.
    fn start(
        &mut self,
        launch: &Launch,
        cells: &[usize],
        workers: &mut Workers,
        failed: &mut Vec<(usize, String)>,
    ) -> Result<()> {
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
                Err(error) => failed.push((cell, format!("{error:#}"))),
            }
        }
        for cell in cells.iter().copied() {
            let Some(worker) = workers[cell].as_mut() else {
                continue;
            };
            if let Err(error) = worker.opened(&self.cells[cell], self.interrupt) {
                workers[cell] = None;
                failed.push((cell, format!("{error:#}")));
            }
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
                    verdict: Some(hang(&reason)),
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

/// What is said of a row that was ended because it did not answer, where whether it hangs is the question.
fn hang(reason: &str) -> String {
    let within = reason.strip_prefix("killed after ");
    match within.and_then(|within| within.split_once(" without an answer")) {
        // Its last words are not always the same, and verdicts are counted.
        Some((within, _)) => format!("hangs: no answer after {within}"),
        None => reason.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_did_not_answer_hangs_whatever_its_last_words() {
        for words in ["", ": still waiting"] {
            let reason = format!("killed after 3s without an answer{words}");
            assert_eq!(hang(&reason), "hangs: no answer after 3s");
        }
        assert_eq!(hang("the process ended: 1"), "the process ended: 1");
    }
}
