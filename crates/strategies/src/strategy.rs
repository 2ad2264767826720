//! The seam between a strategy and everything else.

use std::time::Duration;

use anyhow::{Result, bail};
use workloads::{Done, Tally, Unit, Work};

use crate::{Facts, Heartbeat, Setup};

/// One way to schedule units.
pub trait Strategy: Sized + 'static {
    /// What it declares about itself.
    const FACTS: Facts;

    /// Whether this platform can run it. The error says why not, and what would help.
    fn supported() -> Result<()> {
        Ok(())
    }

    /// Variables that its libraries read only from the environment.
    fn environment(setup: &Setup) -> Vec<(&'static str, String)> {
        let _ = setup;
        Vec::new()
    }

    /// Starts runtimes and pools and opens connections. Untimed.
    fn open(setup: &Setup) -> Result<Self>;

    /// Gets ready for the work that will be sampled, after a first wave of it has run. Untimed.
    fn prepare<W: Work>(&self, work: &W) -> Result<()> {
        let _ = work;
        Ok(())
    }

    /// Does all units, at most [`Setup::limit`] in flight. Timed.
    fn run<W: Work>(&self, work: &W) -> Result<Tally>;

    /// Starts a heartbeat beside the units, in the way in which this strategy runs two things at once. By default that is a thread.
    fn beside(&self, heartbeat: Heartbeat) -> Result<()> {
        heartbeat.beat_in_a_thread()
    }

    /// CPU time that other processes have spent on units since the last call.
    fn elsewhere(&self) -> Duration {
        Duration::ZERO
    }

    /// Does a single unit on the calling thread, for a child process that does one at a time.
    fn alone<W: Work>(&self, work: &W, unit: Unit) -> Result<Done> {
        let _ = (work, unit);
        bail!("it does not do single units")
    }
}
