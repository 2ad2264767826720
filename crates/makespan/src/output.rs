//! Where text goes: results to standard output, everything else to standard error.

use std::fmt::Display;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::path::Path;
use std::sync::OnceLock;

use anyhow::{Result, anyhow};
use clap::ValueEnum;
use report::{Screen, Table};
use terminal_size::{Width, terminal_size_of};

/// The first failure to print a line.
static FAILURE: OnceLock<io::Error> = OnceLock::new();

/// Prints a line. A failure is kept, and [`printed`] returns it at the end of the command.
pub(crate) fn line(text: impl Display) {
    keep(writeln!(io::stdout().lock(), "{text}"));
}

/// Prints tables and the place where they are kept. As JSON, the place is named on standard error.
///
/// # Errors
///
/// If they cannot be written as JSON.
pub(crate) fn tables(tables: &[Table], place: &Path, as_json: bool) -> Result<()> {
    match as_json {
        true => line(report::tables_json(tables)?.trim_end()),
        false => tables
            .iter()
            .for_each(|table| line(report::terminal(table, screen()))),
    }
    kept_in(place, as_json);
    Ok(())
}

/// Names the place where results are kept: below tables, but not among JSON.
pub(crate) fn kept_in(place: &Path, as_json: bool) {
    match as_json {
        true => eprintln!("{}", place.display()),
        false => line(place.display()),
    }
}

/// Whether all lines were printed.
///
/// # Errors
///
/// If a line could not be printed, for example because the device is full. A reader that went away, such as `head`, is no error: it has
/// what it wanted.
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

/// Prints a message that may hold text from outside, such as the error of a program. Control characters are escaped, so that the text
/// cannot steer the terminal.
pub(crate) fn complain(text: impl Display) {
    let text = text.to_string();
    eprintln!("makespan: {}", report::lines(&text));
}

/// When output has colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colours {
    /// On a terminal that shows them, unless NO_COLOR is set
    #[default]
    Auto,
    /// Always, for a pager that shows them
    Always,
    /// Never
    Never,
}

/// What was asked for; [`Colours::Auto`] until something is.
static COLOURS: OnceLock<Colours> = OnceLock::new();

/// Keeps what was asked for, for all that is printed from now on.
pub(crate) fn set_colours(asked: Colours) {
    let _ = COLOURS.set(asked);
}

/// What tables may look like: as wide as [`width`] says, with colours where they are wanted.
pub(crate) fn screen() -> Screen {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let asked = COLOURS.get().copied().unwrap_or_default();
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    let shows = io::stdout().is_terminal() && !dumb;
    Screen {
        columns: width(),
        colours: coloured(asked, set("NO_COLOR"), shows),
    }
}

/// Whether there are colours. A flag outweighs NO_COLOR, as <https://no-color.org> wants it.
const fn coloured(asked: Colours, no_color: bool, shows: bool) -> bool {
    match asked {
        Colours::Always => true,
        Colours::Never => false,
        Colours::Auto => shows && !no_color,
    }
}

/// How many columns wide tables may be: as COLUMNS says, else as the terminal is, else 80. The least is 40.
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
    fn colours_are_on_a_terminal_alone_unless_somebody_asks() {
        assert!(coloured(Colours::Auto, false, true));
        assert!(!coloured(Colours::Auto, true, true));
        assert!(!coloured(Colours::Auto, false, false));
        assert!(coloured(Colours::Always, true, false));
        assert!(!coloured(Colours::Never, false, true));
    }

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
