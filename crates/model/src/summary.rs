//! What is known of all cells after a run: `summary.json`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use workloads::Latencies;

use crate::series::{Series, series};
use crate::statistics::{
    mean, median, median_absolute_deviation, median_interval, standard_deviation,
};
use crate::{Cell, Flag, Host, Measurement, Sample, SampleOutcome, Spec};

/// Version of the schema of [`Summary`]. It rises when a field changes its meaning or goes.
pub const SCHEMA_VERSION: u32 = 2;

/// Confidence of the intervals that are shown.
const SHOWN: f64 = 0.95;

/// Why a cell of an interrupted run has no result.
const NOT_REACHED: &str = "the run was interrupted before its first sample that counts";

/// One run, cell by cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// See [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// Where and with what.
    pub host: Host,
    /// What was asked for, as run.
    pub spec: Spec,
    /// Whether the run ended before its plan did.
    pub interrupted: bool,
    /// All cells, by workload, in the order of the registry.
    pub cells: Vec<CellSummary>,
    /// Workloads over several sizes.
    pub series: Vec<Series>,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CellSummary {
    /// Name of the workload.
    pub workload: String,
    /// Name of the strategy.
    pub strategy: String,
    /// What speaks HTTP; null where the workload does not.
    pub client: Option<String>,
    /// Whether there is a result.
    pub outcome: Outcome,
    /// Why not, if not.
    pub reason: Option<String>,
    /// Samples that count.
    pub samples: usize,
    /// Makespans.
    pub wall_ns: Option<Spread>,
    /// Mean makespan; comparable with what tutorials print, and moved by every outlier.
    pub mean_ns: Option<u64>,
    /// Standard deviation of the makespans, with n - 1; null below two.
    pub deviation_ns: Option<u64>,
    /// Lower bound of the makespan under the common limit; null where none is known.
    pub floor_ns: Option<u64>,
    /// Median makespan over the floor.
    pub floor_ratio: Option<f64>,
    /// Makespan over the reference's, from rounds that both share; null where the reference has no result.
    pub ratio: Option<Ratio>,
    /// Median CPU time of a sample, user and system, exact; null where a program does not tell it.
    pub cpu_ns: Option<u64>,
    /// Share of it in user mode, over all samples; 0 to 1.
    pub cpu_user_share: Option<f64>,
    /// Most threads seen.
    pub threads_peak: Option<u64>,
    /// Highest resident memory seen.
    pub rss_peak_bytes: Option<u64>,
    /// Resident memory that a sample added to what was there with everything open, as a median.
    pub rss_grown_bytes: Option<u64>,
    /// How long units took, counted from their intended start: medians of the samples' quantiles.
    pub latencies: Option<Quantiles>,
    /// How late the heartbeat beside the units was: the same.
    pub heartbeat: Option<Quantiles>,
    /// What happened and how often, where that is the question.
    pub verdicts: BTreeMap<String, usize>,
    /// What to know before quoting it.
    pub flags: Vec<Flag>,
}

/// Whether a cell has a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// All its samples count.
    Measured,
    /// At least one sample failed or was refused.
    Failed,
    /// It cannot run here.
    Unsupported,
}

/// Location and spread of makespans, in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Spread {
    /// Middle value.
    pub median: u64,
    /// Median absolute deviation, unscaled.
    pub mad: u64,
    /// Shortest.
    pub min: u64,
    /// Longest.
    pub max: u64,
}

/// Quantiles of something that was observed many times in each sample, in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Quantiles {
    /// Observations in all samples.
    pub count: u64,
    /// Median.
    pub p50_ns: u64,
    /// 90th percentile.
    pub p90_ns: u64,
    /// 99th percentile; null below 500 observations in each sample.
    pub p99_ns: Option<u64>,
    /// The largest of all.
    pub max_ns: u64,
}

/// A ratio of makespans with its interval.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Ratio {
    /// Median of the ratios within rounds.
    pub estimate: f64,
    /// Lower end of the 95 % interval; null below 6 pairs.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// The strategy in the denominator.
    pub reference: String,
    /// Rounds that both share.
    pub pairs: usize,
}

