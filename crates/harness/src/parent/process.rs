//! A child process that speaks in lines.

use std::io;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use nix::sys::signal::{Signal, killpg};
use nix::sys::wait::{Id, WaitPidFlag, WaitStatus, waitid};
use nix::unistd::Pid;
use serde::Serialize;
use serde::de::DeserializeOwned;
use strategies::processes::HIDDEN;

use crate::Interrupt;
use crate::parent::outlets::{LONGEST, Outlets, beginning};
use crate::protocol::lines;

/// How often somebody who waits looks up to see whether he should.
const LOOK_UP: Duration = Duration::from_millis(100);

/// How long a process may take to end when it has closed a line.
const END_WITHIN: Duration = Duration::from_secs(1);

/// This executable in another role, or a program of its own.
pub(crate) struct Process {
    child: Child,
    /// Its number, which is also its group's, until it is waited for: nobody else can have it until then.
    number: Option<Pid>,
    input: ChildStdin,
    outlets: Outlets,
}

impl Process {
    /// Starts this executable as `role`.
    pub(crate) fn start(role: &str, environment: &[(&'static str, String)]) -> Result<Process> {
        let executable = std::env::current_exe().context("cannot find this executable")?;
        let mut command = Command::new(executable);
        command
            .args([HIDDEN, role])
            .envs(environment.iter().map(|(key, value)| (key, value)));
        // The reason of a row is its last line: a panic's message, not a frame of its backtrace.
        command.env("RUST_BACKTRACE", "0");
        Self::spawn(command).with_context(|| format!("cannot start a {role}"))
    }

    /// Starts a program with its arguments, in the current folder.
    pub(crate) fn program(
        words: &[String],
        environment: &[(&'static str, String)],
    ) -> Result<Process> {
        let (name, arguments) = words.split_first().context("there is nothing to start")?;
        let mut command = Command::new(name);
        command
            .args(arguments)
            .envs(environment.iter().map(|(key, value)| (key, value)));
        Self::spawn(command).with_context(|| format!("cannot start `{name}`"))
    }

    /// Starts it out of reach of the terminal's Ctrl-C: the parent decides when it ends.
    fn spawn(mut command: Command) -> io::Result<Process> {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        #[cfg(unix)]
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
    pub(crate) fn say(&mut self, message: &impl Serialize) -> Result<()> {
        // A broken pipe is told better by the way in which the process ended.
        lines::write(&self.input, message).map_err(|_| self.ended("input"))
    }

    /// Receives one message, or says why none came: too late, too long, dead, or not understood. An interrupt ends the wait.
    pub(crate) fn hear<T: DeserializeOwned>(
        &mut self,
        within: Duration,
        interrupt: &Interrupt,
    ) -> Result<T> {
        let deadline = Instant::now() + within;
        loop {
            if let Some(line) = self.outlets.line() {
                return serde_json::from_slice(&line).with_context(|| {
                    let line = String::from_utf8_lossy(&line);
                    // Whoever does not speak the protocol may say anything.
                    format!("it said `{}`", beginning(&line, 120))
                });
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if self.outlets.too_long() {
                let most = LONGEST >> 20;
                return Err(self.killed(format!("killed: it wrote a line longer than {most} MiB")));
            }
            if self.outlets.closed() {
                return Err(self.ended("output"));
            }
            if interrupt.is_set() {
                bail!("interrupted");
            }
            if left.is_zero() {
                return Err(self.killed(format!("killed after {within:?} without an answer")));
            }
            // What it has started may hold its output open; what it wrote before it ended counts.
            let ended = self.has_ended();
            let patience = if ended {
                Duration::ZERO
            } else {
                left.min(LOOK_UP)
            };
            if !self.outlets.wait(patience) && ended {
                return Err(self.ended("output"));
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

    /// How it ended that closed its standard input or output, with its last words.
    fn ended(&mut self, closed: &str) -> anyhow::Error {
        let deadline = Instant::now() + END_WITHIN;
        while Instant::now() < deadline && !self.has_ended() {
            self.outlets.drain(Duration::from_millis(5));
        }
        let itself = self.has_ended();
        let how = match self.bury() {
            Err(error) => format!("the process ended: {error}"),
            Ok(status) if itself => format!("the process ended: {}", describe(&status)),
            Ok(_) => format!("killed: it closed its standard {closed} and did not end"),
        };
        self.killed(how)
    }

    /// A reason to give it up, with its last words. All of it ends.
    fn killed(&mut self, reason: String) -> anyhow::Error {
        self.kill();
        // Its last words may still be in the pipe. Who left the group may hold it open.
        let deadline = Instant::now() + END_WITHIN;
        while Instant::now() < deadline && self.outlets.speaks() {
            self.outlets.drain(Duration::from_millis(5));
        }
        let words = self.outlets.last_words();
        match words.is_empty() {
            true => anyhow!(reason),
            false => anyhow!("{reason}: {words}"),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It is either parked or stuck; in both cases nothing is lost.
        let _ = self.bury();
    }
}

fn describe(status: &ExitStatus) -> String {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(status) {
        let name =
            nix::sys::signal::Signal::try_from(signal).map_or("unknown", |signal| signal.as_str());
        return format!("killed by signal {signal} ({name})");
    }
    status.to_string()
}
