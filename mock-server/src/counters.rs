//! What is counted between two resets.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use nix::time::{ClockId, clock_gettime};
use workloads::Witness;

/// Keys for which there is room from the start; with more, the server pauses for milliseconds when the set grows.
pub(crate) const MOST_RESERVED: u64 = 1 << 17;

/// The counters behind [`Witness`].
pub(crate) struct Counters {
    /// Its derived fields stay 0.
    counted: Witness,
    /// Keys of what was answered.
    answered: HashSet<u64>,
    /// In nanoseconds.
    lateness: Histogram<u64>,
    began: Instant,
    cpu_at_start: Duration,
}

impl Counters {
    /// Begins with nothing, in the memory of the counters before and with room for so many requests.
    pub(crate) fn begin(before: Option<&mut Counters>, requests: u64) -> Self {
        let mut answered = before.map_or_else(HashSet::new, |c| std::mem::take(&mut c.answered));
        let room = requests.min(MOST_RESERVED);
        if (answered.capacity() as u64) < room {
            // Filled rather than reserved, so that its pages are there already when requests arrive.
            answered.extend(0..room);
        }
        answered.clear();
        Counters {
            counted: Witness::default(),
            answered,
            // Three digits from 1 ns to over a minute; later answers count as that.
            lateness: Histogram::new_with_max(1 << 36, 3).expect("the bounds are in order"),
            began: Instant::now(),
            cpu_at_start: cpu(),
        }
    }

    /// The counts as of now.
    pub(crate) fn stats(&self) -> Witness {
        Witness {
            distinct: self.answered.len() as u64,
            lateness_p50_ns: self.lateness.value_at_quantile(0.5),
            lateness_p99_ns: self.lateness.value_at_quantile(0.99),
            lateness_max_ns: self.lateness.max(),
            cpu_ns: nanos(cpu().saturating_sub(self.cpu_at_start)),
            elapsed_ns: nanos(self.began.elapsed()),
            ..self.counted.clone()
        }
    }

    /// A connection was accepted.
    pub(crate) fn accepted(&mut self) {
        self.counted.connections_accepted += 1;
    }

    /// A request was turned away.
    pub(crate) fn turned_away(&mut self) {
        self.counted.unknown += 1;
    }

    /// A request for a known path was parsed, on a connection that had brought one since the reset or not.
    pub(crate) fn arrived(&mut self, first_of_connection: bool) {
        self.counted.requests += 1;
        self.counted.connections_used += u64::from(first_of_connection);
        self.counted.in_flight += 1;
        self.counted.peak_in_flight = self.counted.peak_in_flight.max(self.counted.in_flight);
    }

    /// Such a request is about to be answered, so long after its deadline if it had to wait.
    pub(crate) fn answered(&mut self, key: u64, bytes: usize, lateness: Option<Duration>) {
        self.answered.insert(key);
        self.counted.bytes += bytes as u64;
        if let Some(lateness) = lateness {
            self.lateness.saturating_record(nanos(lateness));
        }
    }

    /// Such a request was answered, or its client has gone away, so long after it arrived.
    pub(crate) fn left(&mut self, resident: Duration) {
        self.counted.in_flight -= 1;
        self.counted.resident_ns = self.counted.resident_ns.saturating_add(nanos(resident));
    }

    /// So many waits were due at once.
    pub(crate) fn due(&mut self, batch: u64) {
        self.counted.largest_due_batch = self.counted.largest_due_batch.max(batch);
    }
}

/// CPU time of this thread.
fn cpu() -> Duration {
    clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID)
        .expect("every thread has this clock")
        .into()
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_begin_anew_without_growing_again() {
        let mut before = Counters::begin(None, 0);
        for key in 0..10_000 {
            before.arrived(key == 0);
            before.answered(key, 3, Some(Duration::from_nanos(key)));
        }
        let room = before.answered.capacity();
        let stats = before.stats();
        assert_eq!((stats.requests, stats.distinct), (10_000, 10_000));
        assert_eq!((stats.bytes, stats.connections_used), (30_000, 1));
        assert_eq!(stats.peak_in_flight, 10_000);
        assert!((4990..5010).contains(&stats.lateness_p50_ns), "{stats:?}");

        let after = Counters::begin(Some(&mut before), 1);
        assert_eq!(after.answered.capacity(), room);
        let counts = Witness {
            cpu_ns: 0,
            elapsed_ns: 0,
            ..after.stats()
        };
        assert_eq!(counts, Witness::default());
    }

    #[test]
    fn lateness_beyond_the_histogram_is_its_largest() {
        let mut counters = Counters::begin(None, 1);
        counters.answered(1, 0, Some(Duration::from_secs(3600)));
        assert!(counters.stats().lateness_max_ns >= 1 << 36);
    }
}
