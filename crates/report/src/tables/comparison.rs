//! Two runs side by side.

use model::{Change, Compared, Comparison, Moved, Ratio, VerdictKind};

use crate::Table;
use crate::numbers::{digits, duration};
use crate::table::{Fit, columns};
use crate::tables::columns::{dash, interval, times_over};

/// Per workload what changed, and the ratios of both; with `times` also the makespans.
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

/// What can be said of a change: with its interval, and with how little it is.
fn change(moved: &Moved) -> [String; 2] {
    let estimate = digits(moved.estimate);
    let word = moved.kind.name();
    let said = match moved.kind {
        _ if moved.identical => format!("{word} (identical)"),
        VerdictKind::Faster | VerdictKind::Slower if moved.is_small() => {
            format!("{word}, under 5 %")
        }
        _ => word.to_owned(),
    };
    let interval = format!("{estimate} ({}-{})", digits(moved.low), digits(moved.high));
    [interval, said]
}

fn changes(comparison: &Comparison, workload: &Compared) -> Table {
    let row = |row: &Change| {
        let floor = |floor: Option<f64>| floor.map_or_else(dash, times_over);
        let [before, after] = row.floor_ratio.map(floor);
        let [moved, said] = match (&row.change, row.row == comparison.reference) {
            (_, true) => ["1 (reference)".to_owned(), dash()],
            (Some(moved), _) => change(moved),
            (None, _) => [dash(), dash()],
        };
        vec![row.row.to_string(), moved, said, before, after]
    };
    let names = [
        "strategy",
        "change, 95 % CI",
        "verdict",
        "floor before",
        "floor after",
    ];
    let mut columns = columns(names);
    columns[2].number = false;
    for column in &mut columns[3..] {
        column.fit = Fit::LeftOut(1);
    }
    Table {
        title: format!(
            "{}: change of the makespan over that of {}, from the first run to the second",
            workload.workload, comparison.reference
        ),
        columns,
        rows: workload.rows.iter().map(row).collect(),
        notes: Vec::new(),
    }
}

fn ratios(comparison: &Comparison, workload: &Compared) -> Table {
    let row = |change: &Change| {
        let ratio = |ratio: &Option<Ratio>| match ratio {
            Some(_) if change.row == comparison.reference => "1 (reference)".to_owned(),
            Some(ratio) => interval(ratio),
            None => dash(),
        };
        let [first, second] = [&change.ratio[0], &change.ratio[1]].map(ratio);
        vec![change.row.to_string(), first, second]
    };
    Table {
        title: format!(
            "{}: makespan over that of {}, 95 % CI",
            workload.workload, comparison.reference
        ),
        columns: columns(["strategy", "first", "second"]),
        rows: workload.rows.iter().map(row).collect(),
        notes: Vec::new(),
    }
}

fn makespans(workload: &Compared) -> Table {
    let row = |change: &Change| {
        let [before, after] = change.wall_ns;
        let times = before
            .zip(after)
            .map(|(before, after)| digits(after as f64 / before as f64));
        let wall = |wall: Option<u64>| wall.map_or_else(dash, duration);
        vec![
            change.row.to_string(),
            wall(before),
            wall(after),
            times.unwrap_or_else(dash),
        ]
    };
    Table {
        title: format!("{}: median makespan", workload.workload),
        columns: columns(["strategy", "first", "second", "change"]),
        rows: workload.rows.iter().map(row).collect(),
        notes: Vec::new(),
    }
}

fn notes(comparison: &Comparison) -> Vec<String> {
    let mut notes = comparison.differences.clone();
    if comparison.is_identical() {
        notes.push(
            "all rows have identical samples: both folders hold one and the same run".to_owned(),
        );
    }
    let [before, after] = &comparison.hosts;
    if !comparison.same_host {
        notes.push(format!(
            "different machines, so no makespans are compared: {before} and {after}"
        ));
    }
    if let [Some(before), Some(after)] = &comparison.commits {
        notes.push(format!("commits {before} and {after}"));
    }
    notes.push(
        "change: the second over the first; below 1 the row needs less time than before".to_owned(),
    );
    notes.push(
        "the runs were made one after the other: a change smaller than how runs differ anyway is none".to_owned(),
    );
    notes
}
