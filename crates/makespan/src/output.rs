//! Results, on standard output, and everything else, on standard error.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};
use std::sync::OnceLock;

use anyhow::{Result, anyhow};
use terminal_size::{Width, terminal_size_of};

/// Why a line could not be printed, for the first time.
static FAILURE: OnceLock<io::Error> = OnceLock::new();

/// Prints a line. Whether that was possible is asked once, at the end of the command.
pub(crate) fn line(text: impl Display) {
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

/// Says something that holds text from outside, such as the error of a program, which may not steer the terminal.
pub(crate) fn complain(text: impl Display) {
    let text = text.to_string();
    eprintln!("makespan: {}", report::lines(&text));
}

/// Columns that tables may be wide: those that COLUMNS says, else those of the terminal, else 80. Less than 40 is as good as none.
pub(crate) fn width() -> usize {
    let told = std::env::var("COLUMNS").ok();
    let seen = || terminal_size_of(io::stdout()).map(|(Width(width), _)| usize::from(width));
    chosen(told.as_deref(), seen)
}

fn chosen(told: Option<&str>, seen: impl Fn() -> Option<usize>) -> usize {
    let told = told.and_then(|text| text.trim().parse().ok());
    let width = told.filter(|width| *width > 0).or_else(seen);
    width.unwrap_or(report::WIDTH).max(40)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_width_is_told_or_seen_or_usual() {
        assert_eq!(chosen(Some("140"), || Some(100)), 140);
        assert_eq!(chosen(None, || Some(100)), 100);
        for told in [None, Some(""), Some("wide"), Some("0")] {
            assert_eq!(chosen(told, || None), 80);
        }
        assert_eq!(chosen(Some("5"), || None), 40);
    }
}
