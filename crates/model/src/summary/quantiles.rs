//! Quantiles of what was observed many times in each sample.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use workloads::Histogram;

use crate::statistics::quantile_ranks;

/// Below that many observations, the 99th percentile says little more than the largest.
const FEWEST_FOR_P99: u64 = 500;

/// Confidence of the intervals.
const CONFIDENCE: f64 = 0.95;

/// Quantiles over all observations of all samples of a cell, to three digits.
///
/// Their intervals take observations for independent. Those within one sample are not: what delays one unit delays its
/// neighbours. So the intervals are a little narrower than they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Quantiles {
    /// Observations in all samples.
    pub count: u64,
    /// Median.
    pub p50_ns: Quantile,
    /// 90th percentile.
    pub p90_ns: Quantile,
    /// 99th percentile; null below 500 observations.
    pub p99_ns: Option<Quantile>,
    /// The largest of all.
    pub max_ns: u64,
}

/// One quantile in nanoseconds, by nearest rank, with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Quantile {
    /// The observation of this rank.
    pub value_ns: u64,
    /// Lower end of the interval; null where there are too few observations.
    pub low_ns: Option<u64>,
    /// Upper end.
    pub high_ns: Option<u64>,
}

impl Quantiles {
    /// Those of all samples together; `None` if none has any.
    pub(crate) fn of<'a>(samples: impl IntoIterator<Item = &'a Histogram>) -> Option<Self> {
        let mut samples = samples.into_iter();
        let mut all = samples.next()?.clone();
        samples.for_each(|sample| all.merge(sample));
        let count = all.count();
        Some(Quantiles {
            count,
            p50_ns: Quantile::of(&all, 0.5)?,
            p90_ns: Quantile::of(&all, 0.9)?,
            p99_ns: Quantile::of(&all, 0.99).filter(|_| count >= FEWEST_FOR_P99),
            max_ns: all.max_ns(),
        })
    }
}

impl Quantile {
    fn of(all: &Histogram, quantile: f64) -> Option<Self> {
        let rank = (quantile * all.count() as f64).ceil() as u64;
        let ranks = quantile_ranks(all.count(), quantile, CONFIDENCE);
        Some(Quantile {
            value_ns: all.at(rank)?,
            low_ns: ranks.and_then(|(low, _)| all.at(low)),
            high_ns: ranks.and_then(|(_, high)| all.at(high)),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn of(nanoseconds: impl Iterator<Item = u64>) -> Histogram {
        Histogram::of(nanoseconds.map(Duration::from_nanos)).unwrap()
    }

    #[test]
    fn all_samples_of_a_cell_count_together() {
        // Alternating, so that each sample alone has another median.
        let samples = [of((1..=1440).step_by(2)), of((2..=1440).step_by(2))];
        let quantile = |value_ns, low, high| Quantile {
            value_ns,
            low_ns: Some(low),
            high_ns: Some(high),
        };
        let expected = Quantiles {
            count: 1440,
            p50_ns: quantile(720, 683, 758),
            p90_ns: quantile(1296, 1273, 1319),
            p99_ns: Some(quantile(1426, 1418, 1433)),
            max_ns: 1440,
        };
        assert_eq!(Quantiles::of(&samples), Some(expected));
    }

    #[test]
    fn there_is_no_99th_percentile_of_few_and_no_interval_of_fewer() {
        let upto = |count| Quantiles::of(&[of(1..=count)]).unwrap();
        assert_eq!((upto(499).p99_ns, upto(500).count), (None, 500));
        assert_eq!(upto(500).p99_ns.map(|p99| p99.value_ns), Some(495));
        let five = upto(5);
        assert_eq!((five.p50_ns.value_ns, five.p90_ns.value_ns), (3, 5));
        assert_eq!((five.p50_ns.low_ns, five.p50_ns.high_ns), (None, None));
        assert_eq!(Quantiles::of(&[]), None);
    }
}
