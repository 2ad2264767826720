//! What one sees in a timeline.

use workloads::Trace;

use crate::timeline::lanes::{Lanes, Span, SpanKind};

/// What one sees in one traced run. It holds for that run alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gist {
    /// Units that ran.
    pub units: usize,
    /// The most units in flight at once.
    pub in_flight: usize,
    /// Threads that ran units.
    pub threads: usize,
    /// Time that units waited while no thread was busy with them, in nanoseconds, summed over units.
    pub waiting_ns: u64,
    /// Time that units waited while a thread stood still with them, in nanoseconds, summed over units.
    pub holding_ns: u64,
    /// Time that threads ran units, in nanoseconds, summed over units.
    pub working_ns: u64,
}

impl Gist {
    /// The gist of a trace with its lanes.
    pub fn of(trace: &Trace, lanes: &Lanes) -> Gist {
        let spans = || lanes.units.iter().flat_map(|lane| &lane.spans);
        let sum = |kind| {
            let of_kind = spans().filter(|span| span.kind == kind);
            of_kind.map(Span::ns).sum()
        };
        Gist {
            units: trace.units.len(),
            in_flight: in_flight(trace),
            threads: lanes.threads.len(),
            waiting_ns: sum(SpanKind::Waiting),
            holding_ns: sum(SpanKind::Holding),
            working_ns: sum(SpanKind::Working),
        }
    }

    /// The share of all waiting in which a thread stood still; none where nothing waited.
    pub fn held(&self) -> Option<f64> {
        let all = self.waiting_ns + self.holding_ns;
        (all > 0).then(|| self.holding_ns as f64 / all as f64)
    }
}

/// The most units that were under way at once. A unit that begins as another ends is not beside it.
fn in_flight(trace: &Trace) -> usize {
    let begins = trace.units.iter().map(|unit| (unit.begin_ns, 1_isize));
    let ends = trace.units.iter().map(|unit| (unit.end_ns, -1));
    let mut changes: Vec<_> = begins.chain(ends).collect();
    changes.sort_unstable();
    let counts = changes.iter().scan(0_isize, |count, (_, change)| {
        *count += change;
        Some(*count)
    });
    counts.max().unwrap_or(0).unsigned_abs()
}

#[cfg(test)]
mod tests {
    use workloads::UnitTrace;

    use super::*;
    use crate::timeline::lanes::lanes;

    #[test]
    fn units_one_after_the_other_are_never_two_in_flight() {
        let unit = |unit, begin_ns, end_ns| UnitTrace {
            unit,
            begin_ns,
            end_ns,
            done: true,
            waits: Vec::new(),
            polls: Vec::new(),
        };
        let gist = |units: Vec<UnitTrace>| {
            let trace = Trace {
                units,
                threads: Vec::new(),
            };
            Gist::of(&trace, &lanes(&trace)).in_flight
        };
        assert_eq!(gist(vec![unit(0, 0, 10), unit(1, 10, 20)]), 1);
        assert_eq!(gist(vec![unit(0, 0, 11), unit(1, 10, 20)]), 2);
        assert_eq!(gist(vec![]), 0);
    }
}
