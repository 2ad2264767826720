//! More threads that want to run than processors.

use std::time::Duration;

use crate::judge::span::span;
use crate::reasons::evidence::{Evidence, count, percent};
use crate::reasons::reason::{Rule, Said};

pub(super) const RULE: Rule = Rule {
    id: "oversubscribed-cores",
    when: "the row has at least twice as many threads as there are processors, keeps these busy for at least 70 % of the makespan, loses them at \
           least 50 times per second of CPU time, is at least 5 % above its own floor, and takes longer than a row with fewer threads; not where \
           idle threads spin, because their yields count as losses too",
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
    let (own, other) = seen.against_few_threads_ns?;
    if own <= other || seen.cell.manner.spins {
        return None;
    }
    let text = "has more threads than processors, and they take these from each other, which may be what costs the time";
    let detail = format!(
        "{threads} threads on {processors} processors that are busy for {}; preempted {} times; at least {} of the makespan is above its own floor; a row with fewer threads takes at most {}",
        percent(used),
        count(preempted),
        percent(low / seen.wall_ns),
        span(Duration::from_nanos(other as u64))
    );
    Some((text.to_owned(), detail))
}

#[cfg(test)]
pub(super) fn holds(seen: &mut Evidence) {
    (seen.threads, seen.preempted) = (Some(33), Some(25));
    seen.wall_ns = 50e6;
    (seen.cpu_ns, seen.own_excess_ns) = (Some(90e6), Some((9e6, 11e6)));
    seen.against_few_threads_ns = Some((49e6, 46e6));
}

/// A row with one thread per processor is no faster.
#[cfg(test)]
pub(super) fn does_not_hold(seen: &mut Evidence) {
    holds(seen);
    seen.against_few_threads_ns = Some((49e6, 50e6));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reasons::tests::clean;

    fn said(change: fn(&mut Evidence)) -> Option<Said> {
        let mut seen = clean();
        holds(&mut seen);
        change(&mut seen);
        finds(&seen)
    }

    #[test]
    fn threads_that_wait_or_spin_or_have_no_rival_are_no_reason() {
        assert!(said(|_| ()).is_some());
        assert_eq!(said(|seen| seen.cpu_ns = Some(9e6)), None);
        assert_eq!(said(|seen| seen.cell.manner.spins = true), None);
        assert_eq!(said(|seen| seen.threads = Some(3)), None);
        assert_eq!(said(|seen| seen.preempted = Some(4)), None);
        assert_eq!(said(|seen| seen.against_few_threads_ns = None), None);
    }
}
