//! What is known of one cell after a run.

use std::collections::BTreeMap;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::judge::SHOWN;
use crate::judge::suspicion;
use crate::spec::row::{self, Row};
use crate::statistics::{
    mean, median, median_absolute_deviation, median_interval, standard_deviation,
};
use crate::summary::floors::Floors;
use crate::{Cell, Flag, Measurement, Quantiles, Ratio, Reason, Sample, SampleOutcome, Verdict};

/// Why a cell of an interrupted run has no result.
pub(crate) const NOT_REACHED: &str = "the run was interrupted before its first sample that counts";

/// One row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CellSummary {
    /// Name of the workload.
    pub workload: String,
    /// The strategy, and which entry of it.
    #[serde(flatten, with = "row::fields")]
    #[schemars(with = "row::fields::Fields")]
    pub row: Row,
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
    /// Lower bound of the makespan under the common limit; null where none is known. Where each round draws new delays, each has a
    /// lower bound of its own, and this is their median.
    pub floor_ns: Option<u64>,
    /// Makespan over the floor of the same round, as a median.
    pub floor_ratio: Option<f64>,
    /// One over that: 1 is the best possible.
    pub efficiency: Option<f64>,
    /// What each unit adds to the floor: makespan less the floor of the same round, as a median, over the units.
    pub excess_per_unit_ns: Option<u64>,
    /// Makespan over the reference's, from rounds that both share; null where the reference has no result.
    pub ratio: Option<Ratio>,
    /// What that means; null for the reference itself.
    pub verdict: Option<Verdict>,
    /// Letters: rows of a workload that share one cannot be told apart, the fastest have `a`.
    pub tie: Option<String>,
    /// Makespan over that of the row with the smallest median; null for that row, and for rows that cannot be told from it. That row is
    /// chosen after it was measured, so where rows are close these ratios are a little too large.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over_fastest: Option<Ratio>,
    /// How alike neighbouring rounds are: the lag-1 autocorrelation of the logarithms of its ratios; from -1 to 1. Null below 8 rounds.
    pub autocorrelation: Option<f64>,
    /// Median CPU time of a sample, user and system, exact; null where a program does not tell it.
    pub cpu_ns: Option<u64>,
    /// Share of it in user mode, over all samples; 0 to 1.
    pub cpu_user_share: Option<f64>,
    /// Median of how often a thread gave up the processor by waiting.
    pub switches_voluntary: Option<u64>,
    /// Median of how often a thread lost the processor.
    pub switches_involuntary: Option<u64>,
    /// Median of the page faults served without reading.
    pub minor_faults: Option<u64>,
    /// Median of the allocations of a sample; null unless makespan was built to count them.
    pub allocations: Option<u64>,
    /// Median of the bytes allocated in a sample; likewise.
    pub allocated_bytes: Option<u64>,
    /// Median of the calls that read, as the kernel counts them: without those on sockets that are no plain reads.
    pub read_syscalls: Option<u64>,
    /// Median of the calls that write, likewise.
    pub write_syscalls: Option<u64>,
    /// Most threads seen.
    pub threads_peak: Option<u64>,
    /// Highest resident memory seen.
    pub rss_peak_bytes: Option<u64>,
    /// Resident memory that a sample added to what was there with everything open, as a median.
    pub rss_grown_bytes: Option<u64>,
    /// Median of the largest number of the server's answers that were due at once.
    pub largest_due_batch: Option<u64>,
    /// Whether units begin at times of their own, from which their latency counts; if not, from when each began.
    pub paced: bool,
    /// How long units took, over all samples.
    pub latencies: Option<Quantiles>,
    /// How late the heartbeat beside the units was, over all samples.
    pub heartbeat: Option<Quantiles>,
    /// What happened and how often, where that is the question.
    pub verdicts: BTreeMap<String, usize>,
    /// What to know before quoting it.
    pub flags: Vec<Flag>,
    /// Why its numbers are what they are, where a rule of the catalogue holds.
    #[serde(default)]
    pub reasons: Vec<Reason>,
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
    /// Lower end of the 95 % interval of the median; null below 6 samples.
    pub low: Option<u64>,
    /// Upper end.
    pub high: Option<u64>,
    /// Median absolute deviation, unscaled.
    pub mad: u64,
    /// Shortest.
    pub min: u64,
    /// Longest.
    pub max: u64,
}

