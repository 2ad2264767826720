//! For spreadsheets: a line per cell. Numbers are whole, and their names say the unit.

use anyhow::Result;
use model::{CellSummary, Flag, Outcome, Quantile, Ratio, Spread, Summary, Verdict, VerdictKind};
use serde::{Serialize, Serializer};

use crate::formats::escape::csv as escape;

/// All cells of a run.
///
/// # Errors
///
/// If the writer refuses a record. It has no reason to.
pub fn csv(summary: &Summary) -> Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for cell in &summary.cells {
        writer.serialize(record(cell))?;
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}

/// A line. The fields of these structs, in this order, are the columns of the file.
fn record(cell: &CellSummary) -> impl Serialize + '_ {
    (
        Row::of(cell),
        Makespan::of(cell),
        Against::of(cell),
        Judged::of(cell),
        Resources::of(cell),
        Latencies::of(cell),
        Heartbeats::of(cell),
        Said::of(cell),
    )
}

/// A text that may come from outside. It is escaped when it is written.
struct Text(String);

impl Text {
    fn new(text: &str) -> Self {
        Text(text.to_owned())
    }

    /// Several texts in one field.
    fn joined(texts: impl Iterator<Item = String>) -> Self {
        Text(texts.collect::<Vec<_>>().join("; "))
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&escape(&self.0))
    }
}

/// A number with all its digits and without an exponent, which some spreadsheets do not read.
struct Exact(f64);

impl Serialize for Exact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

#[derive(Serialize)]
struct Row {
    workload: Text,
    strategy: Text,
    twin_of: Option<Text>,
    client: Option<Text>,
    outcome: Outcome,
    reason: Option<Text>,
    samples: usize,
}

impl Row {
    fn of(cell: &CellSummary) -> Self {
        let text = |text: &Option<String>| text.as_deref().map(Text::new);
        Row {
            workload: Text::new(&cell.workload),
            strategy: Text::new(&cell.row.to_string()),
            twin_of: cell.row.twin_of().map(Text::new),
            client: text(&cell.client),
            outcome: cell.outcome,
            reason: text(&cell.reason),
            samples: cell.samples,
        }
    }
}

#[derive(Serialize)]
struct Makespan {
    wall_median_ns: Option<u64>,
    wall_low_ns: Option<u64>,
    wall_high_ns: Option<u64>,
    wall_mad_ns: Option<u64>,
    wall_min_ns: Option<u64>,
    wall_max_ns: Option<u64>,
    wall_mean_ns: Option<u64>,
    wall_deviation_ns: Option<u64>,
    floor_ns: Option<u64>,
    floor_ratio: Option<Exact>,
    efficiency: Option<Exact>,
    excess_per_unit_ns: Option<u64>,
}

impl Makespan {
    fn of(cell: &CellSummary) -> Self {
        let wall = |of: fn(Spread) -> u64| cell.wall_ns.map(of);
        Makespan {
            wall_median_ns: wall(|it| it.median),
            wall_low_ns: cell.wall_ns.and_then(|it| it.low),
            wall_high_ns: cell.wall_ns.and_then(|it| it.high),
            wall_mad_ns: wall(|it| it.mad),
            wall_min_ns: wall(|it| it.min),
            wall_max_ns: wall(|it| it.max),
            wall_mean_ns: cell.mean_ns,
            wall_deviation_ns: cell.deviation_ns,
            floor_ns: cell.floor_ns,
            floor_ratio: cell.floor_ratio.map(Exact),
            efficiency: cell.efficiency.map(Exact),
            excess_per_unit_ns: cell.excess_per_unit_ns,
        }
    }
}

#[derive(Serialize)]
struct Against {
    ratio: Option<Exact>,
    ratio_low: Option<Exact>,
    ratio_high: Option<Exact>,
    ratio_reference: Option<Text>,
    ratio_pairs: Option<usize>,
}

impl Against {
    fn of(cell: &CellSummary) -> Self {
        let ratio = cell.ratio.as_ref();
        let number = |of: fn(&Ratio) -> Option<f64>| ratio.and_then(of).map(Exact);
        Against {
            ratio: number(|it| Some(it.estimate)),
            ratio_low: number(|it| it.low),
            ratio_high: number(|it| it.high),
            ratio_reference: ratio.map(|it| Text::new(&it.reference.to_string())),
            ratio_pairs: ratio.map(|it| it.pairs),
        }
    }
}

#[derive(Serialize)]
struct Judged {
    verdict: Option<VerdictKind>,
    verdict_p: Option<Exact>,
    missed_below: Option<Exact>,
    autocorrelation: Option<Exact>,
    ties: Option<Text>,
}

impl Judged {
    fn of(cell: &CellSummary) -> Self {
        let verdict = cell.verdict.as_ref();
        let number = |of: fn(&Verdict) -> Option<f64>| verdict.and_then(of).map(Exact);
        Judged {
            verdict: verdict.map(|it| it.kind),
            verdict_p: number(|it| Some(it.p)),
            missed_below: number(|it| it.missed_below),
            autocorrelation: cell.autocorrelation.map(Exact),
            ties: cell.tie.as_deref().map(Text::new),
        }
    }
}

