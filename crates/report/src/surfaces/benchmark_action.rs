//! What github-action-benchmark reads as `customSmallerIsBetter`: a list of names, values and units. It compares with the last stored run
//! alone and knows no interval, so the interval stands in `range`.

use anyhow::Result;
use model::Summary;
use serde_json::{Value, json};

use crate::numbers::{between, digits, duration};
use crate::surfaces::sentence::of_row;
use crate::surfaces::told::Told;

/// A gate: the ratio of each row to the base. It holds on any machine, unlike its time.
pub(crate) fn gate(told: &Told) -> Result<String> {
    let entry = |row: &model::gate::GateRow| {
        let look = row.looks.last()?;
        let extra = of_row(row);
        Some(entry(
            &row.name(),
            look.ratio,
            look.low.zip(look.high),
            "x base",
            &extra,
        ))
    };
    let all: Vec<Value> = told.gate.rows.iter().filter_map(entry).collect();
    Ok(serde_json::to_string_pretty(&all)? + "\n")
}

/// A run: the ratio of each row to the reference.
pub(crate) fn run(summary: &Summary) -> Result<String> {
    let entry = |cell: &model::CellSummary| {
        let ratio = cell.ratio.as_ref()?;
        let median = cell.wall_ns.as_ref().map(|it| duration(it.median));
        let extra = format!(
            "makespan {}, {} rounds",
            median.unwrap_or_default(),
            ratio.pairs
        );
        let row = format!("{}/{}", cell.workload, cell.row);
        let interval = ratio.low.zip(ratio.high);
        let unit = format!("x {}", summary.spec.reference);
        Some(self::entry(&row, ratio.estimate, interval, &unit, &extra))
    };
    let all: Vec<Value> = summary.cells.iter().filter_map(entry).collect();
    Ok(serde_json::to_string_pretty(&all)? + "\n")
}

fn entry(name: &str, value: f64, interval: Option<(f64, f64)>, unit: &str, extra: &str) -> Value {
    let range = interval.map_or_else(|| format!("no interval of {}", digits(value)), between);
    json!({ "name": name, "value": value, "unit": unit, "range": range, "extra": extra })
}
