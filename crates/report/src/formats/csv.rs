//! For spreadsheets: a line per cell, numbers whole and with their unit in the name.

use anyhow::Result;
use model::{CellSummary, Quantile, Quantiles, Summary};

use crate::formats::escape::csv as escape;

const COLUMNS: [&str; 68] = [
    "workload",
    "strategy",
    "twin_of",
    "client",
    "outcome",
    "reason",
    "samples",
    "wall_median_ns",
    "wall_low_ns",
    "wall_high_ns",
    "wall_mad_ns",
    "wall_min_ns",
    "wall_max_ns",
    "wall_mean_ns",
    "wall_deviation_ns",
    "floor_ns",
    "floor_ratio",
    "efficiency",
    "excess_per_unit_ns",
    "ratio",
    "ratio_low",
    "ratio_high",
    "ratio_reference",
    "ratio_pairs",
    "verdict",
    "verdict_p",
    "missed_below",
    "autocorrelation",
    "ties",
    "cpu_ns",
    "cpu_user_share",
    "switches_voluntary",
    "switches_involuntary",
    "minor_faults",
    "allocations",
    "allocated_bytes",
    "read_syscalls",
    "write_syscalls",
    "threads_peak",
    "rss_peak_bytes",
    "rss_grown_bytes",
    "largest_due_batch",
    "latencies_paced",
    "latency_count",
    "latency_p50_ns",
    "latency_p50_low_ns",
    "latency_p50_high_ns",
    "latency_p90_ns",
    "latency_p90_low_ns",
    "latency_p90_high_ns",
    "latency_p99_ns",
    "latency_p99_low_ns",
    "latency_p99_high_ns",
    "latency_max_ns",
    "heartbeat_count",
    "heartbeat_p50_ns",
    "heartbeat_p50_low_ns",
    "heartbeat_p50_high_ns",
    "heartbeat_p90_ns",
    "heartbeat_p90_low_ns",
    "heartbeat_p90_high_ns",
    "heartbeat_p99_ns",
    "heartbeat_p99_low_ns",
    "heartbeat_p99_high_ns",
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

fn record(cell: &CellSummary) -> Vec<String> {
    let (wall, ratio) = (cell.wall_ns, cell.ratio.as_ref());
    let verdict = cell.verdict.as_ref();
    let outcome = match cell.outcome {
        model::Outcome::Measured => "measured",
        model::Outcome::Failed => "failed",
        model::Outcome::Unsupported => "unsupported",
    };
    let flags = |text: fn(&model::Flag) -> String| {
        let texts = cell.flags.iter().map(text);
        escape(&texts.collect::<Vec<_>>().join("; "))
    };
    let mut record = vec![
        escape(&cell.workload),
        escape(&cell.row.to_string()),
        cell.row.twin_of().map(escape).unwrap_or_default(),
        said(cell.client.as_ref()),
        outcome.to_owned(),
        said(cell.reason.as_ref()),
        cell.samples.to_string(),
        text(wall.map(|wall| wall.median)),
        text(wall.and_then(|wall| wall.low)),
        text(wall.and_then(|wall| wall.high)),
        text(wall.map(|wall| wall.mad)),
        text(wall.map(|wall| wall.min)),
        text(wall.map(|wall| wall.max)),
        text(cell.mean_ns),
        text(cell.deviation_ns),
        text(cell.floor_ns),
        text(cell.floor_ratio),
        text(cell.efficiency),
        text(cell.excess_per_unit_ns),
        text(ratio.map(|ratio| ratio.estimate)),
        text(ratio.and_then(|ratio| ratio.low)),
        text(ratio.and_then(|ratio| ratio.high)),
        said(ratio.map(|ratio| ratio.reference.to_string()).as_ref()),
        text(ratio.map(|ratio| ratio.pairs)),
        text(verdict.map(|verdict| verdict.kind.name())),
        text(verdict.map(|verdict| verdict.p)),
        text(verdict.and_then(|verdict| verdict.missed_below)),
        text(cell.autocorrelation),
        said(cell.tie.as_ref()),
        text(cell.cpu_ns),
        text(cell.cpu_user_share),
        text(cell.switches_voluntary),
        text(cell.switches_involuntary),
        text(cell.minor_faults),
        text(cell.allocations),
        text(cell.allocated_bytes),
        text(cell.read_syscalls),
        text(cell.write_syscalls),
        text(cell.threads_peak),
        text(cell.rss_peak_bytes),
        text(cell.rss_grown_bytes),
        text(cell.largest_due_batch),
        cell.paced.to_string(),
    ];
    record.extend(quantiles(cell.latencies));
    record.extend(quantiles(cell.heartbeat));
    record.extend([
        escape(&verdicts(cell)),
        flags(|flag| flag.kind.name().to_owned()),
        flags(|flag| {
            [Some(flag.text.clone()), flag.detail.clone()]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(": ")
        }),
    ]);
    record
}

/// How many, the quantiles with their intervals, and the largest.
fn quantiles(seen: Option<Quantiles>) -> Vec<String> {
    let quantile = |of: fn(Quantiles) -> Option<Quantile>| {
        let found = seen.and_then(of);
        [
            text(found.map(|found| found.value_ns)),
            text(found.and_then(|found| found.low_ns)),
            text(found.and_then(|found| found.high_ns)),
        ]
    };
    let mut columns = vec![text(seen.map(|seen| seen.count))];
    columns.extend(quantile(|seen| Some(seen.p50_ns)));
    columns.extend(quantile(|seen| Some(seen.p90_ns)));
    columns.extend(quantile(|seen| seen.p99_ns));
    columns.push(text(seen.map(|seen| seen.max_ns)));
    columns
}

fn verdicts(cell: &CellSummary) -> String {
    let each = cell
        .verdicts
        .iter()
        .map(|(what, times)| format!("{times} x {what}"));
    each.collect::<Vec<_>>().join("; ")
}

/// A text from outside, or nothing where there is none.
fn said(value: Option<&String>) -> String {
    value.map_or_else(String::new, |value| escape(value))
}

/// A value of ours, or nothing where there is none.
fn text(value: Option<impl ToString>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}
