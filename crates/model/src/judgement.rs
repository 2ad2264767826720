//! The rows of one workload against each other: ratios within rounds, their intervals, verdicts and ties.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::statistics::{
    Flip, Friedman, friedman, hierarchical_interval, holm, letters, median,
    median_absolute_deviation, median_interval, sign_flips,
};
use crate::verdict::{Grounds, margins};
use crate::{Noise, Verdict};

/// Confidence of the intervals that are shown.
pub(crate) const SHOWN: f64 = 0.95;

/// A median absolute deviation times this estimates the standard deviation of normal values (Rousseeuw and Croux, JASA 1993).
const TO_DEVIATION: f64 = 1.4826;

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

impl Ratio {
    /// How far the interval reaches from the estimate, as a share of it; infinite where there is none.
    pub fn reach(&self) -> f64 {
        match (self.low, self.high) {
            (Some(low), Some(high)) => (high / self.estimate - 1.0).max(1.0 - low / self.estimate),
            _ => f64::INFINITY,
        }
    }
}

/// Makespans of one row that count.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row<'a> {
    pub(crate) strategy: &'a str,
    /// By round: the launch, and the makespan in nanoseconds.
    pub(crate) walls: BTreeMap<u32, (u32, f64)>,
}

impl Row<'_> {
    /// Its ratio to another row.
    pub(crate) fn over(&self, reference: &Row, seed: u64) -> Option<Ratio> {
        Logs::of(self, reference).ratio(reference, seed)
    }
}

/// All rows of a workload that have a result.
pub(crate) struct Judged<'a> {
    pub(crate) rows: Vec<Row<'a>>,
    /// The row in the denominator; none if it has no result.
    pub(crate) reference: Option<usize>,
    pub(crate) alpha: f64,
    pub(crate) seed: u64,
}

/// What was found of one row.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    pub(crate) ratio: Option<Ratio>,
    pub(crate) verdict: Option<Verdict>,
    pub(crate) tie: Option<String>,
}

/// Log ratios of two rows in the rounds that both share.
struct Logs {
    rounds: Vec<u32>,
    launches: Vec<u32>,
    values: Vec<f64>,
}

impl Logs {
    fn of(row: &Row, reference: &Row) -> Self {
        let shared = row.walls.iter().filter_map(|(round, (launch, wall))| {
            let (_, other) = reference.walls.get(round)?;
            Some((*round, *launch, (wall / other).ln()))
        });
        let mut logs = Logs {
            rounds: Vec::new(),
            launches: Vec::new(),
            values: Vec::new(),
        };
        for (round, launch, value) in shared {
            logs.rounds.push(round);
            logs.launches.push(launch);
            logs.values.push(value);
        }
        logs
    }

    fn by_launch(&self) -> Vec<Vec<f64>> {
        let mut groups: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
        for (launch, value) in self.launches.iter().zip(&self.values) {
            groups.entry(*launch).or_default().push(*value);
        }
        groups.into_values().collect()
    }

    /// With few launches, how they differ cannot be learnt from them: the order statistics of the pairs are all there is.
    fn interval(&self, seed: u64) -> Option<(f64, f64)> {
        let paired = median_interval(&self.values, SHOWN)?;
        Some(hierarchical_interval(&self.by_launch(), SHOWN, seed).unwrap_or(paired))
    }

    fn ratio(&self, reference: &Row, seed: u64) -> Option<Ratio> {
        let interval = self.interval(seed);
        Some(Ratio {
            estimate: median(&self.values)?.exp(),
            low: interval.map(|(low, _)| low.exp()),
            high: interval.map(|(_, high)| high.exp()),
            reference: reference.strategy.to_owned(),
            pairs: self.values.len(),
        })
    }
}

/// Tests of several log ratios against the same value, p adjusted for all: max-T among those that share all their rounds, Holm
/// across such families.
fn tests(all: &[Logs], shift: f64, seed: u64) -> Vec<Flip> {
    let mut families: BTreeMap<&[u32], Vec<usize>> = BTreeMap::new();
    for (index, logs) in all.iter().enumerate() {
        families.entry(&logs.rounds).or_default().push(index);
    }
    let flips = families.values().map(|members| {
        let values = members.iter().map(|index| all[*index].values.clone());
        sign_flips(&values.collect::<Vec<_>>(), shift, seed)
    });
    let flips: Vec<Vec<Flip>> = flips.collect();
    let adjusted = holm(
        &flips
            .iter()
            .map(|family| family.iter().map(|flip| flip.p).collect())
            .collect::<Vec<_>>(),
    );
    let mut tests = vec![
        Flip {
            p: 1.0,
            positive: false
        };
        all.len()
    ];
    for ((members, flips), adjusted) in families.values().zip(&flips).zip(adjusted) {
        for ((index, flip), p) in members.iter().zip(flips).zip(adjusted) {
            tests[*index] = Flip {
                p,
                positive: flip.positive,
            };
        }
    }
    tests
}

