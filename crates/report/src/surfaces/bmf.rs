//! Bencher's metric format: for each row its measures, each with a value and the ends of its interval. Units belong to the measures:
//! `latency` is in nanoseconds.

use crate::surfaces::told::Told;
use anyhow::Result;
use model::Summary;
use serde_json::{Map, Value, json};

/// The longest name that is taken.
const LONGEST: usize = 1024;

/// A gate: the makespan of the head, and its ratio to the base.
pub(crate) fn gate(told: &Told) -> Result<String> {
    let mut all = Map::new();
    for row in &told.gate.rows {
        let Some(look) = row.looks.last() else {
            continue;
        };
        let ratio = metric(look.ratio, look.low.zip(look.high));
        let measures = json!({ "latency": { "value": look.head_ns }, "ratio-to-base": ratio });
        all.insert(name(&row.name()), measures);
    }
    Ok(serde_json::to_string_pretty(&all)? + "\n")
}

/// A run: the makespan of each row, and its ratio to the reference.
pub(crate) fn run(summary: &Summary) -> Result<String> {
    let mut all = Map::new();
    for cell in &summary.cells {
        let Some(spread) = &cell.wall_ns else {
            continue;
        };
        let mut measures = Map::new();
        measures.insert("latency".to_owned(), json!({ "value": spread.median }));
        if let Some(ratio) = &cell.ratio {
            let metric = metric(ratio.estimate, ratio.low.zip(ratio.high));
            measures.insert("ratio-to-reference".to_owned(), metric);
        }
        let row = format!("{}/{}", cell.workload, cell.row);
        all.insert(name(&row), Value::Object(measures));
    }
    Ok(serde_json::to_string_pretty(&all)? + "\n")
}

fn metric(value: f64, interval: Option<(f64, f64)>) -> Value {
    match interval {
        Some((low, high)) => json!({ "value": value, "lower_value": low, "upper_value": high }),
        None => json!({ "value": value }),
    }
}

fn name(row: &str) -> String {
    row.chars().take(LONGEST).collect()
}
