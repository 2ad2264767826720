//! What is known of all cells after a run: `summary.json`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::statistics::{median, median_absolute_deviation, median_interval};
use crate::{Cell, Flag, Host, Measurement, Sample, SampleOutcome, Spec};

/// Version of the schema of [`Summary`]. It rises when a field changes its meaning or goes.
pub const SCHEMA_VERSION: u32 = 1;

/// Confidence of the intervals that are shown.
const SHOWN: f64 = 0.95;

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
    /// Lower bound of the makespan under the common limit; null where none is known.
    pub floor_ns: Option<u64>,
    /// Median makespan over the floor.
    pub floor_ratio: Option<f64>,
    /// Makespan over the reference's, from rounds that both share.
    pub ratio: Option<Ratio>,
    /// Median CPU time of a sample, user and system, exact.
    pub cpu_ns: Option<u64>,
    /// Share of it in user mode, over all samples; 0 to 1.
    pub cpu_user_share: Option<f64>,
    /// Most threads seen.
    pub threads_peak: Option<u64>,
    /// Highest resident memory seen.
    pub rss_peak_bytes: Option<u64>,
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
        let row = |cell| row(cell, &spec.reference, samples, optimised);
        let cells = cells.iter().map(row).collect();
        Summary {
            schema_version: SCHEMA_VERSION,
            host,
            spec,
            interrupted,
            cells,
        }
    }

    /// Cells that have no result.
    pub fn failures(&self) -> impl Iterator<Item = &CellSummary> {
        self.cells
            .iter()
            .filter(|cell| cell.outcome == Outcome::Failed)
    }
}

fn row(cell: &Cell, reference: &str, samples: &[Sample], optimised: bool) -> CellSummary {
    let own: Vec<&Sample> = of(samples, &cell.workload, &cell.strategy).collect();
    let counted: Vec<&Measurement> = own.iter().filter_map(|sample| counts(sample)).collect();
    let reason = own
        .iter()
        .find_map(|sample| reason(sample))
        .map(str::to_owned);
    let reason = reason.or_else(|| {
        counted
            .is_empty()
            .then(|| "it has no sample that counts".to_owned())
    });
    let (outcome, reason) = match (&cell.unsupported, reason) {
        (Some(why), _) => (Outcome::Unsupported, Some(why.clone())),
        (None, Some(why)) => (Outcome::Failed, Some(why)),
        (None, None) => (Outcome::Measured, None),
    };
    let wall_ns = spread(&counted);
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
        floor_ns,
        floor_ratio: wall_ns
            .zip(floor_ns.filter(|floor| *floor > 0))
            .map(|(wall, floor)| wall.median as f64 / floor as f64),
        ratio: ratio(&own, of(samples, &cell.workload, reference), reference),
        cpu_ns: median(
            &counted
                .iter()
                .map(|sample| sample.cpu_ns as f64)
                .collect::<Vec<_>>(),
        )
        .map(|cpu| cpu as u64),
        cpu_user_share: (user + system > 0.0).then(|| user / (user + system)),
        threads_peak: counted
            .iter()
            .filter_map(|sample| sample.threads_peak)
            .max(),
        rss_peak_bytes: counted
            .iter()
            .filter_map(|sample| sample.rss_peak_bytes)
            .max(),
        flags: Flag::all(cell, &counted, optimised),
    }
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

fn ratio<'a>(
    own: &[&Sample],
    reference: impl Iterator<Item = &'a Sample>,
    name: &str,
) -> Option<Ratio> {
    let wall = |sample: &Sample| Some((sample.round, counts(sample)?.wall_ns as f64));
    let reference: BTreeMap<u32, f64> = reference.filter_map(wall).collect();
    let paired = own.iter().filter_map(|sample| wall(sample));
    let logs: Vec<f64> = paired
        .filter_map(|(round, wall)| Some((wall / reference.get(&round)?).ln()))
        .collect();
    let interval = median_interval(&logs, SHOWN);
    Some(Ratio {
        estimate: median(&logs)?.exp(),
        low: interval.map(|(low, _)| low.exp()),
        high: interval.map(|(_, high)| high.exp()),
        reference: name.to_owned(),
        pairs: logs.len(),
    })
}
