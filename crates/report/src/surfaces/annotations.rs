//! GitHub's annotations: commands that a job prints. GitHub shows at most ten of a kind per step, so there is a cap, and a total.

use model::gate::{GateKind, GateRow};

use crate::formats::escape::terminal;
use crate::surfaces::sentence::{is_red, of_gate, of_row};
use crate::surfaces::told::Told;

/// More are not shown for one step.
const MOST: usize = 10;

/// One line for each row that people must see, the worst first, and a last one with the total.
pub(crate) fn annotations(told: &Told) -> String {
    let mut rows: Vec<&GateRow> = told
        .gate
        .rows
        .iter()
        .filter(|row| kind(row).is_some())
        .collect();
    rows.sort_by_key(|row| (!is_red(row), row.kind));
    // The total takes one of them.
    let mut text = String::new();
    for row in rows.iter().take(MOST - 1) {
        let kind = kind(row).unwrap_or("notice");
        let repeat = match row.kind.alarms() {
            true => format!(". To repeat it: {}", (told.repeat)(row)),
            false => String::new(),
        };
        text += &format!(
            "::{kind} title={}::{}{}\n",
            property(&format!("makespan: {}", row.name())),
            data(&of_row(row)),
            data(&repeat)
        );
    }
    let hidden = rows.len().saturating_sub(MOST - 1);
    let more = match hidden {
        0 => String::new(),
        hidden => format!(" ({hidden} of them have no annotation of their own)"),
    };
    text + &format!(
        "::notice title=makespan gate::{}{}\n",
        data(&of_gate(told.gate)),
        data(&more)
    )
}

fn kind(row: &GateRow) -> Option<&'static str> {
    match row.kind {
        _ if is_red(row) => Some("error"),
        GateKind::Regressed | GateKind::Failed | GateKind::Void => Some("warning"),
        GateKind::Improved => Some("notice"),
        _ => None,
    }
}

/// As GitHub reads the text of a command.
fn data(text: &str) -> String {
    terminal(text)
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// As GitHub reads a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
