//! The columns of tables: what stands in each, for one row.

use model::{CellSummary, Outcome, Quantile, Quantiles, Ratio, VerdictKind};

use crate::format::{bytes, deviating, digits, duration, within};

/// A column: its name, whether it holds numbers, and how to fill it.
pub(crate) type Filled = (&'static str, bool, fn(&CellSummary) -> String);

pub(crate) const RATIO: &str = "ratio, 95 % CI";

const STRATEGY: Filled = ("strategy", false, |cell| cell.strategy.clone());

const SAMPLES: Filled = ("n", true, |cell| cell.samples.to_string());

pub(crate) const MAKESPANS: [Filled; 8] = [
    STRATEGY,
    ("median", true, median),
    ("mean +- sd", true, |cell| measured(cell, mean(cell))),
    (RATIO, true, |cell| {
        measured(cell, cell.ratio.as_ref().map(|own| ratio(cell, own)))
    }),
    ("verdict", false, |cell| measured(cell, verdict(cell))),
    ("ties", false, |cell| measured(cell, cell.tie.clone())),
    ("floor", true, |cell| {
        let times = cell.floor_ratio.map(|ratio| format!("x{}", digits(ratio)));
        measured(cell, times)
    }),
    SAMPLES,
];

pub(crate) const RESOURCES: [Filled; 9] = [
    STRATEGY,
    ("client", false, |cell| {
        cell.client.clone().unwrap_or_else(dash)
    }),
    ("excess/unit", true, |cell| {
        measured(cell, cell.excess_per_unit_ns.map(duration))
    }),
    ("CPU", true, |cell| {
        measured(cell, cell.cpu_ns.map(duration))
    }),
    ("waits", true, |cell| times(cell, cell.switches_voluntary)),
    ("preempt", true, |cell| {
        times(cell, cell.switches_involuntary)
    }),
    ("thr", true, |cell| times(cell, cell.threads_peak)),
    ("allocs", true, |cell| times(cell, cell.allocations)),
    ("memory", true, |cell| {
        measured(cell, cell.rss_grown_bytes.map(bytes))
    }),
];

pub(crate) const VERDICTS: [Filled; 3] = [STRATEGY, ("what happened", false, verdicts), SAMPLES];

/// The 90th percentile is in the files: with its interval it would not fit 80 columns beside the longest names.
pub(crate) const HEARTBEATS: [Filled; 5] = [
    STRATEGY,
    ("p50, 95 % CI", true, |cell| {
        quantile(cell.heartbeat, |seen| Some(seen.p50_ns))
    }),
    ("p99, 95 % CI", true, |cell| {
        quantile(cell.heartbeat, |seen| seen.p99_ns)
    }),
    ("max", true, |cell| max(cell.heartbeat)),
    ("beats", true, |cell| count(cell.heartbeat)),
];

pub(crate) const LATENCIES: [Filled; 5] = [
    STRATEGY,
    ("p50, 95 % CI", true, |cell| {
        quantile(cell.latencies, |seen| Some(seen.p50_ns))
    }),
    ("p99, 95 % CI", true, |cell| {
        quantile(cell.latencies, |seen| seen.p99_ns)
    }),
    ("max", true, |cell| max(cell.latencies)),
    ("units", true, |cell| count(cell.latencies)),
];

pub(crate) fn dash() -> String {
    "-".to_owned()
}

/// A row that failed keeps its samples in the files, but a reader must not rank it.
fn measured(cell: &CellSummary, text: Option<String>) -> String {
    text.filter(|_| cell.outcome == Outcome::Measured)
        .unwrap_or_else(dash)
}

pub(crate) fn median(cell: &CellSummary) -> String {
    match (cell.outcome, cell.wall_ns) {
        (Outcome::Failed, _) => "failed".to_owned(),
        (Outcome::Unsupported, _) => "unsupp.".to_owned(),
        (Outcome::Measured, wall) => wall.map_or_else(dash, |wall| duration(wall.median)),
    }
}

fn mean(cell: &CellSummary) -> Option<String> {
    let mean = cell.mean_ns?;
    let deviation = cell
        .deviation_ns
        .map(|deviation| deviating(mean, deviation));
    Some(deviation.unwrap_or_else(|| duration(mean)))
}

fn quantile(seen: Option<Quantiles>, of: fn(Quantiles) -> Option<Quantile>) -> String {
    let text = |found: Quantile| within(found.value_ns, found.low_ns.zip(found.high_ns));
    seen.and_then(of).map_or_else(dash, text)
}

fn max(seen: Option<Quantiles>) -> String {
    seen.map_or_else(dash, |seen| duration(seen.max_ns))
}

fn count(seen: Option<Quantiles>) -> String {
    seen.map_or_else(dash, |seen| seen.count.to_string())
}

fn verdicts(cell: &CellSummary) -> String {
    if cell.verdicts.is_empty() {
        return median(cell);
    }
    let each = cell
        .verdicts
        .iter()
        .map(|(what, times)| match cell.verdicts.len() {
            1 => what.clone(),
            _ => format!("{times} x {what}"),
        });
    each.collect::<Vec<_>>().join("; ")
}

fn times(cell: &CellSummary, count: Option<u64>) -> String {
    measured(cell, count.map(|count| count.to_string()))
}

/// What can be said of a row, with how many rounds more would make it clear.
fn verdict(cell: &CellSummary) -> Option<String> {
    let verdict = cell.verdict.as_ref()?;
    let name = verdict.kind.name();
    Some(match (verdict.kind, verdict.rounds_needed) {
        (VerdictKind::Unclear, Some(rounds)) => format!("{name} +{rounds}"),
        _ => name.to_owned(),
    })
}

fn ratio(cell: &CellSummary, ratio: &Ratio) -> String {
    if cell.strategy == ratio.reference {
        return "1 (reference)".to_owned();
    }
    interval(ratio)
}

/// An estimate with its interval.
pub(crate) fn interval(ratio: &Ratio) -> String {
    let estimate = digits(ratio.estimate);
    match (ratio.low, ratio.high) {
        (Some(low), Some(high)) => format!("{estimate} {}-{}", digits(low), digits(high)),
        _ => format!("{estimate} -"),
    }
}
