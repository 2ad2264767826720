//! Results, on standard output, and everything else, on standard error.

use std::fmt::Display;
use std::io::{self, Write};

use terminal_size::{Width, terminal_size_of};

/// Prints a line. A reader that has gone away, such as `head`, has seen what it wanted.
pub(crate) fn line(text: impl Display) {
    let _ = writeln!(io::stdout().lock(), "{text}");
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
