//! More threads that want to run than processors.

use crate::reasons::evidence::{Evidence, count, percent};
use crate::reasons::reason::{Rule, Said};

pub(super) const RULE: Rule = Rule {
    id: "oversubscribed-cores",
    when: "the row has at least twice as many threads as there are processors, keeps these busy for at least 70 % of the makespan, loses them at \
           least 50 times per second of CPU time, and is at least 5 % above its own floor",
    source: "https://man7.org/linux/man-pages/man2/getrusage.2.html",
    finds,
};

/// A thread alone on its processor loses it a few times per second; two that share one do so every few milliseconds.
const PER_SECOND: f64 = 50.0;

fn finds(seen: &Evidence) -> Option<Said> {
    let (threads, preempted) = (seen.threads?, seen.preempted? as f64);
    let processors = seen.processors.max(1);
    let used = seen.busy()? / processors as f64;
    let per_second = preempted / (seen.cpu_ns? / 1e9);
    if threads < 2 * processors || used < 0.7 || per_second < PER_SECOND {
        return None;
    }
    let (low, _) = seen.own_excess(0.05)?;
    let text = "has more threads than processors, and they take these from each other, which may be what costs the time";
    let detail = format!(
        "{threads} threads on {processors} processors that are busy for {}; preempted {} times; at least {} of the makespan is above its own floor",
        percent(used),
        count(preempted),
        percent(low / seen.wall_ns)
    );
    Some((text.to_owned(), detail))
}

#[cfg(test)]
pub(super) fn holds(seen: &mut Evidence) {
    (seen.threads, seen.preempted) = (Some(33), Some(25));
    seen.wall_ns = 50e6;
    (seen.cpu_ns, seen.own_excess_ns) = (Some(90e6), Some((9e6, 11e6)));
}

/// It has as many threads, but they wait.
#[cfg(test)]
pub(super) fn does_not_hold(seen: &mut Evidence) {
    holds(seen);
    seen.cpu_ns = Some(9e6);
}
