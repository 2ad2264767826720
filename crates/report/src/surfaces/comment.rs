//! A short comment for a pull request. Its first line lets a workflow find it and replace it.

use std::fmt::Write;

use model::gate::{GateKind, GateRow};

use crate::formats::escape::markdown as escape;
use crate::surfaces::sentence::{of_gate, of_row};
use crate::surfaces::told::Told;

/// What a workflow looks for.
const MARK: &str = "<!-- makespan gate -->";

/// GitHub takes 65,536 characters.
const MOST: usize = 60_000;

/// The rows that are not clean, and the number of all.
pub(crate) fn comment(told: &Told) -> String {
    let mut text = format!(
        "{MARK}\n**makespan gate**: {}.\n",
        escape(&of_gate(told.gate))
    );
    let told_of = |row: &&GateRow| row.kind != GateKind::Clean;
    let mut rows: Vec<&GateRow> = told.gate.rows.iter().filter(told_of).collect();
    rows.sort_by_key(|row| row.kind);
    let mut left = rows.len();
    for row in rows {
        let mut line = format!("\n- **{}** {}", escape(&row.name()), escape(&of_row(row)));
        if row.kind.alarms() {
            // Code holds everything but its own marks.
            let command = (told.repeat)(row).replace('`', "'");
            let _ = write!(line, "<br>`{}`", crate::one_line(&command));
        }
        if text.len() + line.len() > MOST {
            let _ = write!(text, "\n- and {left} more rows");
            break;
        }
        text += &line;
        left -= 1;
    }
    text + "\n"
}