/// Everything about a row that needs no other row.
pub(crate) fn row(
    cell: &Cell,
    own: &[&Sample],
    counts: impl Fn(&Sample) -> bool,
    interrupted: bool,
    optimised: bool,
) -> CellSummary {
    let counted = own.iter().filter(|sample| counts(sample));
    let counted: Vec<(&Sample, &Measurement)> = counted
        .filter_map(|sample| Some((*sample, measured(sample)?)))
        .collect();
    let held = if cell.asks { &[][..] } else { &counted };
    let (floors, own_floors) = (Floors::common(cell, held), Floors::own(cell, held));
    let to_own = own_floors.times().zip(own_floors.floor_ns());
    let to_own = to_own.map(|(times, floor)| (times, Duration::from_nanos(floor)));
    let counted: Vec<&Measurement> = counted.into_iter().map(|(_, it)| it).collect();
    // Where the question is what happens, the times mean nothing.
    let timed: &[&Measurement] = if cell.asks { &[] } else { &counted };
    let none = if interrupted {
        NOT_REACHED
    } else {
        "it has no sample that counts"
    };
    let reason = suspicion::reason(own).or_else(|| counted.is_empty().then(|| none.to_owned()));
    let (outcome, reason) = match (&cell.unsupported, reason) {
        (Some(why), _) => (Outcome::Unsupported, Some(why.clone())),
        (None, Some(why)) => (Outcome::Failed, Some(why)),
        (None, None) => (Outcome::Measured, None),
    };
    let wall_ns = spread(timed);
    let walls: Vec<f64> = timed.iter().map(|sample| sample.wall_ns as f64).collect();
    let sum = |value: fn(&Measurement) -> u64| {
        counted
            .iter()
            .map(|sample| value(sample) as f64)
            .sum::<f64>()
    };
    let (user, system) = (
        sum(|sample| sample.cpu_user_ns),
        sum(|sample| sample.cpu_system_ns),
    );
    CellSummary {
        workload: cell.workload.clone(),
        row: cell.row.clone(),
        client: cell.client.clone(),
        outcome,
        reason,
        samples: counted.len(),
        wall_ns,
        mean_ns: mean(&walls).map(|mean| mean as u64),
        deviation_ns: standard_deviation(&walls).map(|deviation| deviation as u64),
        floor_ns: floors.floor_ns(),
        floor_ratio: floors.times(),
        efficiency: floors.efficiency(),
        excess_per_unit_ns: floors.above_ns().map(|above| above / cell.units.max(1)),
        ratio: None,
        verdict: None,
        tie: None,
        over_fastest: None,
        autocorrelation: None,
        // No work is done without: whoever says so has not measured it.
        cpu_ns: typical(timed, |sample| Some(sample.cpu_ns)).filter(|cpu| *cpu > 0),
        cpu_user_share: (user + system > 0.0).then(|| user / (user + system)),
        switches_voluntary: typical(timed, |sample| Some(sample.switches_voluntary)),
        switches_involuntary: typical(timed, |sample| Some(sample.switches_involuntary)),
        minor_faults: typical(timed, |sample| Some(sample.minor_faults)),
        allocations: typical(timed, |sample| sample.allocations),
        allocated_bytes: typical(timed, |sample| sample.allocated_bytes),
        read_syscalls: typical(timed, |sample| sample.read_syscalls),
        write_syscalls: typical(timed, |sample| sample.write_syscalls),
        threads_peak: counted
            .iter()
            .filter_map(|sample| sample.threads_peak)
            .max(),
        rss_peak_bytes: counted
            .iter()
            .filter_map(|sample| sample.rss_peak_bytes)
            .max(),
        rss_grown_bytes: typical(timed, |it| {
            Some(it.rss_peak_bytes?.saturating_sub(it.rss_base_bytes?))
        }),
        largest_due_batch: typical(timed, |it| Some(it.witness.as_ref()?.largest_due_batch)),
        paced: cell.paced,
        latencies: Quantiles::of(timed.iter().filter_map(|it| it.latencies.as_ref())),
        heartbeat: Quantiles::of(timed.iter().filter_map(|it| it.heartbeat.as_ref())),
        verdicts: verdicts(&counted),
        flags: Flag::all(cell, timed, to_own, optimised),
        reasons: Vec::new(),
    }
}

