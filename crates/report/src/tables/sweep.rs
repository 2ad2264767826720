//! Tables of a workload over several sizes.

use model::{CellSummary, Outcome, Scaling, Series, Summary};

use crate::Table;
use crate::numbers::digits;
use crate::table::{columns, failures};
use crate::tables::columns::{interval, median};
use crate::tables::{crossover, notes as shared};

/// Makespans and ratios by size; with the crossovers and, over tasks, the memory of one unit more.
pub(crate) fn tables(summary: &Summary, series: &Series) -> Vec<Table> {
    let labels: Vec<_> = series.points.iter().map(|point| &point.label).collect();
    let all: Vec<_> = summary
        .cells
        .iter()
        .filter(|cell| labels.contains(&&cell.workload))
        .collect();
    let title = |what: &str| format!("{} by {}: {what}", series.workload, series.parameter);
    let reference = &summary.spec.reference;
    let mut tables = Vec::new();
    let all_strategies = &summary.spec.strategies;
    let times = title("median makespan");
    tables.push(grid(times, summary, series, all_strategies, median));
    let others: Vec<_> = summary
        .spec
        .strategies
        .iter()
        .filter(|strategy| !reference.is(strategy))
        .cloned()
        .collect();
    let against = title(&format!("makespan over that of {reference}, 95 % CI"));
    if !others.is_empty() {
        tables.push(grid(against, summary, series, &others, ratio));
    }
    if let Some(last) = tables.last_mut() {
        last.notes = series
            .crossovers
            .iter()
            .map(|it| crossover::sentence(it, &series.parameter))
            .collect();
        if !series.crossovers.is_empty() {
            last.notes
                .push("these verdicts hold at 99 % for all rows and sizes together".to_owned());
        }
        last.notes.extend(slopes(series));
        last.notes.extend(series.scaling.iter().map(scaling));
        // Caveats of single rows stand under the table of their size; failures must not be missed.
        last.notes.extend(failures(all.iter().copied()));
        let shared = series
            .points
            .iter()
            .filter_map(|point| summary.workload(&point.label));
        last.notes.extend(shared.flat_map(shared::caveats));
    }
    tables
}

fn ratio(cell: &CellSummary) -> String {
    match (cell.outcome, &cell.ratio) {
        (Outcome::Measured, Some(ratio)) => interval(ratio),
        (Outcome::Measured, None) => "-".to_owned(),
        _ => median(cell),
    }
}

fn grid(
    title: String,
    summary: &Summary,
    series: &Series,
    strategies: &[String],
    fill: fn(&CellSummary) -> String,
) -> Table {
    let names = [&series.parameter].into_iter().chain(strategies);
    let cell = |label: &str, strategy: &str| {
        let found = summary
            .cells
            .iter()
            .find(|cell| cell.workload == label && cell.row.is(strategy));
        found.map_or_else(|| "-".to_owned(), fill)
    };
    let row = |point: &model::Point| {
        let load = summary.spec.load(&point.label);
        let size = load.and_then(|load| load.size(&series.parameter));
        let size = size.map_or_else(|| point.label.clone(), |size| size.to_string());
        let cells = strategies
            .iter()
            .map(|strategy| cell(&point.label, strategy));
        [size].into_iter().chain(cells).collect()
    };
    Table {
        title,
        columns: columns(names),
        rows: series.points.iter().map(row).collect(),
        notes: Vec::new(),
    }
}

fn slopes(series: &Series) -> Option<String> {
    let slope = |slope: &model::Slope| format!("{} {:.0}", slope.strategy, slope.bytes_per_unit);
    let slopes: Vec<_> = series.slopes.iter().map(slope).collect();
    (!slopes.is_empty()).then(|| {
        format!(
            "resident memory per unit in bytes, as the slope over tasks: {}",
            slopes.join(", ")
        )
    })
}

fn scaling(scaling: &Scaling) -> String {
    let law = &scaling.law;
    let knee = law.knee.map_or("none".to_owned(), digits);
    format!(
        "{}: {} units/s with one in flight, contention {}, coherence {}, knee {knee} (USL)",
        scaling.strategy,
        digits(law.lambda_per_second),
        small(law.sigma),
        small(law.kappa)
    )
}

/// A parameter near 0.
fn small(value: f64) -> String {
    match value {
        0.0 => "0".to_owned(),
        _ => format!("{value:.1e}"),
    }
}
