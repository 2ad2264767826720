//! How a command ends.

use std::process::ExitCode;

use crate::output;

/// Why a command did not end well.
#[derive(Debug)]
pub(crate) enum Exit {
    /// The command line cannot be carried out; nothing was started.
    Usage(anyhow::Error),
    /// Rows failed; that has been said already.
    Rows,
    /// Ctrl-C; what was kept has been said already.
    Interrupted,
    /// The program failed.
    Crash(anyhow::Error),
}

impl From<anyhow::Error> for Exit {
    fn from(error: anyhow::Error) -> Self {
        Exit::Crash(error)
    }
}

/// Says what is left to say, and returns the exit code.
pub(crate) fn code(result: Result<(), Exit>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(Exit::Rows) => ExitCode::from(1),
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
