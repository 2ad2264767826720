//! Whether a sample may count: same work, proven by the client's tally and by the server's account.

use std::time::Duration;

use workloads::Tally;

use crate::{Measurement, RefusalKind};

/// What every sample of one cell must show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// The tally of the complete work.
    pub tally: Tally,
    /// Units that are known before the start.
    pub units: u64,
    /// Requests of the complete work; none where it needs no server.
    pub requests: Option<u64>,
    /// Those of them that the server brings to an end, each with an id of its own.
    pub answered: u64,
    /// Whether each request must come on a connection of its own.
    pub fresh: bool,
    /// Requests that one unit may have in flight.
    pub inner: u64,
    /// Units that the strategy claims to have in flight, and never more.
    pub claimed: u64,
    /// Lower bound of the makespan for that claim, of the waits alone: how fast a machine computes is never certain enough to refuse a
    /// sample. The floors of the [cell](crate::Cell), which are shown, include computing.
    pub least: Option<Duration>,
    /// Time that one after the other would take at least.
    pub waiting: Option<Duration>,
    /// Processors of the machine.
    pub processors: u64,
}

/// Why a sample must not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What it rests on.
    pub kind: RefusalKind,
    /// In words.
    pub reason: String,
}

impl Expectation {
    /// Why the sample must not count; `None` if everything is as expected.
    pub fn refusal(&self, sample: &Measurement) -> Option<Refusal> {
        let proof = self
            .tally_refusal(sample)
            .or_else(|| self.witness_refusal(sample))
            .or_else(|| self.too_fast(sample))
            .or_else(|| little_refusal(sample))
            .or_else(|| impossible(sample, self.processors));
        let of = |kind| move |reason| Refusal { kind, reason };
        let suspicion = || self.too_slow(sample).map(of(RefusalKind::Suspicion));
        proof.map(of(RefusalKind::Proof)).or_else(suspicion)
    }

    fn tally_refusal(&self, sample: &Measurement) -> Option<String> {
        let (got, expected) = (sample.tally, self.tally);
        if got == expected {
            return None;
        }
        let what = if got.count == expected.count {
            "right count, wrong content"
        } else {
            "wrong count"
        };
        Some(format!(
            "wrong tally ({what}): {} pieces with digest {:016x}, expected {} with {:016x}",
            got.count, got.digest, expected.count, expected.digest
        ))
    }

    fn witness_refusal(&self, sample: &Measurement) -> Option<String> {
        let requests = self.requests?;
        let Some(witness) = &sample.witness else {
            return Some("the server did not witness the sample".to_owned());
        };
        let differs = |what: &str, got: u64, expected: u64| {
            (got != expected).then(|| format!("the server saw {got} {what}, expected {expected}"))
        };
        let wrong = differs("requests", witness.requests, requests)
            .or_else(|| differs("distinct items", witness.distinct, self.answered))
            .or_else(|| differs("unknown requests", witness.unknown, 0))
            .or_else(|| match self.fresh {
                true => differs("connections", witness.connections_accepted, requests),
                false => None,
            });
        if wrong.is_some() {
            return wrong;
        }
        // Who cancels a request may send the next before the server has seen the first one end.
        let cancelled = requests.saturating_sub(self.answered);
        let (peak, allowed) = (
            witness.peak_in_flight,
            self.claimed * self.inner + cancelled,
        );
        if peak > allowed {
            return Some(format!(
                "the server saw {peak} requests in flight, over the allowed {allowed}"
            ));
        }
        let serial = peak == 1 && self.can_tell_serial();
        serial.then(|| {
            format!(
                "the server never saw 2 requests in flight, though {} were claimed",
                self.claimed
            )
        })
    }

    /// Nobody waits for everything in less than the lower bound.
    fn too_fast(&self, sample: &Measurement) -> Option<String> {
        let wall = Duration::from_nanos(sample.wall_ns);
        let floor = self.least.filter(|floor| wall < *floor)?;
        Some(format!(
            "it took {wall:?}, less than its lower bound of {floor:?}: not everything was waited for"
        ))
    }

    /// By Little's law the mean number in flight is the waiting over the makespan. So where no server watched, time alone speaks
    /// against a strategy that waited one by one; but a machine that stood still for long enough looks the same.
    fn too_slow(&self, sample: &Measurement) -> Option<String> {
        let wall = Duration::from_nanos(sample.wall_ns);
        let waiting = self.waiting.filter(|_| self.requests.is_none())?;
        let together = self.least.unwrap_or_default();
        let beyond_a_stall = waiting.saturating_sub(together) > STALL;
        let serial = wall >= waiting && beyond_a_stall && self.can_tell_serial();
        serial.then(|| {
            format!(
                "it took {wall:?}, no less than one by one ({waiting:?}), though {} in flight were claimed",
                self.claimed
            )
        })
    }

