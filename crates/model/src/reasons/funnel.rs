//! One thread, or one task, that all units pass through.

use crate::reasons::evidence::{Evidence, percent};
use crate::reasons::reason::{Rule, Said};

pub(super) const RULE: Rule = Rule {
    id: "funnel",
    when: "all units run on one thread or in one task while there are several processors, the makespan is at least 5 % above the floor, \
           and the CPU time of the row is 60 % to 120 % of its makespan: as if one thread was busy for most of it",
    source: "https://github.com/yoshuawuyts/futures-concurrency/issues/185",
    finds,
};

/// Below it a thread waited for much of the time. Units that all wait first, and are computed one by one then, are above it.
const BUSY: f64 = 0.6;

/// Above it, several threads were busy.
const ONE_THREAD: f64 = 1.2;

fn finds(seen: &Evidence) -> Option<Said> {
    let funnel = seen.cell.manner.funnel.as_ref()?;
    let several = seen.processors > 1 && seen.cell.in_flight > 1 && seen.cell.units > 1;
    let busy = seen
        .busy()
        .filter(|busy| several && (BUSY..=ONE_THREAD).contains(busy))?;
    let (low, _) = seen.excess(0.05)?;
    let text = format!("all units pass through {funnel}, and its CPU time may be what limits them");
    let detail = format!(
        "CPU time is {} of the makespan, on {} processors; at least {} of the makespan is above the floor",
        percent(busy),
        seen.processors,
        percent(low / seen.wall_ns)
    );
    Some((text, detail))
}

#[cfg(test)]
pub(super) fn holds(seen: &mut Evidence) {
    seen.cell.manner.funnel = Some("the calling thread".into());
    seen.wall_ns = 60e6;
    seen.excess_ns = Some((19e6, 21e6));
    seen.cpu_ns = Some(57e6);
}

/// It waits for most of the time.
#[cfg(test)]
pub(super) fn does_not_hold(seen: &mut Evidence) {
    holds(seen);
    seen.cpu_ns = Some(30e6);
}
