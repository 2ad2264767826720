//! Rows as hyperfine 1.x exports them, for whatever reads that: times in seconds, a name for each command.

use anyhow::Result;
use model::statistics::{mean, median, standard_deviation};
use model::{Measurement, Recorded, SampleOutcome, Summary};
use serde_json::{Value, json};

/// Every row that has samples. Each sample is a run of a command.
pub(crate) fn hyperfine(summary: &Summary, recorded: &Recorded) -> Result<String> {
    let row = |cell: &model::CellSummary| {
        let own = recorded
            .samples
            .iter()
            .filter(|it| it.kept && it.workload == cell.workload && it.row == cell.row);
        let measured = own.filter_map(|it| match &it.outcome {
            SampleOutcome::Measured(measured) => Some(measured),
            SampleOutcome::Refused { .. } | SampleOutcome::Failed { .. } => None,
        });
        let measured: Vec<&Measurement> = measured.collect();
        let times: Vec<f64> = measured.iter().map(|it| seconds(it.wall_ns)).collect();
        let middle = |of: fn(&Measurement) -> u64| {
            let all: Vec<f64> = measured.iter().map(|it| seconds(of(it))).collect();
            mean(&all)
        };
        Some(json!({
            "command": format!("{}/{}", cell.workload, cell.row),
            "mean": mean(&times)?,
            "stddev": standard_deviation(&times),
            "median": median(&times)?,
            "user": middle(|it| it.cpu_user_ns),
            "system": middle(|it| it.cpu_system_ns),
            "min": times.iter().copied().reduce(f64::min)?,
            "max": times.iter().copied().reduce(f64::max)?,
            "times": times,
            "exit_codes": vec![0; measured.len()],
            "parameters": { "workload": cell.workload, "strategy": cell.row.to_string() },
        }))
    };
    let results: Vec<Value> = summary.cells.iter().filter_map(row).collect();
    Ok(serde_json::to_string_pretty(&json!({ "results": results }))? + "\n")
}

fn seconds(nanoseconds: u64) -> f64 {
    nanoseconds as f64 / 1e9
}
