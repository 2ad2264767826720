//! A child process that speaks in lines.

use std::io::{self, BufRead, BufReader, Read};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use serde::Serialize;
use serde::de::DeserializeOwned;
use strategies::children::HIDDEN;

use crate::{Interrupt, lines};

/// This executable in another role, or a program of its own.
pub(crate) struct Process {
    child: Child,
    input: ChildStdin,
    lines: Receiver<String>,
    last_words: Arc<Mutex<String>>,
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
        let lines = read_lines(child.stdout.take().expect("it was asked for a pipe"));
        let last_words = keep_last_line(child.stderr.take().expect("it was asked for a pipe"));
        Ok(Process {
            child,
            input,
            lines,
            last_words,
        })
    }

    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends one message.
    pub(crate) fn say(&mut self, message: &impl Serialize) -> Result<()> {
        // A broken pipe is told better by the way in which the process ended.
        lines::write(&self.input, message).map_err(|_| self.ended())
    }

    /// Receives one message, or says why none came: too late, dead, or not understood. An interrupt ends the wait.
    pub(crate) fn hear<T: DeserializeOwned>(
        &mut self,
        within: Duration,
        interrupt: &Interrupt,
    ) -> Result<T> {
        let deadline = Instant::now() + within;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self
                .lines
                .recv_timeout(left.min(Duration::from_millis(100)))
            {
                Ok(line) => {
                    return serde_json::from_str(&line)
                        .with_context(|| format!("it said `{}`", beginning(&line)));
                }
                Err(RecvTimeoutError::Disconnected) => return Err(self.ended()),
                Err(RecvTimeoutError::Timeout) if interrupt.is_set() => bail!("interrupted"),
                Err(RecvTimeoutError::Timeout) if left.is_zero() => {
                    bail!("timed out after {within:?}")
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    /// Ends it and all that it has started in turn: a program may be a script around another.
    fn kill(&mut self) {
        if let (Ok(None), Ok(group)) = (self.child.try_wait(), i32::try_from(self.child.id())) {
            // Refused only where it is gone already. While it is not waited for, no other group can have its number.
            let _ = killpg(Pid::from_raw(group), Signal::SIGKILL);
        }
        let _ = self.child.kill();
    }

    /// How it ended, with its last words.
    fn ended(&mut self) -> anyhow::Error {
        // A closed line without an end: it closed its output itself, or said what is no text.
        let deadline = Instant::now() + Duration::from_secs(1);
        while Instant::now() < deadline && matches!(self.child.try_wait(), Ok(None)) {
            thread::sleep(Duration::from_millis(5));
        }
        self.kill();
        let status = self.child.wait();
        // The thread that reads the error stream may still be a line behind.
        thread::sleep(Duration::from_millis(20));
        let words = self
            .last_words
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let how = status.map_or_else(|error| error.to_string(), |status| describe(&status));
        match words.is_empty() {
            true => anyhow!("the process ended: {how}"),
            false => anyhow!("the process ended: {how}: {words}"),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It is either parked or stuck; in both cases nothing is lost.
        self.kill();
        let _ = self.child.wait();
    }
}

/// So much of a line as a reason needs: whoever does not speak the protocol may say anything.
fn beginning(line: &str) -> String {
    const MOST: usize = 120;
    let mut text: String = line.chars().take(MOST).collect();
    if text.len() < line.len() {
        text.push_str("...");
    }
    text
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

fn read_lines(output: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, lines) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    lines
}

/// Keeps the last line that says something: after a panic that is its message, not the hint about backtraces.
fn keep_last_line(errors: impl Read + Send + 'static) -> Arc<Mutex<String>> {
    let last = Arc::new(Mutex::new(String::new()));
    let shared = Arc::clone(&last);
    thread::spawn(move || {
        for line in BufReader::new(errors).lines().map_while(Result::ok) {
            if !line.trim().is_empty() && !line.starts_with("note: ") {
                *shared.lock().unwrap_or_else(PoisonError::into_inner) = line;
            }
        }
    });
    last
}
