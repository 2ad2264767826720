//! The columns of tables: what stands in each, for one row.

use model::{CellSummary, Outcome, Quantile, Quantiles, Ratio};

use crate::numbers::{bytes, deviating, digits, duration, within};
use crate::table::Fit;

/// A column of rows: its head, and how to fill it.
#[derive(Clone, Copy)]
pub(crate) struct Filled {
    pub(crate) name: &'static str,
    pub(crate) number: bool,
    pub(crate) fit: Fit,
    pub(crate) note: Option<&'static str>,
    pub(crate) fill: fn(&CellSummary) -> String,
}

impl Filled {
    const fn number(name: &'static str, fill: fn(&CellSummary) -> String) -> Self {
        Filled {
            name,
            number: true,
            fit: Fit::Stays,
            note: None,
            fill,
        }
    }

    const fn text(name: &'static str, fill: fn(&CellSummary) -> String) -> Self {
        Filled {
            number: false,
            ..Filled::number(name, fill)
        }
    }

    const fn fit(self, fit: Fit) -> Self {
        Filled { fit, ..self }
    }

    const fn note(self, note: &'static str) -> Self {
        Filled {
            note: Some(note),
            ..self
        }
    }
}

pub(crate) const SPEED_UP: &str = "speed-up, 95 % CI";

const STRATEGY: Filled = Filled::text("strategy", |cell| cell.row.to_string());

const SAMPLES: Filled = Filled::number("n", |cell| cell.samples.to_string());

const CLIENT: Filled = Filled::text("client", |cell| cell.client.clone().unwrap_or_else(dash));

pub(crate) const MEAN: Filled = Filled::number("mean +- sd", |cell| measured(cell, mean(cell)));

/// Without the mean, which stands behind the median where it is asked for, and last where there is room.
pub(crate) const MAKESPANS: [Filled; 7] = [
    STRATEGY,
    Filled::number("median", median),
    Filled::number(SPEED_UP, |cell| {
        measured(cell, cell.ratio.as_ref().map(|own| speed_up(cell, own)))
    }),
    Filled::text("verdict", |cell| measured(cell, verdict(cell))),
    Filled::text("ties", |cell| measured(cell, cell.tie.clone()))
        .fit(Fit::LeftOut(1))
        .note("ties: rows that share a letter cannot be told apart"),
    Filled::number("vs floor", |cell| {
        measured(cell, cell.floor_ratio.map(times_over))
    })
    .fit(Fit::LeftOut(2)),
    SAMPLES.fit(Fit::LeftOut(3)),
];

/// What only wide terminals have room for.
pub(crate) const WIDE: [Filled; 3] = [
    MEAN.fit(Fit::WideOnly),
    Filled::number("fastest", |cell| {
        measured(cell, cell.wall_ns.map(|wall| duration(wall.min)))
    })
    .fit(Fit::WideOnly),
    CLIENT.fit(Fit::WideOnly),
];

pub(crate) const RESOURCES: [Filled; 9] = [
    STRATEGY,
    CLIENT.fit(Fit::LeftOut(3)),
    Filled::number("excess/unit", |cell| {
        measured(cell, cell.excess_per_unit_ns.map(duration))
    }),
    Filled::number("CPU", |cell| measured(cell, cell.cpu_ns.map(duration))),
    Filled::number("waits", |cell| times(cell, cell.switches_voluntary))
        .fit(Fit::LeftOut(2))
        .note("waits: times a thread gave up the processor"),
    Filled::number("preempt", |cell| times(cell, cell.switches_involuntary))
        .fit(Fit::LeftOut(1))
        .note("preempt: times a thread lost the processor"),
    Filled::number("thr", |cell| times(cell, cell.threads_peak))
        .note("thr: most threads, counted in the warm-up"),
    Filled::number("allocs", |cell| times(cell, cell.allocations)),
    Filled::number("memory", |cell| {
        measured(cell, cell.rss_grown_bytes.map(bytes))
    })
    .note("memory: growth of resident memory"),
];

pub(crate) const VERDICTS: [Filled; 3] = [
    STRATEGY,
    Filled::text("what happened", verdicts).fit(Fit::Wraps),
    SAMPLES,
];

pub(crate) const HEARTBEATS: [Filled; 6] = [
    STRATEGY,
    Filled::number("p50, 95 % CI", |cell| {
        quantile(cell.heartbeat, |seen| Some(seen.p50_ns))
    }),
    Filled::number("p90, 95 % CI", |cell| {
        quantile(cell.heartbeat, |seen| Some(seen.p90_ns))
    })
    .fit(Fit::LeftOut(1)),
    Filled::number("p99, 95 % CI", |cell| {
        quantile(cell.heartbeat, |seen| seen.p99_ns)
    }),
    Filled::number("max", |cell| max(cell.heartbeat)),
    Filled::number("beats", |cell| count(cell.heartbeat)).fit(Fit::LeftOut(2)),
];

pub(crate) const LATENCIES: [Filled; 6] = [
    STRATEGY,
    Filled::number("p50, 95 % CI", |cell| {
        quantile(cell.latencies, |seen| Some(seen.p50_ns))
    }),
    Filled::number("p90, 95 % CI", |cell| {
        quantile(cell.latencies, |seen| Some(seen.p90_ns))
    })
    .fit(Fit::LeftOut(1)),
    Filled::number("p99, 95 % CI", |cell| {
        quantile(cell.latencies, |seen| seen.p99_ns)
    }),
    Filled::number("max", |cell| max(cell.latencies)),
    Filled::number("units", |cell| count(cell.latencies)).fit(Fit::LeftOut(2)),
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

fn verdict(cell: &CellSummary) -> Option<String> {
    Some(cell.verdict.as_ref()?.kind.name().to_owned())
}

/// The reference's makespan over the row's: above 1 where the row is faster. Files keep the ratio, which is one over it.
pub(crate) fn speed_up(cell: &CellSummary, ratio: &Ratio) -> String {
    if cell.row == ratio.reference {
        return "1 (reference)".to_owned();
    }
    let of = |ratio: f64| digits(1.0 / ratio);
    let estimate = of(ratio.estimate);
    match (ratio.low, ratio.high) {
        (Some(low), Some(high)) => format!("{estimate}x ({}-{})", of(high), of(low)),
        _ => format!("{estimate}x -"),
    }
}

/// How many times something is of something else, such as `1.08x`.
pub(crate) fn times_over(ratio: f64) -> String {
    format!("{}x", digits(ratio))
}

/// An estimate with its interval.
pub(crate) fn interval(ratio: &Ratio) -> String {
    let estimate = digits(ratio.estimate);
    match (ratio.low, ratio.high) {
        (Some(low), Some(high)) => format!("{estimate} ({}-{})", digits(low), digits(high)),
        _ => format!("{estimate} -"),
    }
}
