//! Results, on standard output.

use std::io::{self, ErrorKind, Write};
use std::sync::OnceLock;

use anyhow::{Result, anyhow};

/// Why a line could not be printed, for the first time.
static FAILURE: OnceLock<io::Error> = OnceLock::new();

/// Prints a line. Whether that was possible is asked once, at the end of the command.
pub(crate) fn line(text: impl std::fmt::Display) {
    keep(writeln!(io::stdout().lock(), "{text}"));
}

/// Whether all lines were printed.
///
/// # Errors
///
/// If one could not, because the device is full, say. A reader that has gone away, such as `head`, has seen what it wanted.
pub(crate) fn printed() -> Result<()> {
    keep(io::stdout().lock().flush());
    match FAILURE.get() {
        Some(error) => Err(anyhow!("cannot write to standard output: {error}")),
        None => Ok(()),
    }
}

fn keep(outcome: io::Result<()>) {
    if let Err(error) = outcome
        && error.kind() != ErrorKind::BrokenPipe
    {
        let _ = FAILURE.set(error);
    }
}
