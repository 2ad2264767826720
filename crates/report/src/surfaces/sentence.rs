//! A gate, and one row of it, in one sentence each.

use model::gate::{Gate, GateKind, GateRow};

use crate::numbers::{duration, percent, ratio_within};

/// How many rows are what.
pub(crate) fn of_gate(gate: &Gate) -> String {
    let parts = GateKind::ALL.iter().filter_map(|kind| {
        let count = gate.rows.iter().filter(|row| row.kind == *kind).count();
        (count > 0).then(|| format!("{count} {}", kind.name()))
    });
    let parts: Vec<String> = parts.collect();
    match gate.rows.len() {
        0 => "no rows were compared".to_owned(),
        1 => format!("1 row compared: {}", parts.join(", ")),
        rows => format!("{rows} rows compared: {}", parts.join(", ")),
    }
}

/// What became of one row, with its numbers.
pub(crate) fn of_row(row: &GateRow) -> String {
    let mut text = row.kind.name().to_owned();
    if row.advisory {
        text += " (advisory)";
    }
    if let Some(look) = row.looks.last() {
        text += &format!(
            ": {} times the makespan of the base, {} after {}, margin {}",
            ratio_within("", look.ratio, look.low.zip(look.high)).trim(),
            duration(look.head_ns),
            duration(look.base_ns),
            percent(row.margin.share())
        );
    }
    for count in row.counts.iter().filter(|count| count.changed()) {
        text += &format!("; {} {} after {}", count.head, count.what, count.base);
    }
    for moved in &row.moved {
        text += &format!("; {} {:+.0} %", moved.what, 100.0 * (moved.ratio - 1.0));
    }
    if let Some(reason) = &row.reason {
        text += &format!("; {reason}");
    }
    text
}

/// Whether CI should stop at that row.
pub(crate) fn is_red(row: &GateRow) -> bool {
    match row.kind {
        GateKind::Changed => true,
        GateKind::Regressed | GateKind::Failed => !row.advisory,
        _ => false,
    }
}