/// The median of something that is counted in each sample.
fn typical(samples: &[&Measurement], value: impl Fn(&Measurement) -> Option<u64>) -> Option<u64> {
    let values = samples
        .iter()
        .filter_map(|sample| value(sample))
        .map(|value| value as f64);
    median(&values.collect::<Vec<_>>()).map(|value| value as u64)
}

fn verdicts(samples: &[&Measurement]) -> BTreeMap<String, usize> {
    let mut verdicts = BTreeMap::new();
    for verdict in samples.iter().filter_map(|sample| sample.verdict.clone()) {
        *verdicts.entry(verdict).or_default() += 1;
    }
    verdicts
}

/// What was measured, if nothing was wrong with it.
pub(crate) fn measured(sample: &Sample) -> Option<&Measurement> {
    match &sample.outcome {
        SampleOutcome::Measured(measurement) => Some(measurement),
        _ => None,
    }
}

fn spread(samples: &[&Measurement]) -> Option<Spread> {
    let walls: Vec<f64> = samples.iter().map(|sample| sample.wall_ns as f64).collect();
    let interval = median_interval(&walls, SHOWN);
    Some(Spread {
        median: median(&walls)? as u64,
        low: interval.map(|(low, _)| low as u64),
        high: interval.map(|(_, high)| high as u64),
        mad: median_absolute_deviation(&walls)? as u64,
        min: samples.iter().map(|sample| sample.wall_ns).min()?,
        max: samples.iter().map(|sample| sample.wall_ns).max()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures;

    fn summed(samples: &[Sample]) -> CellSummary {
        let samples: Vec<&Sample> = samples.iter().collect();
        let cell = Cell {
            own_floor: Some(Duration::from_millis(80)),
            in_flight: 16,
            ..fixtures::cell("tokio")
        };
        row(&cell, &samples, |sample| sample.kept, false, true)
    }

    #[test]
    fn each_sample_is_held_against_the_floor_of_its_own_draw() {
        let sample = |round, wall_ms: u64, floor_ms: u64| Sample {
            draw: round + 1,
            floor_ns: Some(floor_ms * 1_000_000),
            own_floor_ns: Some(floor_ms * 2_000_000),
            ..fixtures::sample("get", "tokio", round, wall_ms * 1_000_000)
        };
        // Median wall and median floor are of different rounds: together they would say 1.5.
        let row = summed(&[sample(1, 60, 50), sample(2, 60, 20), sample(3, 44, 40)]);
        assert_eq!(row.floor_ns, Some(40_000_000));
        assert_eq!(row.floor_ratio, Some(1.2));
        assert_eq!(row.efficiency, Some(1.0 / 1.2));
        assert_eq!(row.excess_per_unit_ns, Some(10_000_000 / 60));
    }

    #[test]
    fn a_sample_without_a_floor_of_its_own_has_that_of_the_cell() {
        let row = summed(&[fixtures::sample("get", "tokio", 1, 60_000_000)]);
        assert_eq!(
            (row.floor_ns, row.floor_ratio),
            (Some(40_000_000), Some(1.5))
        );
        assert_eq!(row.excess_per_unit_ns, Some(20_000_000 / 60));
        // Nor does a row without samples lose it.
        assert_eq!(summed(&[]).floor_ns, Some(40_000_000));
    }
}