impl Summary {
    /// Sums up the samples of a run. Their order does not matter.
    pub fn new(
        host: Host,
        spec: Spec,
        interrupted: bool,
        cells: &[Cell],
        samples: &[Sample],
    ) -> Summary {
        let optimised = host.profile != "debug";
        let rows = cells
            .iter()
            .map(|cell| row(cell, samples, interrupted, optimised));
        let mut rows: Vec<CellSummary> = rows.collect();
        for index in 0..rows.len() {
            rows[index].ratio = ratio(&rows, index, &spec.reference, samples);
        }
        Summary {
            schema_version: SCHEMA_VERSION,
            host,
            interrupted,
            series: series(&spec, &rows),
            spec,
            cells: rows,
        }
    }

    /// Cells that failed; those that an interrupted run did not reach are not among them.
    pub fn failures(&self) -> impl Iterator<Item = &CellSummary> {
        let failed = |cell: &&CellSummary| cell.outcome == Outcome::Failed;
        self.cells
            .iter()
            .filter(failed)
            .filter(|cell| cell.reason.as_deref() != Some(NOT_REACHED))
    }
}

fn row(cell: &Cell, samples: &[Sample], interrupted: bool, optimised: bool) -> CellSummary {
    let own: Vec<&Sample> = of(samples, &cell.workload, &cell.strategy).collect();
    let counted: Vec<&Measurement> = own.iter().filter_map(|sample| counts(sample)).collect();
    // Where the question is what happens, the times mean nothing.
    let timed: &[&Measurement] = if cell.asks { &[] } else { &counted };
    let reason = own
        .iter()
        .find_map(|sample| reason(sample))
        .map(str::to_owned);
    let none = if interrupted {
        NOT_REACHED
    } else {
        "it has no sample that counts"
    };
    let reason = reason.or_else(|| counted.is_empty().then(|| none.to_owned()));
    let (outcome, reason) = match (&cell.unsupported, reason) {
        (Some(why), _) => (Outcome::Unsupported, Some(why.clone())),
        (None, Some(why)) => (Outcome::Failed, Some(why)),
        (None, None) => (Outcome::Measured, None),
    };
    let wall_ns = spread(timed);
    let walls: Vec<f64> = timed.iter().map(|sample| sample.wall_ns as f64).collect();
    let floor_ns = cell.floor.map(|floor| floor.as_nanos() as u64);
    let sum = |value: fn(&Measurement) -> u64| {
        counted.iter().map(|sample| value(sample)).sum::<u64>() as f64
    };
    let (user, system) = (
        sum(|sample| sample.cpu_user_ns),
        sum(|sample| sample.cpu_system_ns),
    );
    CellSummary {
        workload: cell.workload.clone(),
        strategy: cell.strategy.clone(),
        client: cell.client.clone(),
        outcome,
        reason,
        samples: counted.len(),
        wall_ns,
        mean_ns: mean(&walls).map(|mean| mean as u64),
        deviation_ns: standard_deviation(&walls).map(|deviation| deviation as u64),
        floor_ns,
        floor_ratio: wall_ns
            .zip(floor_ns.filter(|floor| *floor > 0))
            .map(|(wall, floor)| wall.median as f64 / floor as f64),
        ratio: None,
        cpu_ns: median(
            &timed
                .iter()
                .map(|sample| sample.cpu_ns as f64)
                .collect::<Vec<_>>(),
        )
        .map(|cpu| cpu as u64)
        // No work is done without: whoever says so has not measured it.
        .filter(|cpu| *cpu > 0),
        cpu_user_share: (user + system > 0.0).then(|| user / (user + system)),
        threads_peak: counted
            .iter()
            .filter_map(|sample| sample.threads_peak)
            .max(),
        rss_peak_bytes: counted
            .iter()
            .filter_map(|sample| sample.rss_peak_bytes)
            .max(),
        rss_grown_bytes: median(&timed.iter().filter_map(|it| grown(it)).collect::<Vec<_>>())
            .map(|bytes| bytes as u64),
        latencies: quantiles(timed, |sample| sample.latencies),
        heartbeat: quantiles(timed, |sample| sample.heartbeat),
        verdicts: verdicts(&counted),
        flags: Flag::all(cell, timed, optimised),
    }
}

