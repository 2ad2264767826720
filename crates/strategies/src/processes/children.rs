//! The children of one cell: how they are started, asked and ended.

use std::env::current_exe;
use std::io::{BufRead, BufReader, Write};
use std::process::{self, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use workloads::{Done, Outline, Params, Unit};

use crate::Setup;
use crate::processes::protocol::{FromChild, HIDDEN, ROLE, ToChild};

/// All children of one cell. The idle ones are a stack: the last used is the next used.
pub(crate) struct Children {
    idle: Mutex<Vec<Child>>,
    setup: Setup,
    cpu_ns: AtomicU64,
}

impl Children {
    /// Starts as many children as the limit.
    pub(crate) fn start(setup: &Setup) -> Result<Self> {
        let children = (0..setup.limit).map(|_| Child::start());
        Ok(Children {
            idle: Mutex::new(children.collect::<Result<_>>()?),
            setup: Setup {
                connections: setup.connections.min(1),
                server: setup.server,
                ..Setup::new(1, 1)
            },
            cpu_ns: AtomicU64::new(0),
        })
    }

    /// Gets all idle children ready for units of `work`, and begins to count their CPU time.
    pub(crate) fn open(&self, work: &impl Outline) -> Result<()> {
        let opening = Opening::of(work);
        let mut idle = self.lock();
        // All are asked before any is heard, so that they open at the same time.
        for child in &mut *idle {
            child.ask_to_open(&opening, &self.setup)?;
        }
        for child in &mut *idle {
            child.hear_opened(&opening)?;
        }
        self.cpu_ns.store(0, Ordering::Relaxed);
        Ok(())
    }

    /// Does one unit of `work` in a child and waits for it. A child that fails to answer is not used again.
    pub(crate) fn unit(&self, work: &impl Outline, unit: Unit) -> Result<Done> {
        let child = self.lock().pop();
        let mut child = child.context("no child process is left")?;
        if !child.has_opened(work) {
            let opening = Opening::of(work);
            child.ask_to_open(&opening, &self.setup)?;
            child.hear_opened(&opening)?;
        }
        child.say(&ToChild::Unit { unit: unit.0 })?;
        let answer = child.hear()?;
        self.lock().push(child);
        match answer {
            FromChild::Done {
                tally,
                next,
                cpu_ns,
            } => {
                self.cpu_ns.fetch_add(cpu_ns, Ordering::Relaxed);
                let next = next.into_iter().map(Unit).collect();
                Ok(Done { tally, next })
            }
            FromChild::Failed { reason } => bail!(reason),
            FromChild::Opened => bail!("a child process opened what it should have done"),
        }
    }

    /// CPU time of all children since the last call.
    pub(crate) fn take_cpu(&self) -> Duration {
        Duration::from_nanos(self.cpu_ns.swap(0, Ordering::Relaxed))
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Child>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a child is open for.
#[derive(Clone, PartialEq)]
struct Opening {
    workload: &'static str,
    params: Params,
}

impl Opening {
    fn of(work: &impl Outline) -> Self {
        Opening {
            workload: work.facts().name,
            params: work.params().clone(),
        }
    }

    fn differs_by_its_draw(mut self, other: &Opening) -> bool {
        let draw = std::mem::replace(&mut self.params.draw, other.params.draw);
        draw != other.params.draw && self == *other
    }
}

/// This executable in the role of a child. It ends when its standard input does.
struct Child {
    process: process::Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    open: Option<Opening>,
}

impl Child {
    fn start() -> Result<Self> {
        let executable = current_exe().context("cannot find this executable")?;
        let mut command = Command::new(executable);
        command.args([HIDDEN, ROLE]);
        // It inherits our standard error.
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().context("cannot start a child process")?;
        let pipes = process.stdin.take().zip(process.stdout.take());
        let (input, output) = pipes.context("a child process has no pipes")?;
        Ok(Child {
            process,
            input,
            output: BufReader::new(output),
            open: None,
        })
    }

    fn has_opened(&self, work: &impl Outline) -> bool {
        self.open
            .as_ref()
            .is_some_and(|open| open.workload == work.facts().name && open.params == *work.params())
    }

    /// If only the draw differs, the child keeps what it has open.
    fn ask_to_open(&mut self, opening: &Opening, setup: &Setup) -> Result<()> {
        let open = self.open.take();
        self.say(
            &match open.is_some_and(|open| open.differs_by_its_draw(opening)) {
                true => ToChild::Draw {
                    draw: opening.params.draw,
                },
                false => ToChild::Open {
                    workload: opening.workload.to_owned(),
                    params: opening.params.clone(),
                    setup: setup.clone(),
                },
            },
        )
    }

    fn hear_opened(&mut self, opening: &Opening) -> Result<()> {
        match self.hear()? {
            FromChild::Opened => self.open = Some(opening.clone()),
            FromChild::Failed { reason } => bail!(reason),
            FromChild::Done { .. } => bail!("a child process did what it should have opened"),
        }
        Ok(())
    }

    fn say(&mut self, message: &ToChild) -> Result<()> {
        let mut line = serde_json::to_vec(message)?;
        line.push(b'\n');
        // How the process ended says more than a broken pipe.
        self.input.write_all(&line).or_else(|_| self.ended())
    }

    fn hear(&mut self) -> Result<FromChild> {
        let mut line = String::new();
        if !matches!(self.output.read_line(&mut line), Ok(length) if length > 0) {
            self.ended()?;
        }
        serde_json::from_str(&line).with_context(|| format!("a child process said `{line}`"))
    }

    /// Says why there is no answer. A child that closed its output and lives on is killed.
    fn ended(&mut self) -> Result<()> {
        let _ = self.process.kill();
        match self.process.wait() {
            Ok(status) => bail!("a child process ended: {status}"),
            Err(error) => Err(error).context("a child process ended"),
        }
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // It either waits for a line or is stuck. In both cases nothing is lost.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_reopens_for_anything_but_a_draw() {
        let opening = |draw, tasks| Opening {
            workload: "get",
            params: Params {
                draw,
                ..Params::new(1, tasks, "uniform:1ms,2ms".parse().unwrap())
            },
        };
        assert!(opening(1, 8).differs_by_its_draw(&opening(2, 8)));
        assert!(!opening(1, 8).differs_by_its_draw(&opening(2, 9)));
        assert!(!opening(1, 8).differs_by_its_draw(&opening(1, 8)));
    }
}