impl<'a> Judged<'a> {
    /// The A/A pair of these names.
    pub(crate) fn noise(&self, strategy: &str, twin: &str) -> Option<Noise> {
        let row = |name: &str| self.rows.iter().find(|row| row.strategy == name);
        let (row, twin) = (row(strategy)?, row(twin)?);
        let ratio = twin.over(row, self.seed)?;
        Some(Noise::new(strategy, twin.strategy, ratio))
    }

    /// What can be said of each row, in the order of the rows.
    pub(crate) fn found(&self, noise: Option<&Noise>) -> Vec<Found> {
        let noise = noise.and_then(Noise::log);
        let mut found = vec![Found::default(); self.rows.len()];
        if let Some(reference) = self.reference {
            self.against(reference, noise, &mut found);
        }
        for (found, tie) in found.iter_mut().zip(self.ties(noise)) {
            found.tie = Some(tie);
        }
        found
    }

    fn against(&self, reference: usize, noise: Option<f64>, found: &mut [Found]) {
        let logs = self
            .rows
            .iter()
            .map(|row| Logs::of(row, &self.rows[reference]));
        let logs: Vec<Logs> = logs.collect();
        for (found, logs) in found.iter_mut().zip(&logs) {
            found.ratio = logs.ratio(&self.rows[reference], self.seed);
        }
        let others: Vec<usize> = (0..self.rows.len())
            .filter(|index| *index != reference)
            .collect();
        let logs: Vec<Logs> = logs
            .into_iter()
            .enumerate()
            .filter(|(index, _)| *index != reference)
            .map(|(_, logs)| logs)
            .collect();
        let (low, high) = margins();
        let [equal, upper, lower] = [0.0, high, low].map(|shift| tests(&logs, shift, self.seed));
        for (at, (index, logs)) in others.iter().zip(&logs).enumerate() {
            let Some(estimate) = median(&logs.values) else {
                continue;
            };
            let grounds = Grounds {
                estimate,
                deviation: TO_DEVIATION
                    * median_absolute_deviation(&logs.values).unwrap_or_default(),
                rounds: logs.values.len(),
                tests: [equal[at], upper[at], lower[at]],
                noise,
                alpha: self.alpha,
                alpha_each: self.alpha / others.len() as f64,
            };
            found[*index].verdict = Some(grounds.verdict());
        }
    }

    /// Letters for each row: two rows share one exactly where it is not sure that they differ.
    fn ties(&self, noise: Option<f64>) -> Vec<String> {
        let pairs = (0..self.rows.len()).flat_map(|a| (0..a).map(move |b| (a, b)));
        let pairs: Vec<(usize, usize)> = pairs.collect();
        let logs = pairs
            .iter()
            .map(|(a, b)| Logs::of(&self.rows[*a], &self.rows[*b]));
        let logs: Vec<Logs> = logs.collect();
        let sure = tests(&logs, 0.0, self.seed)
            .into_iter()
            .zip(&logs)
            .map(|(test, logs)| {
                let estimate = median(&logs.values).unwrap_or_default();
                test.p <= self.alpha
                    && test.positive == (estimate > 0.0)
                    && noise.is_some_and(|noise| estimate.abs() > noise)
            });
        let differ: BTreeSet<(usize, usize)> = pairs
            .iter()
            .zip(sure)
            .filter(|(_, sure)| *sure)
            .map(|(pair, _)| *pair)
            .collect();
        let order = self.order();
        let letters = letters(order.len(), |a, b| {
            let (a, b) = (order[a], order[b]);
            differ.contains(&(a.max(b), a.min(b)))
        });
        let mut ties = vec![String::new(); self.rows.len()];
        for (index, letter) in order.into_iter().zip(letters) {
            ties[index] = letter;
        }
        ties
    }

    /// Rows from fast to slow.
    fn order(&self) -> Vec<usize> {
        let typical = |row: &Row| {
            median(
                &row.walls
                    .values()
                    .map(|(_, wall)| *wall)
                    .collect::<Vec<_>>(),
            )
        };
        let typical: Vec<f64> = self
            .rows
            .iter()
            .map(|row| typical(row).unwrap_or(f64::INFINITY))
            .collect();
        let mut order: Vec<usize> = (0..self.rows.len()).collect();
        order.sort_by(|a, b| typical[*a].total_cmp(&typical[*b]));
        order
    }

    /// Whether rows differ at all, over those that are in most rounds.
    pub(crate) fn friedman(&self) -> Option<Friedman> {
        let most = self.rows.iter().max_by_key(|row| row.walls.len())?;
        let same = self
            .rows
            .iter()
            .filter(|row| row.walls.keys().eq(most.walls.keys()));
        let walls = same.map(|row| row.walls.values().map(|(_, wall)| *wall).collect());
        friedman(&walls.collect::<Vec<_>>())
    }
}

#[cfg(test)]
mod tests;
