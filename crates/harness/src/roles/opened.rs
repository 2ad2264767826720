//! An open cell, which takes samples in this process.

use anyhow::{Context, Result};
use model::Measurement;
use strategies::{Runner, Seen, Setup};
use workloads::{Params, Trace};

use crate::cells::registry::Registry;
use crate::meter::clocks::Meter;
use crate::meter::process::nanoseconds;
use crate::meter::threads::most_threads;

/// A cell that is open and warm. A worker has one; `makespan cell` takes its samples in the foreground.
pub struct OpenedCell {
    runner: Box<dyn Runner>,
    /// The most threads seen in the warm-up.
    threads_peak: Option<u64>,
}

impl OpenedCell {
    /// Opens a cell and runs one wave of it, in which threads are counted.
    ///
    /// # Errors
    ///
    /// If the two were not compiled together, or the cell cannot be opened, or the wave fails.
    pub fn open(
        registry: &Registry,
        workload: &str,
        strategy: &str,
        params: &Params,
        setup: &Setup,
    ) -> Result<OpenedCell> {
        let open = registry.opener(workload, strategy)?;
        let runner = open(workload, params, setup).context("cannot open it")?;
        OpenedCell::warmed(runner)
    }

    /// The same with a recorder around the work.
    pub(crate) fn open_traced(
        registry: &Registry,
        workload: &str,
        strategy: &str,
        params: &Params,
        setup: &Setup,
    ) -> Result<OpenedCell> {
        // The two must have been compiled together, although the traced one is opened by another function.
        registry.opener(workload, strategy)?;
        let open = registry.strategy(strategy)?.traced;
        let runner = open(registry.workload(workload)?, params, setup);
        OpenedCell::warmed(runner.context("cannot open it")?)
    }

    fn warmed(runner: Box<dyn Runner>) -> Result<OpenedCell> {
        let (warmed, threads_peak) = most_threads(|| runner.warm_up());
        warmed.context("the warm-up failed")?;
        Ok(OpenedCell {
            runner,
            threads_peak,
        })
    }

    /// Takes up the delays of a draw, untimed, and then runs the whole work once.
    ///
    /// # Errors
    ///
    /// If the work fails, or a clock cannot be read.
    pub fn sample(&mut self, draw: u32) -> Result<Measurement> {
        Ok(self.run(draw)?.0)
    }

    /// The same for a cell with a recorder around its work.
    pub(crate) fn trace(&mut self, draw: u32) -> Result<(Measurement, Trace)> {
        let (sample, seen) = self.run(draw)?;
        Ok((sample, seen.trace.context("nothing was recorded")?))
    }

    fn run(&mut self, draw: u32) -> Result<(Measurement, Seen)> {
        let drawn = self.runner.draw(draw);
        drawn.context("cannot take up the delays of another draw")?;
        let meter = Meter::start()?;
        let tally = self.runner.run();
        // The clocks stop before anything else is done, also where the work failed.
        let mut sample = meter.stop(tally.as_ref().copied().unwrap_or_default())?;
        tally?;
        let mut seen = self.runner.seen();
        sample.latencies = seen.latencies.take();
        sample.heartbeat = seen.heartbeat.take();
        sample.verdict = seen.verdict.take();
        sample.cpu_ns += nanoseconds(seen.cpu_elsewhere);
        sample.threads_peak = sample.threads_peak.max(self.threads_peak);
        Ok((sample, seen))
    }
}
