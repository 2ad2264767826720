//! How late timers are and what clients cost, as measured before the comparison.

use std::collections::BTreeMap;

use model::{CalibrationRow, Overshoot, RAW, Summary, Tax};

use crate::note::{Note, NoteKind, NotedRows};
use crate::numbers::duration;
use crate::table::{Column, Fit, Table};
use crate::value::Value;

/// A table of timers and one of clients; nothing where they were not measured.
pub(crate) fn calibration(summary: &Summary) -> Vec<Table> {
    let rows = &summary.calibration;
    let timed: Vec<_> = rows.iter().filter(|row| !row.timers.is_empty()).collect();
    let taxed: Vec<_> = rows.iter().filter(|row| !row.taxes.is_empty()).collect();
    [timers(&timed), clients(&taxed)]
        .into_iter()
        .flatten()
        .collect()
}

fn timers(rows: &[&CalibrationRow]) -> Option<Table> {
    let asked = rows.first()?.timers.iter();
    let asked = asked.map(|it| Column::number(format!("after {}", duration(it.asked_ns))));
    let mut columns = vec![Column::text("strategy")];
    columns.extend(asked);
    // The shortest and the longest wait say most.
    let between = columns.len().saturating_sub(1);
    for column in columns[..between].iter_mut().skip(2) {
        column.fit = Fit::LeftOut(1);
    }
    let row = |row: &&CalibrationRow| {
        let timers = row.timers.iter().map(late);
        [Value::name(&row.row.to_string())]
            .into_iter()
            .chain(timers)
            .collect()
    };
    let title =
        "Timers: how late a single wait ends, with starting and joining its unit; median, 95 % CI";
    let reason = |row: &CalibrationRow| row.timers.iter().find_map(|it| it.reason.clone());
    Some(Table {
        notes: no_results(rows, reason),
        ..Table::new(title, columns, rows.iter().map(row))
    })
}

fn clients(rows: &[&CalibrationRow]) -> Option<Table> {
    let heads = rows.first()?.taxes.iter().flat_map(|tax| {
        let request = Column::number(format!("C = {}", tax.concurrency));
        [request, Column::number("over raw")]
    });
    let mut columns = vec![
        Column::text("strategy"),
        Column::text("client").fit(Fit::LeftOut(1)),
    ];
    columns.extend(heads);
    let row = |row: &&CalibrationRow| {
        let client = row.client.clone().map(Value::Name).unwrap_or_default();
        let names = [Value::name(&row.row.to_string()), client];
        names
            .into_iter()
            .chain(row.taxes.iter().flat_map(price))
            .collect()
    };
    let title = "Clients: makespan per request where the server answers at once, up to C in flight; ratio to raw, 95 % CI";
    let reason = |row: &CalibrationRow| row.taxes.iter().find_map(|it| it.reason.clone());
    let mut notes = no_results(rows, reason);
    let raw = format!("raw is {RAW}: HTTP by hand over blocking sockets");
    notes.push(Note::statement(raw));
    Some(Table {
        notes,
        ..Table::new(title, columns, rows.iter().map(row))
    })
}

fn late(seen: &Overshoot) -> Value {
    let late_ns = seen.late_ns.filter(|_| seen.reason.is_none());
    let value = late_ns.map(|ns| Value::TimeWithin {
        ns,
        interval_ns: seen.low_ns.zip(seen.high_ns),
    });
    value.unwrap_or_default()
}

fn price(tax: &Tax) -> [Value; 2] {
    let known = tax.reason.is_none();
    let request_ns = tax.request_ns.filter(|_| known);
    let ratio = tax.ratio.as_ref().filter(|_| known);
    let request = request_ns.map(|ns| Value::Time { ns });
    [request, ratio.map(Value::from)].map(Option::unwrap_or_default)
}

/// Why rows have no result, each reason once.
fn no_results(
    rows: &[&CalibrationRow],
    reason: impl Fn(&CalibrationRow) -> Option<String>,
) -> Vec<Note> {
    let mut reasons: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in rows {
        if let Some(reason) = reason(row) {
            reasons.entry(reason).or_default().push(row.row.to_string());
        }
    }
    let note = |(reason, rows)| {
        Note::new(NoteKind::NoResult, reason).of_rows(vec![NotedRows::named(rows)])
    };
    reasons.into_iter().map(note).collect::<Vec<Note>>()
}
