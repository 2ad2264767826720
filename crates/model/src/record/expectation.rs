//! Whether a sample may count: same work, proven by the client's tally and by the server's account.

use std::time::Duration;

use workloads::Tally;

use crate::{Measurement, RefusalKind};

/// What every sample of one cell must show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// The tally of the complete work.
    pub tally: Tally,
    /// Units of the work.
    pub units: u64,
    /// Requests of the complete work; none where it needs no server.
    pub requests: Option<u64>,
    /// Those of them that the server brings to an end, each with an id of its own.
    pub answered: u64,
    /// Whether each request must come on a connection of its own.
    pub fresh: bool,
    /// Requests that one unit may have in flight.
    pub inner: u64,
    /// Whether the question is what happens: then nothing is expected.
    pub asks: bool,
    /// Units that the strategy claims to have in flight, and never more.
    pub claimed: u64,
    /// Lower bound of the makespan for that claim.
    pub own_floor: Option<Duration>,
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
        if self.asks {
            return None;
        }
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
        let floor = self.own_floor.filter(|floor| wall < *floor)?;
        Some(format!(
            "it took {wall:?}, less than its lower bound of {floor:?}: not everything was waited for"
        ))
    }

    /// By Little's law the mean number in flight is the waiting over the makespan. So where no server watched, time alone speaks
    /// against a strategy that waited one by one; but a machine that stood still for long enough looks the same.
    fn too_slow(&self, sample: &Measurement) -> Option<String> {
        let wall = Duration::from_nanos(sample.wall_ns);
        let waiting = self.waiting.filter(|_| self.requests.is_none())?;
        let together = self.own_floor.unwrap_or_default();
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
        let (Some(together), Some(alone)) = (self.own_floor, self.waiting) else {
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
mod tests {
    use workloads::Witness;

    use super::*;

    fn expectation() -> Expectation {
        let tally = Tally {
            count: 8,
            digest: 7,
        };
        let ms = Duration::from_millis;
        Expectation {
            tally,
            units: 8,
            requests: Some(8),
            answered: 8,
            fresh: false,
            inner: 1,
            asks: false,
            claimed: 4,
            own_floor: Some(ms(20)),
            waiting: Some(ms(80)),
            processors: 2,
        }
    }

    fn sample() -> Measurement {
        let witness = Witness {
            requests: 8,
            distinct: 8,
            peak_in_flight: 4,
            ..Witness::default()
        };
        let tally = Tally {
            count: 8,
            digest: 7,
        };
        Measurement {
            wall_ns: 30_000_000,
            tally,
            witness: Some(witness),
            ..Measurement::default()
        }
    }

    fn refused(change: impl Fn(&mut Measurement)) -> String {
        let mut sample = sample();
        change(&mut sample);
        let refusal = expectation().refusal(&sample).expect("it must be refused");
        assert_eq!(refusal.kind, RefusalKind::Proof);
        refusal.reason
    }

    fn witnessed(change: impl Fn(&mut Witness)) -> String {
        refused(|sample| change(sample.witness.as_mut().unwrap()))
    }

    #[test]
    fn right_samples_count() {
        assert_eq!(expectation().refusal(&sample()), None);
    }

    #[test]
    fn wrong_work_is_refused_by_tally() {
        assert!(refused(|sample| sample.tally.count = 7).starts_with("wrong tally (wrong count)"));
        assert!(
            refused(|sample| sample.tally.digest = 8)
                .starts_with("wrong tally (right count, wrong content)")
        );
    }

    #[test]
    fn the_server_is_heard_as_second_witness() {
        assert!(refused(|sample| sample.witness = None).contains("did not witness"));
        assert!(witnessed(|w| w.requests = 9).contains("9 requests, expected 8"));
        assert!(witnessed(|w| w.distinct = 7).contains("7 distinct"));
        assert!(witnessed(|w| w.unknown = 1).contains("1 unknown"));
        assert!(witnessed(|w| w.peak_in_flight = 5).contains("over the allowed 4"));
        assert!(witnessed(|w| w.peak_in_flight = 1).contains("never saw 2"));
    }

    #[test]
    fn who_cancels_may_send_the_next_request_before_the_server_sees_the_end_of_the_first() {
        let cancels = Expectation {
            answered: 6,
            ..expectation()
        };
        let peak = |peak| {
            let mut sample = sample();
            let witness = sample.witness.as_mut().unwrap();
            (witness.distinct, witness.peak_in_flight) = (6, peak);
            cancels.refusal(&sample)
        };
        assert_eq!(peak(6), None);
        assert!(peak(7).unwrap().reason.contains("over the allowed 6"));
    }

    #[test]
    fn one_by_one_is_right_for_those_who_claim_no_more() {
        let alone = expectation().waiting;
        let sequential = Expectation {
            claimed: 1,
            own_floor: alone,
            ..expectation()
        };
        let mut sample = sample();
        sample.wall_ns = 90_000_000;
        sample.witness.as_mut().unwrap().peak_in_flight = 1;
        assert_eq!(sequential.refusal(&sample), None);
        sample.witness.as_mut().unwrap().peak_in_flight = 2;
        assert!(sequential.refusal(&sample).is_some(), "it may not have two");
    }

    #[test]
    fn nobody_is_convicted_where_waits_are_too_short_to_tell() {
        let ms = Duration::from_millis;
        let mut sample = sample();
        sample.witness.as_mut().unwrap().peak_in_flight = 1;
        for (own_floor, waiting) in [(ms(0), ms(0)), (ms(2), ms(7)), (ms(20), ms(29))] {
            let short = Expectation {
                own_floor: Some(own_floor),
                waiting: Some(waiting),
                ..expectation()
            };
            assert_eq!(short.refusal(&sample), None, "{own_floor:?} {waiting:?}");
        }
    }

    #[test]
    fn little_convicts_a_clock_that_is_too_fast() {
        let held = |ms: u64| {
            let mut sample = sample();
            sample.witness.as_mut().unwrap().resident_ns = ms * 1_000_000;
            expectation().refusal(&sample)
        };
        // 4 at once for 30 ms, and 2 ms that the server may have seen more than the client.
        assert_eq!(held(128), None);
        assert!(
            held(129)
                .unwrap()
                .reason
                .contains("held requests for 129ms in all, 4 at once")
        );
    }

    #[test]
    fn nobody_is_believed_who_says_what_no_machine_can_do() {
        type Change = fn(&mut Measurement, u64);
        let changes: [(&str, Change); 6] = [
            ("cpu_ns", |it, most| it.cpu_ns = most),
            ("cpu_user_ns", |it, most| it.cpu_user_ns = most),
            ("parked_cpu_ns", |it, most| it.parked_cpu_ns = Some(most)),
            ("switches_voluntary", |it, most| {
                it.switches_voluntary = most
            }),
            ("threads_peak", |it, most| it.threads_peak = Some(most)),
            ("rss_peak_bytes", |it, most| it.rss_peak_bytes = Some(most)),
        ];
        for (field, change) in changes {
            let reason = refused(|sample| change(sample, u64::MAX));
            let said = format!("it says {field} = {}: at most ", u64::MAX);
            assert!(reason.starts_with(&said), "{reason}");
            let mut sample = sample();
            change(&mut sample, 60_000_000);
            let possible = expectation().refusal(&sample);
            assert_eq!(possible.is_some(), field == "threads_peak", "{field}");
        }
        // Two processors busy for 30 ms, and a child that had worked for seconds.
        let mut busy = sample();
        busy.cpu_ns = 5_000_000_000;
        assert_eq!(expectation().refusal(&busy), None);
    }

    #[test]
    fn time_convicts_where_no_server_watched() {
        assert!(
            refused(|sample| sample.wall_ns = 19_999_999).contains("less than its lower bound")
        );
        let alone = Expectation {
            requests: None,
            answered: 0,
            fresh: false,
            inner: 1,
            asks: false,
            ..expectation()
        };
        let slow = Measurement {
            wall_ns: 80_000_000,
            witness: None,
            ..sample()
        };
        let refusal = alone.refusal(&slow).unwrap();
        assert!(refusal.reason.contains("no less than one by one"));
        // A stall that is long enough explains it as well: one such sample proves nothing.
        assert_eq!(refusal.kind, RefusalKind::Suspicion);
        // Where one by one would take but a moment longer, a stall explains as much.
        let short = Expectation {
            own_floor: Some(Duration::from_millis(1)),
            waiting: Some(Duration::from_millis(21)),
            ..alone.clone()
        };
        assert_eq!(short.refusal(&slow), None);
        assert_eq!(
            alone.refusal(&Measurement {
                wall_ns: 79_999_999,
                ..slow
            }),
            None
        );
    }
}
