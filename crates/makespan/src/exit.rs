//! How a command ends.

use std::path::Path;
use std::process::ExitCode;

use anyhow::anyhow;

use crate::output;

/// Why a command did not end well.
#[derive(Debug)]
pub(crate) enum Exit {
    /// The command line cannot be carried out. Nothing was started.
    Usage(anyhow::Error),
    /// Rows failed, or results could not be kept. The command has said so already.
    Rows,
    /// The head of a gate is slower. The command has said which rows.
    Regressed,
    /// Rows of a gate could not be judged. The command has said which.
    Inconclusive,
    /// A signal ended the command. It has said already what was kept.
    Interrupted,
    /// The program failed.
    Crash(anyhow::Error),
}

impl Exit {
    /// The same as an error, where another error is made of it.
    pub(crate) fn because(self, run: &Path) -> anyhow::Error {
        match self {
            Exit::Usage(error) | Exit::Crash(error) => error,
            _ => anyhow!("{} cannot be shown", run.display()),
        }
    }
}

impl From<anyhow::Error> for Exit {
    fn from(error: anyhow::Error) -> Self {
        Exit::Crash(error)
    }
}

/// Prints the error that was not printed yet, and returns the exit code.
pub(crate) fn code(result: Result<(), Exit>) -> ExitCode {
    let printed = output::printed();
    if let Err(error) = &printed {
        eprintln!("makespan: {error:#}");
    }
    match result {
        Ok(()) if printed.is_err() => ExitCode::from(1),
        Ok(()) => ExitCode::SUCCESS,
        Err(Exit::Rows) => ExitCode::from(1),
        Err(Exit::Regressed) => ExitCode::from(3),
        Err(Exit::Inconclusive) => ExitCode::from(4),
        Err(Exit::Interrupted) => ExitCode::from(130),
        Err(Exit::Usage(error)) => {
            output::complain(format_args!("{error:#}"));
            ExitCode::from(2)
        }
        Err(Exit::Crash(error)) => {
            output::complain(format_args!("{error:#}"));
            ExitCode::from(1)
        }
    }
}
