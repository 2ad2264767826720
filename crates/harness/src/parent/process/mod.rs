//! A child process that speaks in lines.
//!
//! [`outlets`] is what it writes, and [`fault`] is what can go wrong with it. [`worker`], [`server`] and [`load`] are the parent's ends of
//! the three roles. [`hello`] asks programs and other builds whether they can run here.

pub(crate) mod fault;
pub(crate) mod hello;
pub(crate) mod load;
mod outlets;
pub(crate) mod server;
pub(crate) mod worker;

use std::io;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, killpg};
use nix::sys::wait::{Id, WaitPidFlag, WaitStatus, waitid};
use nix::unistd::Pid;
use serde::Serialize;
use serde::de::DeserializeOwned;
use strategies::processes::HIDDEN;

use crate::parent::interrupt::Interrupt;
use crate::parent::process::fault::{Fault, LastWords, Line};
use crate::parent::process::outlets::Outlets;
use crate::protocol::lines;
use crate::protocol::role::Role;

/// How often whoever waits looks up whether to go on waiting.
const LOOK_UP: Duration = Duration::from_millis(100);

/// How long a process may take to end when it has closed a line.
const END_WITHIN: Duration = Duration::from_secs(1);

/// Variables to set for a process.
type Environment = [(&'static str, String)];

/// A build of makespan in one of its roles, or a program of its own.
pub(crate) struct Process {
    child: Child,
    /// Its number, which is also its group's, until it is waited for: nobody else can have it until then.
    number: Option<Pid>,
    input: ChildStdin,
    outlets: Outlets,
}

impl Process {
    /// Starts this executable in a role.
    pub(crate) fn start(role: Role, environment: &Environment) -> Result<Process, Fault> {
        let executable = std::env::current_exe().map_err(|error| Fault::NotStarted {
            tried: "cannot find this executable".to_owned(),
            error,
        })?;
        let tried = format!("cannot start a {}", role.name());
        Self::role(&executable, role, environment, tried)
    }

    /// Starts the build of makespan at that path in a role.
    pub(crate) fn build(
        executable: &Path,
        role: Role,
        environment: &Environment,
    ) -> Result<Process, Fault> {
        let tried = format!("cannot start {} as a {}", executable.display(), role.name());
        Self::role(executable, role, environment, tried)
    }

    fn role(
        executable: &Path,
        role: Role,
        environment: &Environment,
        tried: String,
    ) -> Result<Process, Fault> {
        let mut command = Command::new(executable);
        command.args([HIDDEN, role.name()]);
        // The reason of a row is its last line: a panic's message, not a frame of its backtrace.
        set(&mut command, environment).env("RUST_BACKTRACE", "0");
        Self::spawn(command).map_err(|error| Fault::NotStarted { tried, error })
    }

    /// Starts a program with its arguments, in the current folder.
    pub(crate) fn program(words: &[String], environment: &Environment) -> Result<Process, Fault> {
        let (name, arguments) = words
            .split_first()
            .map_or(("", words), |(name, arguments)| (name.as_str(), arguments));
        let mut command = Command::new(name);
        set(command.args(arguments), environment);
        Self::spawn(command).map_err(|error| Fault::NotStarted {
            tried: format!("cannot start `{name}`"),
            error,
        })
    }

    /// Starts it out of reach of the terminal's Ctrl-C: the parent decides when it ends.
    fn spawn(mut command: Command) -> io::Result<Process> {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn()?;
        let input = child.stdin.take().expect("it was asked for a pipe");
        let outlets = Outlets::new(child.stdout.take(), child.stderr.take());
        Ok(Process {
            number: i32::try_from(child.id()).ok().map(Pid::from_raw),
            child,
            input,
            outlets,
        })
    }

    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends one message.
    pub(crate) fn say(&mut self, message: &impl Serialize) -> Result<(), Fault> {
        // A broken pipe is told better by the way in which the process ended.
        lines::write(&self.input, message).map_err(|_| self.ended(Line::Input))
    }

    /// Receives one message, or says why none came. An interrupt ends the wait.
    pub(crate) fn hear<T: DeserializeOwned>(
        &mut self,
        within: Duration,
        interrupt: &Interrupt,
    ) -> Result<T, Fault> {
        let line = self.line(within, interrupt)?;
        serde_json::from_slice(&line).map_err(|error| Fault::NotUnderstood { line, error })
    }

    fn line(&mut self, within: Duration, interrupt: &Interrupt) -> Result<Vec<u8>, Fault> {
        let deadline = Instant::now() + within;
        loop {
            if let Some(line) = self.outlets.line() {
                return Ok(line);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if self.outlets.too_long() {
                let last_words = self.killed();
                return Err(Fault::LineTooLong { last_words });
            }
            if self.outlets.closed() {
                return Err(self.ended(Line::Output));
            }
            if interrupt.is_set() {
                return Err(Fault::Interrupted);
            }
            if left.is_zero() {
                let last_words = self.killed();
                return Err(Fault::NoAnswer { within, last_words });
            }
            // What it has started may hold its output open; what it wrote before it ended counts.
            let ended = self.has_ended();
            let patience = if ended {
                Duration::ZERO
            } else {
                left.min(LOOK_UP)
            };
            if !self.outlets.wait(patience) && ended {
                return Err(self.ended(Line::Output));
            }
        }
    }

    /// Ends it and all that it has started in turn: a program may be a script around another, and may have ended before it.
    fn kill(&mut self) {
        if let Some(number) = self.number {
            // Refused only where all are gone already.
            let _ = killpg(number, Signal::SIGKILL);
        }
    }

    /// Whether it has ended. It is not waited for.
    fn has_ended(&self) -> bool {
        let only_look = WaitPidFlag::WEXITED | WaitPidFlag::WNOHANG | WaitPidFlag::WNOWAIT;
        self.number.is_none_or(|number| {
            !matches!(
                waitid(Id::Pid(number), only_look),
                Ok(WaitStatus::StillAlive)
            )
        })
    }

    /// Ends it, with all that it has started, and waits for it.
    fn bury(&mut self) -> io::Result<ExitStatus> {
        self.kill();
        self.number = None;
        self.child.wait()
    }

    /// How a process ended that closed one of its lines, or that it did not end. All of it ends now.
    fn ended(&mut self, line: Line) -> Fault {
        let deadline = Instant::now() + END_WITHIN;
        while Instant::now() < deadline && !self.has_ended() {
            self.outlets.drain(Duration::from_millis(5));
        }
        let itself = self.has_ended();
        let buried = self.bury();
        let last_words = self.killed();
        match buried {
            Ok(_) if !itself => Fault::LineClosed { line, last_words },
            how => Fault::Ended { how, last_words },
        }
    }

    /// Ends all of it; its last words.
    fn killed(&mut self) -> LastWords {
        self.kill();
        // Its last words may still be in the pipe. Who left the group may hold it open.
        let deadline = Instant::now() + END_WITHIN;
        while Instant::now() < deadline && self.outlets.speaks() {
            self.outlets.drain(Duration::from_millis(5));
        }
        LastWords(self.outlets.last_words())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It is either parked or stuck; in both cases nothing is lost.
        let _ = self.bury();
    }
}

fn set<'a>(command: &'a mut Command, environment: &Environment) -> &'a mut Command {
    command.envs(environment.iter().map(|(key, value)| (key, value)))
}
