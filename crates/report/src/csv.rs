//! For spreadsheets: a line per cell, numbers whole and with their unit in the name.

use anyhow::Result;
use model::{CellSummary, Summary};

const COLUMNS: [&str; 33] = [
    "workload",
    "strategy",
    "client",
    "outcome",
    "reason",
    "samples",
    "wall_median_ns",
    "wall_mad_ns",
    "wall_min_ns",
    "wall_max_ns",
    "wall_mean_ns",
    "wall_deviation_ns",
    "floor_ns",
    "floor_ratio",
    "ratio",
    "ratio_low",
    "ratio_high",
    "ratio_reference",
    "ratio_pairs",
    "cpu_ns",
    "cpu_user_share",
    "threads_peak",
    "rss_peak_bytes",
    "rss_grown_bytes",
    "latency_p50_ns",
    "latency_p99_ns",
    "latency_max_ns",
    "heartbeat_p50_ns",
    "heartbeat_p99_ns",
    "heartbeat_max_ns",
    "verdicts",
    "flags",
    "flag_texts",
];

/// All cells of a run.
pub fn csv(summary: &Summary) -> Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    for cell in &summary.cells {
        writer.write_record(record(cell))?;
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}

fn record(cell: &CellSummary) -> [String; 33] {
    let (wall, ratio) = (cell.wall_ns, cell.ratio.as_ref());
    let outcome = match cell.outcome {
        model::Outcome::Measured => "measured",
        model::Outcome::Failed => "failed",
        model::Outcome::Unsupported => "unsupported",
    };
    let flags = |text: fn(&model::Flag) -> String| {
        cell.flags.iter().map(text).collect::<Vec<_>>().join("; ")
    };
    [
        cell.workload.clone(),
        cell.strategy.clone(),
        text(cell.client.as_ref()),
        outcome.to_owned(),
        text(cell.reason.as_ref()),
        cell.samples.to_string(),
        text(wall.map(|wall| wall.median)),
        text(wall.map(|wall| wall.mad)),
        text(wall.map(|wall| wall.min)),
        text(wall.map(|wall| wall.max)),
        text(cell.mean_ns),
        text(cell.deviation_ns),
        text(cell.floor_ns),
        text(cell.floor_ratio),
        text(ratio.map(|ratio| ratio.estimate)),
        text(ratio.and_then(|ratio| ratio.low)),
        text(ratio.and_then(|ratio| ratio.high)),
        text(ratio.map(|ratio| &ratio.reference)),
        text(ratio.map(|ratio| ratio.pairs)),
        text(cell.cpu_ns),
        text(cell.cpu_user_share),
        text(cell.threads_peak),
        text(cell.rss_peak_bytes),
        text(cell.rss_grown_bytes),
        text(cell.latencies.map(|seen| seen.p50_ns)),
        text(cell.latencies.and_then(|seen| seen.p99_ns)),
        text(cell.latencies.map(|seen| seen.max_ns)),
        text(cell.heartbeat.map(|seen| seen.p50_ns)),
        text(cell.heartbeat.and_then(|seen| seen.p99_ns)),
        text(cell.heartbeat.map(|seen| seen.max_ns)),
        verdicts(cell),
        flags(|flag| flag.kind.name().to_owned()),
        flags(|flag| {
            [Some(flag.text.clone()), flag.detail.clone()]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(": ")
        }),
    ]
}

fn verdicts(cell: &CellSummary) -> String {
    let each = cell
        .verdicts
        .iter()
        .map(|(what, times)| format!("{times} x {what}"));
    each.collect::<Vec<_>>().join("; ")
}

/// A value, or nothing where there is none.
fn text(value: Option<impl ToString>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}
