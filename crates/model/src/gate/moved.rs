//! What else differs between the builds of a row, beside its makespan.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Measurement;
use crate::gate::paired::{PairedRow, Side};
use crate::statistics::{median, median_interval};

/// A measure that differs between the builds: the 95 % interval of its ratio excludes 1, and the ratio is off by at least 2 %.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Moved {
    /// What is measured, per sample.
    pub what: String,
    /// Median of the base.
    pub base: f64,
    /// Median of the head.
    pub head: f64,
    /// Head over base: the median of the ratios within rounds.
    pub ratio: f64,
    /// Whether it is a time in nanoseconds, and not a number of something.
    pub is_time: bool,
}

/// A smaller difference says little.
const LEAST: f64 = 0.02;

type Measure = fn(&Measurement) -> Option<u64>;

const MEASURES: [(&str, bool, Measure); 11] = [
    ("processor time", true, |it| Some(it.cpu_ns)),
    ("waits of threads", false, |it| Some(it.switches_voluntary)),
    ("lost processors", false, |it| Some(it.switches_involuntary)),
    ("threads", false, |it| it.threads_peak),
    ("allocations", false, |it| it.allocations),
    ("read calls", false, |it| it.read_syscalls),
    ("write calls", false, |it| it.write_syscalls),
    ("connections opened", false, |it| {
        Some(it.witness.as_ref()?.connections_accepted)
    }),
    ("requests in flight", false, |it| {
        Some(it.witness.as_ref()?.peak_in_flight)
    }),
    ("processor time of the server", true, |it| {
        Some(it.witness.as_ref()?.cpu_ns)
    }),
    ("requests", false, |it| Some(it.witness.as_ref()?.requests)),
];

/// Everything that moved.
pub(crate) fn moved(row: &PairedRow) -> Vec<Moved> {
    let moved = |(what, is_time, of): &(&str, bool, Measure)| {
        let pairs: Vec<(f64, f64)> = pairs(row, *of).collect();
        let ratios = pairs
            .iter()
            .filter(|(base, head)| *base > 0.0 && *head > 0.0);
        let logs: Vec<f64> = ratios.map(|(base, head)| (head / base).ln()).collect();
        let (low, high) = median_interval(&logs, 0.95)?;
        let ratio = median(&logs)?.exp();
        let differs = (low > 0.0 || high < 0.0) && (ratio - 1.0).abs() >= LEAST;
        differs.then_some(Moved {
            what: (*what).to_owned(),
            base: median(&pairs.iter().map(|it| it.0).collect::<Vec<_>>())?,
            head: median(&pairs.iter().map(|it| it.1).collect::<Vec<_>>())?,
            ratio,
            is_time: *is_time,
        })
    };
    MEASURES.iter().filter_map(moved).collect()
}

fn pairs(row: &PairedRow, of: Measure) -> impl Iterator<Item = (f64, f64)> {
    let value = move |side: &Side, round: &u32| Some(of(side.kept.get(round)?)? as f64);
    let rounds = row.base.kept.keys();
    rounds.filter_map(move |round| Some((value(&row.base, round)?, value(&row.head, round)?)))
}