    /// Whether working together would be so much faster than one by one that no coarse timer and no slow start can hide it.
    fn can_tell_serial(&self) -> bool {
        let (Some(together), Some(alone)) = (self.least, self.waiting) else {
            return false;
        };
        let waves = u32::try_from(self.units.div_ceil(self.claimed.max(1))).unwrap_or(u32::MAX);
        let expected = together.saturating_add(WAVE_OVERHEAD.saturating_mul(waves));
        self.claimed > 1 && expected <= alone.mul_f64(0.8)
    }
}

/// By Little's law the mean number in flight is what the server held requests for, over the makespan. It cannot be above the most
/// that it ever held at once: whose clock says so is wrong.
fn little_refusal(sample: &Measurement) -> Option<String> {
    let witness = sample.witness.as_ref()?;
    let wall = Duration::from_nanos(sample.wall_ns);
    let held = Duration::from_nanos(witness.resident_ns);
    let peak = u32::try_from(witness.peak_in_flight).unwrap_or(u32::MAX);
    let possible = (wall + WAVE_OVERHEAD).saturating_mul(peak);
    (held > possible).then(|| {
        format!(
            "it took {wall:?}, but the server held requests for {held:?} in all, {peak} at once: no time of that length has room for it"
        )
    })
}

/// A worker's own word that no machine could make true. The limits are generous: what is merely odd is not refused.
fn impossible(sample: &Measurement, processors: u64) -> Option<String> {
    let beyond = |what: &str, got: u64, most: u128, unit: &str| {
        let beyond = u128::from(got) > most;
        beyond.then(|| format!("it says {what} = {got}: at most {most}{unit} is possible"))
    };
    // Clocks are not read at the same moment, and children are counted when they end.
    let cpu_in = |wall_ns: u64| {
        4 * u128::from(processors.max(1)) * (u128::from(wall_ns) + STALL.as_nanos()) + SLACK_NS
    };
    let (cpu, times) = (cpu_in(sample.wall_ns), " ns");
    let within = format!(" in {:?}", Duration::from_nanos(sample.wall_ns));
    let parked = sample.parked_ns.map_or(cpu, cpu_in);
    let parked_cpu = sample.parked_cpu_ns.unwrap_or(0);
    let memory = |bytes: Option<u64>| bytes.unwrap_or(0);
    beyond("cpu_ns", sample.cpu_ns, cpu, times)
        .or_else(|| beyond("cpu_user_ns", sample.cpu_user_ns, cpu, times))
        .or_else(|| beyond("cpu_system_ns", sample.cpu_system_ns, cpu, times))
        .or_else(|| beyond("parked_cpu_ns", parked_cpu, parked, times))
        // Not one of these takes less than a nanosecond of CPU time.
        .or_else(|| {
            beyond(
                "switches_voluntary",
                sample.switches_voluntary,
                cpu,
                &within,
            )
        })
        .or_else(|| {
            beyond(
                "switches_involuntary",
                sample.switches_involuntary,
                cpu,
                &within,
            )
        })
        .or_else(|| beyond("minor_faults", sample.minor_faults, cpu, &within))
        .or_else(|| beyond("threads_peak", memory(sample.threads_peak), THREADS, ""))
        .or_else(|| beyond("rss_base_bytes", memory(sample.rss_base_bytes), BYTES, ""))
        .or_else(|| beyond("rss_peak_bytes", memory(sample.rss_peak_bytes), BYTES, ""))
}

/// CPU time that a sample may show beside what fits into its time: of children that had worked before it and ended in it.
const SLACK_NS: u128 = 10_000_000_000;

/// Linux numbers no more threads than this, on any machine.
const THREADS: u128 = 1 << 22;

/// The addresses that one process has.
const BYTES: u128 = 1 << 47;

/// So long a whole machine may stand still, most of all a virtual one. What is as slow as that is not thereby one by one.
const STALL: Duration = Duration::from_millis(20);

/// More than any timer here is late (tokio's: up to 2 ms), and more than starting as many units as are in flight takes.
const WAVE_OVERHEAD: Duration = Duration::from_millis(2);

#[cfg(test)]
mod tests;
