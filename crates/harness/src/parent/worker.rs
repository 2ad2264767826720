//! The parent's end of a worker.

use std::time::Duration;

use anyhow::{Result, bail};
use model::Measurement;

use crate::parent::hello::HELLO_WITHIN;
use crate::parent::process::Process;
use crate::protocol::{self, FromWorker, OpenCell, ToWorker};
use crate::{Interrupt, Prepared};

/// Starting a process and opening a cell takes milliseconds; minutes mean that something hangs.
const OPEN_WITHIN: Duration = Duration::from_secs(60);

/// The variable that only takes room.
const PADDING: &str = "MAKESPAN_PADDING";

/// A live worker with one open cell.
pub(crate) struct WorkerProcess {
    process: Process,
}

impl WorkerProcess {
    /// Starts a worker, or the cell's own program, and asks it to open a cell; [`opened`](Self::opened) waits for the answer.
    /// Its environment is longer by so many bytes.
    pub(crate) fn start(cell: &Prepared, release: bool, padding_bytes: u32) -> Result<Self> {
        let padding = "x".repeat(padding_bytes as usize);
        let mut environment = cell.environment.clone();
        environment.push((PADDING, padding));
        let mut process = match &cell.command {
            Some(command) => Process::program(command, &environment)?,
            None => Process::start("worker", &environment)?,
        };
        process.say(&ToWorker::Open(Box::new(OpenCell {
            workload: cell.workload.clone(),
            strategy: cell.strategy.clone(),
            params: cell.params.clone(),
            setup: cell.setup.clone(),
            release,
        })))?;
        Ok(WorkerProcess { process })
    }

    /// Waits until the cell is open and warm.
    pub(crate) fn opened(&mut self, cell: &Prepared, interrupt: &Interrupt) -> Result<()> {
        let within = cell.command.as_ref().map_or(OPEN_WITHIN, |_| HELLO_WITHIN);
        match self.process.hear(within, interrupt)? {
            FromWorker::Hello {
                protocol,
                unsupported,
                ..
            } => {
                protocol::check(protocol, cell.params.varies())?;
                if let Some(reason) = unsupported {
                    bail!(reason)
                }
            }
            other => bail!("the worker began with {other:?} instead of a hello"),
        }
        self.hear_opened(OPEN_WITHIN + cell.timeout, interrupt)
    }

    /// Reopens what the worker had let go, and warms it up.
    pub(crate) fn wake(&mut self, interrupt: &Interrupt) -> Result<()> {
        self.process.say(&ToWorker::Wake)?;
        self.hear_opened(OPEN_WITHIN, interrupt)
    }

    fn hear_opened(&mut self, within: Duration, interrupt: &Interrupt) -> Result<()> {
        match self.process.hear(within, interrupt)? {
            FromWorker::Opened => Ok(()),
            FromWorker::Failed { reason } => bail!(reason),
            other => bail!("the worker answered {other:?} instead of opened"),
        }
    }

    /// Takes one sample under the delays of that draw.
    pub(crate) fn sample(
        &mut self,
        draw: u32,
        within: Duration,
        interrupt: &Interrupt,
    ) -> Result<Measurement> {
        self.process.say(&ToWorker::Go { draw })?;
        match self.process.hear(within, interrupt)? {
            FromWorker::Sample(sample) => Ok(*sample),
            FromWorker::Failed { reason } => bail!(reason),
            other => bail!("the worker answered {other:?} instead of a sample"),
        }
    }

    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }
}
