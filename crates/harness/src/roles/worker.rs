//! The worker: opens one cell, then takes a sample whenever it is told to.

use std::io;

use anyhow::{Context, Result, bail};
use strategies::Runner;

use crate::cells::registry::Registry;
use crate::machine::limits;
use crate::meter::{self, Meter, Parked, nanoseconds};
use crate::protocol::lines;
use crate::protocol::version::PROTOCOL;
use crate::protocol::worker::{FromWorker, OpenCell, ToWorker};

/// Answers the parent until it closes the line.
pub(crate) fn serve(registry: &Registry) -> Result<()> {
    limits::raise_descriptors();
    let hello = FromWorker::Hello {
        protocol: PROTOCOL,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        cells: registry.cells(),
        unsupported: None,
    };
    lines::write(io::stdout().lock(), &hello)?;
    let mut worker = Worker {
        registry,
        cell: None,
        runner: None,
        threads_peak: None,
        parked: None,
    };
    for message in lines::heard() {
        let answer = worker.answer(message?);
        let answer = answer.unwrap_or_else(|error| FromWorker::Failed {
            reason: format!("{error:#}"),
        });
        lines::write(io::stdout().lock(), &answer)?;
        // Only now: writing the answer is not what a parked worker does.
        worker.parked = match worker.releases() {
            true => None,
            false => Some(Parked::now()?),
        };
    }
    Ok(())
}

struct Worker<'a> {
    registry: &'a Registry,
    cell: Option<OpenCell>,
    runner: Option<Box<dyn Runner>>,
    threads_peak: Option<u64>,
    /// Since when it waits; none where it reopens what it has open before the next sample.
    parked: Option<Parked>,
}

impl Worker<'_> {
    fn answer(&mut self, message: ToWorker) -> Result<FromWorker> {
        match message {
            ToWorker::Open(cell) => {
                self.open(*cell)?;
                self.park();
                Ok(FromWorker::Opened)
            }
            ToWorker::Wake => {
                let cell = self
                    .cell
                    .clone()
                    .context("nothing is open that could wake")?;
                self.open(cell)?;
                Ok(FromWorker::Opened)
            }
            ToWorker::Go { draw } => {
                let sample = self.sample(draw)?;
                self.park();
                Ok(sample)
            }
        }
    }

    /// Opens a cell and runs one wave of it, in which threads are counted.
    fn open(&mut self, cell: OpenCell) -> Result<()> {
        let open = self.registry.opener(&cell.workload, &cell.strategy)?;
        let runner = open(&cell.workload, &cell.params, &cell.setup).context("cannot open it")?;
        let (warmed, threads) = meter::most_threads(|| runner.warm_up());
        warmed.context("the warm-up failed")?;
        (self.threads_peak, self.runner, self.cell) = (threads, Some(runner), Some(cell));
        Ok(())
    }

    fn sample(&mut self, draw: u32) -> Result<FromWorker> {
        let Some(runner) = &mut self.runner else {
            bail!("nothing is open that could be sampled")
        };
        let parked = self.parked.as_ref().map(Parked::so_far).transpose()?;
        runner
            .draw(draw)
            .context("cannot take up the delays of another draw")?;
        let meter = Meter::start()?;
        let tally = runner.run();
        let mut sample = meter.stop(tally.as_ref().copied().unwrap_or_default())?;
        tally?;
        (sample.parked_ns, sample.parked_cpu_ns) = parked.unzip();
        let seen = runner.seen();
        (sample.latencies, sample.heartbeat) = (seen.latencies, seen.heartbeat);
        sample.verdict = seen.verdict;
        sample.cpu_ns += nanoseconds(seen.cpu_elsewhere);
        sample.threads_peak = sample.threads_peak.max(self.threads_peak);
        sample.reopened = self.releases();
        Ok(FromWorker::Sample(sample.into()))
    }

    /// Lets threads and connections go where the cell was opened so.
    fn park(&mut self) {
        if self.releases() {
            self.runner = None;
        }
    }

    fn releases(&self) -> bool {
        self.cell.as_ref().is_some_and(|cell| cell.release)
    }
}
