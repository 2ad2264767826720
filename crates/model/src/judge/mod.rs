//! The rows of one workload against each other: ratios within rounds, their intervals, verdicts and ties.

pub(crate) mod disturbed;
pub(crate) mod doubt;
pub(crate) mod flag;
pub(crate) mod noise;
pub(crate) mod ratio;
pub(crate) mod span;
pub(crate) mod suspicion;
pub(crate) mod verdict;

use std::collections::{BTreeMap, BTreeSet};
use std::f64::consts::FRAC_PI_2;

use crate::judge::verdict::{Grounds, margins};
use crate::statistics::{
    Friedman, Sides, autocorrelation, friedman, hierarchical_interval, letters, mean, median,
    median_interval, p_apart_together, p_of_groups, p_together, parts, standard_deviation,
};
use crate::{Noise, Ratio, Row, Verdict};

/// Confidence of the intervals that are shown.
pub(crate) const SHOWN: f64 = 0.95;

/// Makespans of one row that count.
#[derive(Clone, Debug)]
pub(crate) struct Makespans<'a> {
    pub(crate) row: &'a Row,
    /// By round: the launch, and the makespan in nanoseconds.
    pub(crate) walls: BTreeMap<u32, (u32, f64)>,
}

impl Makespans<'_> {
    /// Its ratio to another row.
    pub(crate) fn over(&self, reference: &Makespans, seed: u64) -> Option<Ratio> {
        Logs::of(self, reference).ratio(reference, seed)
    }
}

/// All rows of a workload that have a result.
pub(crate) struct Judged<'a> {
    pub(crate) rows: Vec<Makespans<'a>>,
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
    /// Its ratio to the fastest row, where the two surely differ.
    pub(crate) over_fastest: Option<Ratio>,
    /// How alike neighbouring rounds are.
    pub(crate) autocorrelation: Option<f64>,
    /// Rounds that these rest on.
    pub(crate) rounds: usize,
    /// The chance of launches that differ as much or more, if a launch changed nothing.
    pub(crate) p_of_launches: Option<f64>,
    /// How far the mean of the logarithms of its ratios is from their median, where that is more than chance.
    pub(crate) skew: Option<f64>,
}

/// Log ratios of two rows in the rounds that both share.
struct Logs {
    rounds: Vec<u32>,
    launches: Vec<u32>,
    values: Vec<f64>,
}

impl Logs {
    fn of(row: &Makespans, reference: &Makespans) -> Self {
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

    /// On which side of a value it is in each round.
    fn sides(&self, value: f64) -> Sides {
        Sides::new(
            self.rounds.iter().copied().zip(self.values.iter().copied()),
            value,
        )
    }

    /// How far from 0 a median may lie that a sign test would tell from it as often as not.
    fn reach(&self, alpha: f64) -> Option<f64> {
        let (low, high) = median_interval(&self.values, 1.0 - alpha)?;
        Some((high - low) / 2.0)
    }

    fn by_launch(&self) -> Vec<Vec<f64>> {
        let mut groups: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
        for (launch, value) in self.launches.iter().zip(&self.values) {
            groups.entry(*launch).or_default().push(*value);
        }
        groups.into_values().collect()
    }

    /// With few launches, how they differ cannot be learnt from them: the order statistics of the pairs are all there is.
    fn interval(&self, confidence: f64, seed: u64) -> Option<(f64, f64)> {
        let paired = median_interval(&self.values, confidence)?;
        let launched = hierarchical_interval(&self.by_launch(), confidence, seed);
        Some(launched.unwrap_or(paired))
    }

    /// Whether an interval of this confidence lies where `is` says, or all rounds do: most rows are far off, and need no interval.
    fn surely(&self, confidence: f64, seed: u64, is: impl Fn((f64, f64)) -> bool) -> bool {
        let extremes = self
            .values
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
                (low.min(*value), high.max(*value))
            });
        is(extremes) || self.interval(confidence, seed).is_some_and(is)
    }

    fn ratio(&self, reference: &Makespans, seed: u64) -> Option<Ratio> {
        let interval = self.interval(SHOWN, seed);
        Some(Ratio {
            estimate: median(&self.values)?.exp(),
            low: interval.map(|(low, _)| low.exp()),
            high: interval.map(|(_, high)| high.exp()),
            reference: reference.row.clone(),
            pairs: self.values.len(),
        })
    }
}

