//! Two runs side by side.

use model::{Change, Compared, Comparison, Moved, VerdictKind};

use crate::note::Note;
use crate::table::{Column, Fit, Table};
use crate::value::Value;

/// For each workload, what changed and the ratios of both runs; with `times` also the makespans.
pub fn comparison(comparison: &Comparison, times: bool) -> Vec<Table> {
    let mut tables = Vec::new();
    for workload in &comparison.workloads {
        tables.push(changes(comparison, workload));
        tables.push(ratios(comparison, workload));
        if times {
            tables.push(makespans(workload));
        }
    }
    if let Some(last) = tables.last_mut() {
        last.notes.extend(notes(comparison));
    }
    tables
}

const CHANGE: &str = "the second over the first; below 1 the row needs less time than before";

fn changes(comparison: &Comparison, workload: &Compared) -> Table {
    let row = |row: &Change| {
        let floor = |floor: Option<f64>| floor.map(Value::Times).unwrap_or_default();
        let [before, after] = row.floor_ratio.map(floor);
        let [moved, said] = match (&row.change, row.row == comparison.reference) {
            (_, true) => [Value::Reference, Value::Nothing],
            (Some(moved), _) => change(moved),
            (None, _) => [Value::Nothing, Value::Nothing],
        };
        vec![
            Value::name(&row.row.to_string()),
            moved,
            said,
            before,
            after,
        ]
    };
    let columns = [
        Column::text("strategy"),
        Column::number("change, 90 % CI").note(CHANGE),
        Column::text("verdict"),
        Column::number("floor before")
            .note("makespan over the lower bound that no schedule can beat, in the first run")
            .fit(Fit::LeftOut(1)),
        Column::number("floor after")
            .note("the same in the second run")
            .fit(Fit::LeftOut(1)),
    ];
    let title = format!(
        "{}: change of the makespan over that of {}, from the first run to the second",
        workload.workload, comparison.reference
    );
    Table::new(title, columns, workload.rows.iter().map(row))
}

/// What can be said of a change: with its interval, and with how little it is.
fn change(moved: &Moved) -> [Value; 2] {
    let word = moved.kind.name();
    let said = match moved.kind {
        _ if moved.identical => format!("{word} (identical)"),
        VerdictKind::Faster | VerdictKind::Slower if moved.is_small() => {
            format!("{word}, under 5 %")
        }
        _ => word.to_owned(),
    };
    let ratio = Value::Ratio {
        estimate: moved.estimate,
        interval: Some((moved.low, moved.high)),
    };
    [ratio, Value::Text(said)]
}

fn ratios(comparison: &Comparison, workload: &Compared) -> Table {
    let row = |change: &Change| {
        let [first, second] = change.ratio.each_ref().map(|ratio| match ratio {
            Some(_) if change.row == comparison.reference => Value::Reference,
            Some(ratio) => Value::from(ratio),
            None => Value::Nothing,
        });
        vec![Value::name(&change.row.to_string()), first, second]
    };
    let columns = [
        Column::text("strategy"),
        Column::number("first"),
        Column::number("second"),
    ];
    let title = format!(
        "{}: makespan over that of {}, 95 % CI",
        workload.workload, comparison.reference
    );
    Table::new(title, columns, workload.rows.iter().map(row))
}

fn makespans(workload: &Compared) -> Table {
    let row = |change: &Change| {
        let [before, after] = change.wall_ns;
        let both = before.zip(after);
        let times = both.map(|(before, after)| Value::Number(after as f64 / before as f64));
        let wall = |wall: Option<u64>| wall.map(|ns| Value::Time { ns }).unwrap_or_default();
        vec![
            Value::name(&change.row.to_string()),
            wall(before),
            wall(after),
            times.unwrap_or_default(),
        ]
    };
    let columns = [
        Column::text("strategy"),
        Column::number("first"),
        Column::number("second"),
        Column::number("change").note(CHANGE),
    ];
    let title = format!("{}: median makespan", workload.workload);
    Table::new(title, columns, workload.rows.iter().map(row))
}

/// What holds for all tables of a comparison.
fn notes(comparison: &Comparison) -> Vec<Note> {
    let differences = comparison.differences.iter();
    let mut notes: Vec<Note> = differences.map(Note::caveat).collect();
    if comparison.is_identical() {
        notes.push(Note::caveat(
            "all rows have identical samples: both folders hold one and the same run",
        ));
    }
    let [before, after] = &comparison.hosts;
    if !comparison.same_host {
        notes.push(Note::caveat(format!(
            "different machines, so no makespans are compared: {before} and {after}"
        )));
    }
    if let [Some(before), Some(after)] = &comparison.commits {
        notes.push(Note::statement(format!("commits {before} and {after}")));
    }
    notes.push(Note::statement(
        "the runs were made one after the other: a change smaller than how runs differ anyway is none",
    ));
    notes
}