#[derive(Serialize)]
struct Resources {
    cpu_ns: Option<u64>,
    cpu_user_share: Option<Exact>,
    switches_voluntary: Option<u64>,
    switches_involuntary: Option<u64>,
    minor_faults: Option<u64>,
    allocations: Option<u64>,
    allocated_bytes: Option<u64>,
    read_syscalls: Option<u64>,
    write_syscalls: Option<u64>,
    threads_peak: Option<u64>,
    rss_peak_bytes: Option<u64>,
    rss_grown_bytes: Option<u64>,
    largest_due_batch: Option<u64>,
}

impl Resources {
    fn of(cell: &CellSummary) -> Self {
        Resources {
            cpu_ns: cell.cpu_ns,
            cpu_user_share: cell.cpu_user_share.map(Exact),
            switches_voluntary: cell.switches_voluntary,
            switches_involuntary: cell.switches_involuntary,
            minor_faults: cell.minor_faults,
            allocations: cell.allocations,
            allocated_bytes: cell.allocated_bytes,
            read_syscalls: cell.read_syscalls,
            write_syscalls: cell.write_syscalls,
            threads_peak: cell.threads_peak,
            rss_peak_bytes: cell.rss_peak_bytes,
            rss_grown_bytes: cell.rss_grown_bytes,
            largest_due_batch: cell.largest_due_batch,
        }
    }
}

#[derive(Serialize)]
struct Latencies {
    latencies_paced: bool,
    latency_count: Option<u64>,
    latency_p50_ns: Option<u64>,
    latency_p50_low_ns: Option<u64>,
    latency_p50_high_ns: Option<u64>,
    latency_p90_ns: Option<u64>,
    latency_p90_low_ns: Option<u64>,
    latency_p90_high_ns: Option<u64>,
    latency_p99_ns: Option<u64>,
    latency_p99_low_ns: Option<u64>,
    latency_p99_high_ns: Option<u64>,
    latency_max_ns: Option<u64>,
}

impl Latencies {
    fn of(cell: &CellSummary) -> Self {
        let seen = cell.latencies;
        let p50 = ends(seen.map(|it| it.p50_ns));
        let p90 = ends(seen.map(|it| it.p90_ns));
        let p99 = ends(seen.and_then(|it| it.p99_ns));
        Latencies {
            latencies_paced: cell.paced,
            latency_count: seen.map(|it| it.count),
            latency_p50_ns: p50[0],
            latency_p50_low_ns: p50[1],
            latency_p50_high_ns: p50[2],
            latency_p90_ns: p90[0],
            latency_p90_low_ns: p90[1],
            latency_p90_high_ns: p90[2],
            latency_p99_ns: p99[0],
            latency_p99_low_ns: p99[1],
            latency_p99_high_ns: p99[2],
            latency_max_ns: seen.map(|it| it.max_ns),
        }
    }
}

#[derive(Serialize)]
struct Heartbeats {
    heartbeat_count: Option<u64>,
    heartbeat_p50_ns: Option<u64>,
    heartbeat_p50_low_ns: Option<u64>,
    heartbeat_p50_high_ns: Option<u64>,
    heartbeat_p90_ns: Option<u64>,
    heartbeat_p90_low_ns: Option<u64>,
    heartbeat_p90_high_ns: Option<u64>,
    heartbeat_p99_ns: Option<u64>,
    heartbeat_p99_low_ns: Option<u64>,
    heartbeat_p99_high_ns: Option<u64>,
    heartbeat_max_ns: Option<u64>,
}

impl Heartbeats {
    fn of(cell: &CellSummary) -> Self {
        let seen = cell.heartbeat;
        let p50 = ends(seen.map(|it| it.p50_ns));
        let p90 = ends(seen.map(|it| it.p90_ns));
        let p99 = ends(seen.and_then(|it| it.p99_ns));
        Heartbeats {
            heartbeat_count: seen.map(|it| it.count),
            heartbeat_p50_ns: p50[0],
            heartbeat_p50_low_ns: p50[1],
            heartbeat_p50_high_ns: p50[2],
            heartbeat_p90_ns: p90[0],
            heartbeat_p90_low_ns: p90[1],
            heartbeat_p90_high_ns: p90[2],
            heartbeat_p99_ns: p99[0],
            heartbeat_p99_low_ns: p99[1],
            heartbeat_p99_high_ns: p99[2],
            heartbeat_max_ns: seen.map(|it| it.max_ns),
        }
    }
}

/// A quantile, and both ends of its interval.
fn ends(found: Option<Quantile>) -> [Option<u64>; 3] {
    [
        found.map(|it| it.value_ns),
        found.and_then(|it| it.low_ns),
        found.and_then(|it| it.high_ns),
    ]
}

#[derive(Serialize)]
struct Said {
    verdicts: Text,
    flags: Text,
    flag_texts: Text,
    reasons: Text,
    reason_texts: Text,
}

impl Said {
    fn of(cell: &CellSummary) -> Self {
        let verdicts = cell.verdicts.iter();
        let whole = |flag: &Flag| match &flag.detail {
            Some(detail) => format!("{}: {detail}", flag.text),
            None => flag.text.clone(),
        };
        Said {
            verdicts: Text::joined(verdicts.map(|(what, times)| format!("{times} x {what}"))),
            flags: Text::joined(cell.flags.iter().map(|flag| flag.kind.name().to_owned())),
            flag_texts: Text::joined(cell.flags.iter().map(whole)),
            reasons: Text::joined(cell.reasons.iter().map(|it| it.id.clone())),
            reason_texts: Text::joined(cell.reasons.iter().map(ToString::to_string)),
        }
    }
}