/// One row against a reference, with what is noise beside them.
pub(crate) struct Pair {
    logs: Logs,
    ratio: Ratio,
    noise: Option<f64>,
    seed: u64,
}

impl Pair {
    /// None where they share no round.
    pub(crate) fn new(
        row: &Makespans,
        reference: &Makespans,
        noise: Option<&Noise>,
        seed: u64,
    ) -> Option<Self> {
        let logs = Logs::of(row, reference);
        Some(Pair {
            ratio: logs.ratio(reference, seed)?,
            noise: noise.and_then(Noise::log),
            logs,
            seed,
        })
    }

    pub(crate) fn ratio(&self) -> &Ratio {
        &self.ratio
    }

    /// Neighbouring rounds that are alike make every test err more often.
    fn autocorrelation(&self) -> Option<f64> {
        autocorrelation(&self.logs.values)
    }

    /// The chance of launches that differ as much or more, if a launch changed nothing. None where launches or rounds are too few.
    fn p_of_launches(&self) -> Option<f64> {
        p_of_groups(&self.logs.by_launch())
    }

    /// How far the mean of the logarithms is from their median, where that is more than chance: by more than two standard errors
    /// of the distance, as normal noise has it.
    fn skew(&self) -> Option<f64> {
        let values = &self.logs.values;
        let apart = mean(values)? - median(values)?;
        let error =
            (FRAC_PI_2 - 1.0).sqrt() * standard_deviation(values)? / (values.len() as f64).sqrt();
        (apart.abs() > 2.0 * error).then_some(apart)
    }
}

/// What may be said of each pair, of all of them together: sign tests of the medians, adjusted for each other, and intervals that
/// hold at once.
pub(crate) fn verdicts(pairs: &[&Pair], alpha: f64) -> Vec<Verdict> {
    let (least, most) = margins();
    let sides =
        |value: f64| -> Vec<Sides> { pairs.iter().map(|pair| pair.logs.sides(value)).collect() };
    let even = sides(0.0);
    let p_apart = p_apart_together(&even);
    let p_below = p_together(&sides(most), Sides::p_below);
    let p_above = p_together(&sides(least), Sides::p_above);
    let parts = parts(&even);
    let verdict = |(at, pair): (usize, &&Pair)| {
        let share = alpha / parts[at] as f64;
        let surely = |is: &dyn Fn((f64, f64)) -> bool| pair.logs.surely(1.0 - share, pair.seed, is);
        let inside = p_below[at] <= alpha && p_above[at] <= alpha;
        let grounds = Grounds {
            estimate: pair.ratio.estimate.ln(),
            p: p_apart[at],
            inside: inside && surely(&|(low, high)| least < low && high < most),
            apart: p_apart[at] <= alpha && surely(&|(low, high)| low > 0.0 || high < 0.0),
            noise: pair.noise,
            reach: pair.logs.reach(share),
        };
        grounds.verdict()
    };
    pairs.iter().enumerate().map(verdict).collect()
}

impl<'a> Judged<'a> {
    /// The A/A pair of these rows.
    pub(crate) fn noise(&self, row: &Row, twin: &Row) -> Option<Noise> {
        let ratio = self.of(twin)?.over(self.of(row)?, self.seed)?;
        Some(Noise::new(row, twin, ratio))
    }

    /// Two of its rows.
    pub(crate) fn pair(&self, row: &Row, reference: &Row, noise: Option<&Noise>) -> Option<Pair> {
        Pair::new(self.of(row)?, self.of(reference)?, noise, self.seed)
    }

