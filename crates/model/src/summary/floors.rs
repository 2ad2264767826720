//! Samples against the lower bounds of their own delays.

use std::time::Duration;

use crate::statistics::median;
use crate::{Cell, Measurement, Sample};

/// Makespans of one row, each with a lower bound.
pub(crate) struct Floors {
    pairs: Vec<(f64, f64)>,
    /// The bound of the cell, for a row without samples.
    usual: Option<f64>,
}

impl Floors {
    /// Against the lower bound under the common limit.
    pub(crate) fn common(cell: &Cell, timed: &[(&Sample, &Measurement)]) -> Self {
        Floors::of(cell.floor, timed, |sample| sample.floor_ns)
    }

    /// Against that with as many in flight as the strategy can have.
    pub(crate) fn own(cell: &Cell, timed: &[(&Sample, &Measurement)]) -> Self {
        Floors::of(cell.own_floor, timed, |sample| sample.own_floor_ns)
    }

    fn of(
        usual: Option<Duration>,
        timed: &[(&Sample, &Measurement)],
        drawn: impl Fn(&Sample) -> Option<u64>,
    ) -> Self {
        let usual = usual.map(|floor| floor.as_nanos() as f64);
        let pair = |(sample, it): &(&Sample, &Measurement)| {
            let floor = drawn(sample).map(|floor| floor as f64).or(usual)?;
            Some((it.wall_ns as f64, floor))
        };
        Floors {
            pairs: timed.iter().filter_map(pair).collect(),
            usual,
        }
    }

    /// The median of the bounds.
    pub(crate) fn floor_ns(&self) -> Option<u64> {
        let floor = self.median(|_, floor| floor).or(self.usual)?;
        Some(floor as u64)
    }

    /// Makespan over bound, as a median.
    pub(crate) fn times(&self) -> Option<f64> {
        self.ratio(|wall, floor| wall / floor)
    }

    /// One over that.
    pub(crate) fn efficiency(&self) -> Option<f64> {
        self.ratio(|wall, floor| floor / wall)
    }

    /// Makespan less bound, as a median.
    pub(crate) fn above_ns(&self) -> Option<u64> {
        self.median(|wall, floor| (wall - floor).max(0.0))
            .map(|above| above as u64)
    }

    /// Makespan less bound, of each sample.
    pub(crate) fn excesses(&self) -> Vec<f64> {
        let each = self.pairs.iter().map(|(wall, floor)| wall - floor);
        each.collect()
    }

    /// Where all samples have the same bound, it is that of the median makespan in whole nanoseconds, as it is shown: then the digits are
    /// those of runs from before there were draws.
    fn ratio(&self, of: impl Fn(f64, f64) -> f64) -> Option<f64> {
        let (_, first) = self.pairs.first()?;
        if self.pairs.iter().any(|(_, floor)| *floor <= 0.0) {
            return None;
        }
        match self.pairs.iter().all(|(_, floor)| floor == first) {
            true => Some(of(self.median(|wall, _| wall)?.trunc(), *first)),
            // The median of inverses is the inverse of the median, but for the two in the middle of an even number.
            false => {
                let times = self.median(|wall, floor| wall / floor)?;
                Some(of(times, 1.0))
            }
        }
    }

    fn median(&self, value: impl Fn(f64, f64) -> f64) -> Option<f64> {
        let values = self.pairs.iter().map(|(wall, floor)| value(*wall, *floor));
        median(&values.collect::<Vec<_>>())
    }
}
