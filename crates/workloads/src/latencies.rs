//! How long single things took within one run.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Quantiles of what was recorded in one run, by nearest rank.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Latencies {
    /// How many there are.
    pub count: u64,
    /// Half of them took at most so long.
    pub p50_ns: u64,
    /// Nine in ten.
    pub p90_ns: u64,
    /// Ninety-nine in a hundred. With fewer than 500 it says little more than the largest.
    pub p99_ns: u64,
    /// All of them.
    pub max_ns: u64,
}

impl Latencies {
    /// The quantiles of these; `None` if there are none.
    pub fn of(mut all: Vec<Duration>) -> Option<Self> {
        all.sort_unstable();
        let rank = |share: f64| {
            let rank = (share * all.len() as f64).ceil() as usize;
            all.get(rank.max(1) - 1)
                .map(|latency| u64::try_from(latency.as_nanos()).unwrap_or(u64::MAX))
        };
        Some(Latencies {
            count: all.len() as u64,
            p50_ns: rank(0.5)?,
            p90_ns: rank(0.9)?,
            p99_ns: rank(0.99)?,
            max_ns: rank(1.0)?,
        })
    }
}

/// Collects durations from all units of one run. Clones share.
#[derive(Clone, Debug, Default)]
pub struct Recorder(Arc<Mutex<Vec<Duration>>>);

impl Recorder {
    /// Adds one.
    pub fn record(&self, latency: Duration) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push(latency);
    }

    /// The quantiles so far.
    pub fn latencies(&self) -> Option<Latencies> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Latencies::of(all.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_values_that_occurred() {
        let all = (1..=1000).rev().map(Duration::from_nanos).collect();
        let expected = Latencies {
            count: 1000,
            p50_ns: 500,
            p90_ns: 900,
            p99_ns: 990,
            max_ns: 1000,
        };
        assert_eq!(Latencies::of(all), Some(expected));
        assert_eq!(Latencies::of(vec![]), None);
        let one = Latencies::of(vec![Duration::from_nanos(7)]).unwrap();
        assert_eq!((one.p50_ns, one.p99_ns, one.max_ns), (7, 7, 7));
    }
}