    fn of(&self, row: &Row) -> Option<&Makespans<'a>> {
        self.rows.iter().find(|it| it.row == row)
    }

    /// What can be said of each row, in the order of the rows.
    pub(crate) fn found(&self, noise: Option<&Noise>) -> Vec<Found> {
        let mut found = vec![Found::default(); self.rows.len()];
        let differ = self.differ(noise);
        for (found, tie) in found.iter_mut().zip(self.ties(&differ)) {
            found.tie = Some(tie);
        }
        for (index, ratio) in self.behind(&differ) {
            found[index].over_fastest = Some(ratio);
        }
        let Some(reference) = self.reference else {
            return found;
        };
        let reference = &self.rows[reference];
        let pairs = self
            .rows
            .iter()
            .map(|row| Pair::new(row, reference, noise, self.seed));
        let pairs: Vec<Option<Pair>> = pairs.collect();
        let others = |index: usize| Some(index) != self.reference;
        let judged = pairs.iter().enumerate().filter(|(index, _)| others(*index));
        let judged: Vec<&Pair> = judged.filter_map(|(_, pair)| pair.as_ref()).collect();
        let mut verdicts = verdicts(&judged, self.alpha).into_iter();
        for (index, (found, pair)) in found.iter_mut().zip(&pairs).enumerate() {
            let Some(pair) = pair else { continue };
            found.ratio = Some(pair.ratio.clone());
            if others(index) {
                found.verdict = verdicts.next();
                found.autocorrelation = pair.autocorrelation();
                found.p_of_launches = pair.p_of_launches();
                found.rounds = pair.ratio.pairs;
                found.skew = pair.skew();
            }
        }
        found
    }

    /// The rows that surely differ from the fastest, over it. A twin stands for its row, so it is never the fastest.
    fn behind(&self, differ: &BTreeSet<(usize, usize)>) -> Vec<(usize, Ratio)> {
        let plain = |index: &usize| self.rows[*index].row.twin_of().is_none();
        let Some(fastest) = self.order().into_iter().find(plain) else {
            return Vec::new();
        };
        let others = (0..self.rows.len()).filter(|index| *index != fastest);
        let told = others.filter(|it| differ.contains(&(fastest.max(*it), fastest.min(*it))));
        let over = |it: usize| self.rows[it].over(&self.rows[fastest], self.seed);
        told.filter_map(|it| Some((it, over(it)?))).collect()
    }

    /// The pairs of rows that surely differ, the larger index first.
    fn differ(&self, noise: Option<&Noise>) -> BTreeSet<(usize, usize)> {
        let noise = noise.and_then(Noise::log);
        let pairs = (0..self.rows.len()).flat_map(|a| (0..a).map(move |b| (a, b)));
        let pairs: Vec<(usize, usize)> = pairs.collect();
        let logs = pairs
            .iter()
            .map(|(a, b)| Logs::of(&self.rows[*a], &self.rows[*b]));
        let logs: Vec<Logs> = logs.collect();
        let sides: Vec<Sides> = logs.iter().map(|logs| logs.sides(0.0)).collect();
        let parts = parts(&sides);
        let sure = p_apart_together(&sides)
            .into_iter()
            .zip(parts)
            .zip(&logs)
            .map(|((p, parts), logs)| {
                let share = self.alpha / parts as f64;
                let estimate = median(&logs.values).unwrap_or_default();
                p <= self.alpha
                    && noise.is_some_and(|noise| estimate.abs() > noise)
                    && logs.surely(1.0 - share, self.seed, |(low, high)| {
                        low > 0.0 || high < 0.0
                    })
            });
        let sure = pairs.iter().zip(sure).filter(|(_, sure)| *sure);
        sure.map(|(pair, _)| *pair).collect()
    }

    /// Letters for each row: two rows share one exactly where it is not sure that they differ.
    fn ties(&self, differ: &BTreeSet<(usize, usize)>) -> Vec<String> {
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
        let typical = |row: &Makespans| {
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
