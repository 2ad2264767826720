//! Two runs side by side.

use model::{Change, Comparison, Ratio};

use crate::Table;
use crate::columns::{dash, interval};
use crate::format::{digits, duration};
use crate::table::columns;

/// One table per workload; with `times` one more with the makespans.
pub fn comparison(comparison: &Comparison, times: bool) -> Vec<Table> {
    let mut tables = Vec::new();
    for (workload, changes) in &comparison.workloads {
        tables.push(ratios(comparison, workload, changes));
        if times {
            tables.push(makespans(workload, changes));
        }
    }
    if let Some(last) = tables.last_mut() {
        last.notes = notes(comparison);
    }
    tables
}

fn ratios(comparison: &Comparison, workload: &str, changes: &[Change]) -> Table {
    let row = |change: &Change| {
        let ratio = |ratio: &Option<Ratio>| match ratio {
            Some(_) if change.strategy == comparison.reference => "1".to_owned(),
            Some(ratio) => interval(ratio),
            None => dash(),
        };
        let floor =
            |floor: Option<f64>| floor.map_or_else(dash, |floor| format!("x{}", digits(floor)));
        let [before, after] = change.floor_ratio.map(floor);
        let moved = change
            .change
            .map(|it| format!("{} {}", digits(it.estimate), it.kind().name()));
        vec![
            change.strategy.clone(),
            ratio(&change.ratio[0]),
            ratio(&change.ratio[1]),
            moved.unwrap_or_else(dash),
            before,
            after,
        ]
    };
    let against = &comparison.reference;
    Table {
        title: format!(
            "{workload}: makespan over that of {against}, 95 % CI, in the first run and in the second"
        ),
        columns: columns(["strategy", "first", "second", "change", "floor", "floor"]),
        rows: changes.iter().map(row).collect(),
        notes: Vec::new(),
    }
}

fn makespans(workload: &str, changes: &[Change]) -> Table {
    let row = |change: &Change| {
        let [before, after] = change.wall_ns;
        let times = before
            .zip(after)
            .map(|(before, after)| digits(after as f64 / before as f64));
        let wall = |wall: Option<u64>| wall.map_or_else(dash, duration);
        vec![
            change.strategy.clone(),
            wall(before),
            wall(after),
            times.unwrap_or_else(dash),
        ]
    };
    Table {
        title: format!("{workload}: median makespan"),
        columns: columns(["strategy", "first", "second", "change"]),
        rows: changes.iter().map(row).collect(),
        notes: Vec::new(),
    }
}

fn notes(comparison: &Comparison) -> Vec<String> {
    let mut notes = comparison.differences.clone();
    let [before, after] = &comparison.hosts;
    if !comparison.same_host {
        notes.push(format!(
            "different machines, so no makespans are compared: {before} and {after}"
        ));
    }
    if let [Some(before), Some(after)] = &comparison.commits {
        notes.push(format!("commits {before} and {after}"));
    }
    notes.push("change: the second over the first".to_owned());
    notes.push(
        "the runs were made one after the other: a change smaller than how runs differ anyway is none".to_owned(),
    );
    notes
}
