//! The page that GitHub shows for a job: one sentence, the table, and the rows that alarmed.

use crate::formats::escape::markdown as escape;
use crate::formats::markdown::markdown;
use crate::surfaces::sentence::{of_gate, of_row};
use crate::surfaces::told::Told;
use crate::tables::gate::gate;

/// Markdown for the file that GitHub names.
pub(crate) fn summary(told: &Told) -> String {
    let mut text = format!("## makespan gate\n\n{}.\n\n", escape(&of_gate(told.gate)));
    text += &markdown(&gate(told.gate, told.repeat));
    for row in told.gate.rows.iter().filter(|row| row.kind.alarms()) {
        text += &format!("\n- **{}** {}\n", escape(&row.name()), escape(&of_row(row)));
    }
    text
}
