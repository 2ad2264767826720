//! What can go wrong with a process that the parent has started.

use std::fmt::{self, Display, Formatter};
use std::io;
use std::process::ExitStatus;
use std::time::Duration;

use nix::sys::signal::Signal;

use crate::parent::process::outlets::{LONGEST, beginning};
use crate::protocol::version::Mismatch;

/// Of a line that nobody understands, so many characters are shown.
const SHOWN: usize = 120;

/// Why a worker, a program or the server did not do what it was asked for. As text, it is the reason of a failed row.
#[derive(Debug)]
pub enum Fault {
    /// It could not be started.
    NotStarted {
        /// What was tried.
        tried: String,
        /// What the system said.
        error: io::Error,
    },
    /// It did not answer in time. It was killed.
    NoAnswer {
        /// How long the parent waited.
        within: Duration,
        /// What it said last.
        last_words: LastWords,
    },
    /// It wrote a line that is longer than the protocol allows. It was killed.
    LineTooLong {
        /// What it said last.
        last_words: LastWords,
    },
    /// It ended by itself.
    Ended {
        /// How; or why that is not known.
        how: io::Result<ExitStatus>,
        /// What it said last.
        last_words: LastWords,
    },
    /// It closed a line to the parent and did not end. It was killed.
    LineClosed {
        /// Which line.
        line: Line,
        /// What it said last.
        last_words: LastWords,
    },
    /// It wrote a line that is no message of the protocol.
    NotUnderstood {
        /// The line.
        line: Vec<u8>,
        /// Why it is no message.
        error: serde_json::Error,
    },
    /// It speaks another version of the protocol.
    Protocol(Mismatch),
    /// It sent a message that is no answer to what it was asked.
    OutOfTurn {
        /// The message, and what was expected.
        said: String,
    },
    /// It said why it could not do what it was asked for.
    Failed {
        /// Why.
        reason: String,
    },
    /// It says that a sample took longer than the parent waited for it.
    ImpossibleTime {
        /// What it says.
        wall: Duration,
        /// How long the parent waited.
        answered: Duration,
    },
    /// It was the server's fault.
    Server {
        /// What the server did not do.
        what: &'static str,
        /// Why not.
        fault: Box<Fault>,
    },
    /// The run is to end, so nobody waits for an answer.
    Interrupted,
}

/// A line between the parent and a process, as the process sees it.
#[derive(Clone, Copy, Debug)]
pub enum Line {
    /// Its standard input.
    Input,
    /// Its standard output.
    Output,
}

/// The last line of a process's standard error; empty if it wrote nothing there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LastWords(pub(crate) String);

impl Fault {
    /// What happened, where the question of a workload is what happens. Equal verdicts are counted, so last words, which may differ
    /// from time to time, are no part of a hang.
    pub(crate) fn verdict(&self) -> String {
        match self {
            Fault::NoAnswer { within, .. } => format!("hangs: no answer after {within:?}"),
            other => other.to_string(),
        }
    }
}

impl Display for Fault {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        match self {
            Fault::NotStarted { tried, error } => write!(f, "{tried}: {error}"),
            Fault::NoAnswer { within, last_words } => {
                write!(f, "killed after {within:?} without an answer{last_words}")
            }
            Fault::LineTooLong { last_words } => {
                let most = LONGEST >> 20;
                write!(
                    f,
                    "killed: it wrote a line longer than {most} MiB{last_words}"
                )
            }
            Fault::Ended { how, last_words } => match how {
                Ok(status) => write!(f, "the process ended: {}{last_words}", shown(status)),
                Err(error) => write!(f, "the process ended: {error}{last_words}"),
            },
            Fault::LineClosed { line, last_words } => write!(
                f,
                "killed: it closed its standard {line} and did not end{last_words}"
            ),
            Fault::NotUnderstood { line, error } => {
                // Whoever does not speak the protocol may say anything, and much of it.
                let line = String::from_utf8_lossy(line);
                write!(f, "it said `{}`: {error}", beginning(&line, SHOWN))
            }
            Fault::Protocol(mismatch) => mismatch.fmt(f),
            Fault::OutOfTurn { said } => f.write_str(said),
            Fault::Failed { reason } => f.write_str(reason),
            Fault::ImpossibleTime { wall, answered } => write!(
                f,
                "it says that it took {wall:?}, and answered after {answered:?}"
            ),
            Fault::Server { what, fault } => write!(f, "{what}: {fault}"),
            Fault::Interrupted => f.write_str("interrupted"),
        }
    }
}

impl std::error::Error for Fault {}

impl Display for LastWords {
    /// Behind a reason.
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        match self.0.is_empty() {
            true => Ok(()),
            false => write!(f, ": {}", self.0),
        }
    }
}

impl Display for Line {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        f.write_str(match self {
            Line::Input => "input",
            Line::Output => "output",
        })
    }
}

fn shown(status: &ExitStatus) -> String {
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(status) {
        let name = Signal::try_from(signal).map_or("unknown", Signal::as_str);
        return format!("killed by signal {signal} ({name})");
    }
    status.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_did_not_answer_hangs_whatever_its_last_words() {
        let of = |words: &str| Fault::NoAnswer {
            within: Duration::from_secs(3),
            last_words: LastWords(words.to_owned()),
        };
        for words in ["", "still waiting"] {
            assert_eq!(of(words).verdict(), "hangs: no answer after 3s");
        }
        assert_eq!(
            of("still waiting").to_string(),
            "killed after 3s without an answer: still waiting"
        );
        assert_eq!(of("").to_string(), "killed after 3s without an answer");
        let reason = "killed after 3s without an answer".to_owned();
        let said = Fault::Failed { reason };
        assert_eq!(
            said.verdict(),
            said.to_string(),
            "who says so does not hang"
        );
    }

    #[test]
    fn what_the_server_did_not_do_is_said_first() {
        let reason = "no workload".to_owned();
        let fault = Fault::Server {
            what: "the mock server refused",
            fault: Fault::Failed { reason }.into(),
        };
        assert_eq!(fault.to_string(), "the mock server refused: no workload");
    }
}