fn grown(sample: &Measurement) -> Option<f64> {
    Some(
        sample
            .rss_peak_bytes?
            .saturating_sub(sample.rss_base_bytes?) as f64,
    )
}

fn verdicts(samples: &[&Measurement]) -> BTreeMap<String, usize> {
    let mut verdicts = BTreeMap::new();
    for verdict in samples.iter().filter_map(|sample| sample.verdict.clone()) {
        *verdicts.entry(verdict).or_default() += 1;
    }
    verdicts
}

/// Below that many observations, the 99th percentile says little more than the largest.
const FEWEST_FOR_P99: u64 = 500;

fn quantiles(
    samples: &[&Measurement],
    observed: impl Fn(&Measurement) -> Option<Latencies>,
) -> Option<Quantiles> {
    let all: Vec<Latencies> = samples
        .iter()
        .filter_map(|sample| observed(sample))
        .collect();
    let typical = |quantile: fn(&Latencies) -> u64| {
        let values: Vec<f64> = all.iter().map(|seen| quantile(seen) as f64).collect();
        median(&values).map(|value| value as u64)
    };
    let enough = all.iter().all(|seen| seen.count >= FEWEST_FOR_P99);
    Some(Quantiles {
        count: all.iter().map(|seen| seen.count).sum(),
        p50_ns: typical(|seen| seen.p50_ns)?,
        p90_ns: typical(|seen| seen.p90_ns)?,
        p99_ns: typical(|seen| seen.p99_ns).filter(|_| enough),
        max_ns: all.iter().map(|seen| seen.max_ns).max()?,
    })
}

fn of<'a>(
    samples: &'a [Sample],
    workload: &str,
    strategy: &str,
) -> impl Iterator<Item = &'a Sample> {
    samples
        .iter()
        .filter(move |sample| sample.workload == workload && sample.strategy == strategy)
}

/// The measurement of a sample that counts.
fn counts(sample: &Sample) -> Option<&Measurement> {
    match &sample.outcome {
        SampleOutcome::Measured(measurement) if sample.kept => Some(measurement),
        _ => None,
    }
}

fn reason(sample: &Sample) -> Option<&str> {
    match &sample.outcome {
        SampleOutcome::Measured(_) => None,
        SampleOutcome::Refused { reason, .. } | SampleOutcome::Failed { reason } => Some(reason),
    }
}

fn spread(samples: &[&Measurement]) -> Option<Spread> {
    let walls: Vec<f64> = samples.iter().map(|sample| sample.wall_ns as f64).collect();
    Some(Spread {
        median: median(&walls)? as u64,
        mad: median_absolute_deviation(&walls)? as u64,
        min: samples.iter().map(|sample| sample.wall_ns).min()?,
        max: samples.iter().map(|sample| sample.wall_ns).max()?,
    })
}

/// The ratio of one row to the reference of its workload, if the reference has a result.
fn ratio(rows: &[CellSummary], index: usize, reference: &str, samples: &[Sample]) -> Option<Ratio> {
    let row = &rows[index];
    let stands =
        |other: &&CellSummary| other.workload == row.workload && other.strategy == reference;
    rows.iter()
        .find(stands)
        .filter(|reference| reference.outcome == Outcome::Measured)?;
    let wall = |sample: &Sample| {
        let timed = counts(sample).filter(|measured| measured.verdict.is_none())?;
        Some((sample.round, timed.wall_ns as f64))
    };
    let reference_walls: BTreeMap<u32, f64> = of(samples, &row.workload, reference)
        .filter_map(wall)
        .collect();
    let own = of(samples, &row.workload, &row.strategy).filter_map(wall);
    let logs: Vec<f64> = own
        .filter_map(|(round, wall)| Some((wall / reference_walls.get(&round)?).ln()))
        .collect();
    let interval = median_interval(&logs, SHOWN);
    Some(Ratio {
        estimate: median(&logs)?.exp(),
        low: interval.map(|(low, _)| low.exp()),
        high: interval.map(|(_, high)| high.exp()),
        reference: reference.to_owned(),
        pairs: logs.len(),
    })
}
