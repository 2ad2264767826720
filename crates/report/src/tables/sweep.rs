//! The tables of a workload over several sizes.

use model::{CellSummary, Outcome, Point, Scaling, Series, Slope, Summary};

use crate::note::Note;
use crate::numbers::{digits, small, whole};
use crate::table::{Column, Table};
use crate::tables::columns::median;
use crate::tables::{crossover, notes};
use crate::value::Value;

/// Makespans and ratios by size. Under the last table stand the crossovers and, over tasks, the memory of one unit more.
pub(crate) fn tables(summary: &Summary, series: &Series) -> Vec<Table> {
    let title = |what: &str| format!("{} by {}: {what}", series.workload, series.parameter);
    let reference = &summary.spec.reference;
    let all: Vec<&String> = summary.spec.strategies.iter().collect();
    let times = title("median makespan");
    let mut tables = vec![by_size(times, summary, series, &all, median)];
    let mut others = all;
    others.retain(|strategy| !reference.is(strategy));
    if !others.is_empty() {
        let against = title(&format!("makespan over that of {reference}, 95 % CI"));
        tables.push(by_size(against, summary, series, &others, ratio));
    }
    if let Some(last) = tables.last_mut() {
        last.notes = notes(summary, series);
    }
    tables
}

fn notes(summary: &Summary, series: &Series) -> Vec<Note> {
    let parameter = &series.parameter;
    let crossovers = series.crossovers.iter();
    let mut notes: Vec<Note> = crossovers
        .map(|it| Note::finding(crossover::sentence(it, parameter)))
        .collect();
    if !notes.is_empty() {
        let hold = "these verdicts hold at 99 % for all rows and sizes together";
        notes.push(Note::finding(hold));
    }
    notes.extend(slopes(series));
    notes.extend(series.scaling.iter().map(scaling));
    // Caveats of single rows stand under the table of their size. Failures must not be missed.
    let has = |label: &str| series.points.iter().any(|point| point.label == label);
    let cells = summary.cells.iter().filter(|cell| has(&cell.workload));
    notes.extend(notes::no_results(cells));
    let labels = series.points.iter().map(|point| &point.label);
    let workloads = labels.filter_map(|label| summary.workload(label));
    notes.extend(workloads.flat_map(notes::of_size));
    notes
}

fn ratio(cell: &CellSummary) -> Value {
    match cell.outcome {
        Outcome::Measured => cell.ratio.as_ref().map(Value::from).unwrap_or_default(),
        _ => median(cell),
    }
}

/// A row for each size, a column for each strategy.
fn by_size(
    title: String,
    summary: &Summary,
    series: &Series,
    strategies: &[&String],
    fill: fn(&CellSummary) -> Value,
) -> Table {
    let cell = |label: &str, strategy: &str| {
        let mut cells = summary.cells.iter();
        let found = cells.find(|cell| cell.workload == label && cell.row.is(strategy));
        found.map(fill).unwrap_or_default()
    };
    let row = |point: &Point| {
        let load = summary.spec.load(&point.label);
        let size = load.and_then(|load| load.size(&series.parameter));
        let size = Value::Typed {
            value: point.value,
            text: size.map_or_else(|| point.label.clone(), |size| size.to_string()),
        };
        let strategies = strategies.iter();
        let cells = strategies.map(|strategy| cell(&point.label, strategy));
        [size].into_iter().chain(cells).collect()
    };
    let of_strategies = strategies
        .iter()
        .map(|name| Column::number(name.to_string()));
    let columns: Vec<Column> = [Column::text(series.parameter.clone())]
        .into_iter()
        .chain(of_strategies)
        .collect();
    Table::new(title, columns, series.points.iter().map(row))
}

fn slopes(series: &Series) -> Option<Note> {
    let slope = |slope: &Slope| format!("{} {}", slope.strategy, whole(slope.bytes_per_unit));
    let slopes: Vec<_> = series.slopes.iter().map(slope).collect();
    (!slopes.is_empty()).then(|| {
        Note::finding(format!(
            "resident memory per unit in bytes, as the slope over tasks: {}",
            slopes.join(", ")
        ))
    })
}

fn scaling(scaling: &Scaling) -> Note {
    let law = &scaling.law;
    let knee = law.knee.map_or("none".to_owned(), digits);
    Note::finding(format!(
        "{}: {} units/s with one in flight, contention {}, coherence {}, knee {knee} (USL)",
        scaling.strategy,
        digits(law.lambda_per_second),
        small(law.sigma),
        small(law.kappa)
    ))
}
