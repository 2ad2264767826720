//! Results, on standard output.

use std::io::{self, Write};

/// Prints a line. A reader that has gone away, such as `head`, has seen what it wanted.
pub(crate) fn line(text: impl std::fmt::Display) {
    let _ = writeln!(io::stdout().lock(), "{text}");
}
