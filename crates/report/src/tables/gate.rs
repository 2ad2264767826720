//! What a gate found: a row for each row that was compared.

use model::gate::{Count, Gate, GateKind, GateRow};

use crate::note::{Note, NoteKind, NotedRows};
use crate::numbers::{digits, duration, percent};
use crate::table::{Column, Fit, Table};
use crate::value::Value;

/// What a gate found, the most important rows first; `repeat` makes the command that measures one row again.
pub fn gate(gate: &Gate, repeat: impl Fn(&GateRow) -> String) -> Table {
    let mut rows: Vec<&GateRow> = gate.rows.iter().collect();
    rows.sort_by_key(|row| row.kind);
    let title = "gate: makespan of the head over that of the base".to_owned();
    let columns = [
        Column::text("row"),
        Column::text("verdict"),
        Column::number("head / base, 95 % CI")
            .note("the median of the ratios within rounds; above 1 the head is slower"),
        Column::number("margin").note("a slowdown up to this is no alarm"),
        Column::number("base").fit(Fit::LeftOut(3)),
        Column::number("head").fit(Fit::LeftOut(3)),
        Column::number("again")
            .note("the base that was built a second time, over the base")
            .fit(Fit::LeftOut(2)),
        Column::number("n")
            .note("rounds that hold both builds")
            .fit(Fit::LeftOut(1)),
    ];
    let mut table = Table::new(title, columns, rows.iter().map(|row| cells(row)));
    table.notes = rows.iter().flat_map(|row| notes(row, &repeat)).collect();
    table.notes.push(hold(gate));
    table
}

fn cells(row: &GateRow) -> Vec<Value> {
    let time = |ns| Value::Time { ns };
    let look = row.looks.last();
    let verdict = match row.advisory {
        true => format!("{} (advisory)", row.kind.name()),
        false => row.kind.name().to_owned(),
    };
    vec![
        Value::Name(row.name()),
        Value::Text(verdict),
        look.map_or(Value::Nothing, |look| Value::Ratio {
            estimate: look.ratio,
            interval: look.low.zip(look.high),
        }),
        Value::Share(row.margin.share()),
        look.map_or(Value::Nothing, |look| time(look.base_ns)),
        look.map_or(Value::Nothing, |look| time(look.head_ns)),
        look.and_then(|look| look.again_ratio)
            .map_or(Value::Nothing, Value::Number),
        look.map_or(Value::Nothing, |look| Value::Count(look.pairs as u64)),
    ]
}

/// What is to be known of one row beside its numbers.
fn notes(row: &GateRow, repeat: &impl Fn(&GateRow) -> String) -> Vec<Note> {
    let own = || vec![NotedRows::named(vec![row.name()])];
    let mut notes = Vec::new();
    if let Some(reason) = &row.reason {
        notes.push(Note::new(NoteKind::NoResult, reason).of_rows(own()));
    }
    for count in row.counts.iter().filter(|count| count.changed()) {
        let text = format!(
            "{} per sample: {} in the base, {} in the head",
            count.what, count.base, count.head
        );
        notes.push(Note::caveat(text).of_rows(own()));
    }
    let unconfirmed = "it alarmed once and was not measured again";
    if row.looks.len() == 1 && row.kind == GateKind::Inconclusive && alarmed(row) {
        notes.push(Note::caveat(unconfirmed).of_rows(own()));
    }
    if row.looks.len() > 1 && !row.kind.alarms() {
        let quiet = "it alarmed once, and not when it was measured again";
        notes.push(Note::caveat(quiet).of_rows(own()));
    }
    if let Some(between) = row.looks.last().and_then(|look| look.between_builds) {
        let text = format!(
            "its builds differ by {} (standard deviation)",
            percent(between)
        );
        notes.push(Note::statement(text).of_rows(own()));
    }
    for moved in &row.moved {
        let show = |value: f64| match moved.is_time {
            true => duration(value as u64),
            false => digits(value),
        };
        let text = format!(
            "{} moved too: {} in the base, {} in the head, {} times as much",
            moved.what,
            show(moved.base),
            show(moved.head),
            digits(moved.ratio)
        );
        notes.push(Note::caveat(text).of_rows(own()));
    }
    if row.kind.alarms() || row.kind == GateKind::Failed {
        let text = format!("to repeat it alone: {}", repeat(row));
        notes.push(Note::caveat(text).of_rows(own()));
    }
    notes
}

/// Whether the first look alarmed: by its time, or by a count.
fn alarmed(row: &GateRow) -> bool {
    row.looks.first().is_some_and(|look| look.alarms) || row.counts.iter().any(Count::changed)
}

fn hold(gate: &Gate) -> Note {
    Note::statement(format!(
        "if nothing changed and rounds are independent, at most {} of such gates measure any row again, and fewer call one regressed",
        Value::Share(gate.alpha)
    ))
}
