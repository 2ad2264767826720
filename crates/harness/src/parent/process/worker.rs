//! The parent's end of a worker.

use std::time::Duration;

use model::Measurement;
use workloads::Trace;

use crate::cells::backend::Backend;
use crate::cells::prepared::Prepared;
use crate::parent::interrupt::Interrupt;
use crate::parent::process::Process;
use crate::parent::process::fault::Fault;
use crate::protocol::role::Role;
use crate::protocol::version;
use crate::protocol::worker::{FromWorker, OpenCell, ToWorker};

/// Interpreters take a good part of a second to begin; one that takes longer than this is stuck.
pub(crate) const HELLO_WITHIN: Duration = Duration::from_secs(10);

/// Starting a process and opening a cell takes milliseconds; minutes mean that something hangs.
const OPEN_WITHIN: Duration = Duration::from_secs(60);

/// The variable that only takes room.
const PADDING: &str = "MAKESPAN_PADDING";

/// A live worker with one open cell.
pub(crate) struct WorkerProcess {
    process: Process,
}

impl WorkerProcess {
    /// Starts what runs the cell and asks it to open the cell; [`opened`](Self::opened) waits for the answer. Its environment is
    /// longer by so many bytes.
    pub(crate) fn start(cell: &Prepared, release: bool, padding_bytes: u32) -> Result<Self, Fault> {
        let padding = "x".repeat(padding_bytes as usize);
        let mut environment = cell.environment.clone();
        environment.push((PADDING, padding));
        let mut process = started(&cell.backend, &environment)?;
        process.say(&ToWorker::Open(Box::new(open(cell, release))))?;
        Ok(WorkerProcess { process })
    }

    /// Starts a worker that has the cell open with a recorder around its work.
    pub(crate) fn open_traced(cell: &Prepared, interrupt: &Interrupt) -> Result<Self, Fault> {
        let mut process = started(&cell.backend, &cell.environment)?;
        process.say(&ToWorker::OpenTraced(Box::new(open(cell, true))))?;
        let mut worker = WorkerProcess { process };
        worker.opened(cell, interrupt)?;
        Ok(worker)
    }

    /// Runs the work once and hears what each unit did.
    pub(crate) fn trace(
        &mut self,
        cell: &Prepared,
        interrupt: &Interrupt,
    ) -> Result<(Measurement, Trace), Fault> {
        let draw = cell.params.draw;
        self.process.say(&ToWorker::Go { draw })?;
        match self.process.hear(cell.timeout, interrupt)? {
            FromWorker::Traced { sample, trace } => Ok((*sample, *trace)),
            other => Err(instead_of("a trace", other)),
        }
    }

    /// Waits until the cell is open and warm.
    pub(crate) fn opened(&mut self, cell: &Prepared, interrupt: &Interrupt) -> Result<(), Fault> {
        self.hear_hello(cell, interrupt)?;
        self.hear_opened(OPEN_WITHIN + cell.timeout, interrupt)
    }

    fn hear_hello(&mut self, cell: &Prepared, interrupt: &Interrupt) -> Result<(), Fault> {
        let within = match &cell.backend {
            Backend::ThisExecutable(_) | Backend::Build { .. } => OPEN_WITHIN,
            Backend::Program(_) => HELLO_WITHIN,
        };
        match self.process.hear(within, interrupt)? {
            FromWorker::Hello {
                protocol,
                unsupported,
                ..
            } => {
                version::check(protocol, cell.params.varies()).map_err(Fault::Protocol)?;
                if let Some(reason) = unsupported {
                    return Err(Fault::Failed { reason });
                }
                Ok(())
            }
            other => {
                let said = format!("the worker began with {other:?} instead of a hello");
                Err(Fault::OutOfTurn { said })
            }
        }
    }

    /// Reopens what the worker had let go, and warms it up.
    pub(crate) fn wake(&mut self, interrupt: &Interrupt) -> Result<(), Fault> {
        self.process.say(&ToWorker::Wake)?;
        self.hear_opened(OPEN_WITHIN, interrupt)
    }

    fn hear_opened(&mut self, within: Duration, interrupt: &Interrupt) -> Result<(), Fault> {
        match self.process.hear(within, interrupt)? {
            FromWorker::Opened => Ok(()),
            other => Err(instead_of("opened", other)),
        }
    }

    /// Takes one sample under the delays of that draw.
    pub(crate) fn sample(
        &mut self,
        draw: u32,
        within: Duration,
        interrupt: &Interrupt,
    ) -> Result<Measurement, Fault> {
        self.process.say(&ToWorker::Go { draw })?;
        match self.process.hear(within, interrupt)? {
            FromWorker::Sample(sample) => Ok(*sample),
            other => Err(instead_of("a sample", other)),
        }
    }

    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }
}

fn open(cell: &Prepared, release: bool) -> OpenCell {
    OpenCell {
        workload: cell.workload.clone(),
        strategy: cell.strategy.clone(),
        params: cell.params.clone(),
        setup: cell.setup.clone(),
        release,
    }
}

/// Starts what runs a cell: as a worker, or as the program that it is.
pub(crate) fn started(
    backend: &Backend,
    environment: &[(&'static str, String)],
) -> Result<Process, Fault> {
    match backend {
        Backend::ThisExecutable(_) => Process::start(Role::Worker, environment),
        Backend::Build { executable, .. } => Process::build(executable, Role::Worker, environment),
        Backend::Program(program) => Process::program(&program.command, environment),
    }
}

/// Why the answer is not the one that was wanted.
fn instead_of(wanted: &str, answer: FromWorker) -> Fault {
    match answer {
        FromWorker::Failed { reason } => Fault::Failed { reason },
        other => Fault::OutOfTurn {
            said: format!("the worker answered {other:?} instead of {wanted}"),
        },
    }
}
