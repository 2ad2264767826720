//! Idle threads that look for work in a loop.

use std::time::Duration;

use crate::judge::span::span;
use crate::reasons::evidence::{Evidence, count, percent};
use crate::reasons::reason::{Rule, Said};

pub(super) const RULE: Rule = Rule {
    id: "spinning-pool",
    when: "idle threads of the strategy look for work in a loop before they sleep, and either its CPU time is over twice both what the units compute \
           and what the other rows of the workload use, and more than that by at least 5 % of the makespan; or it is preempted at least 4 times \
           per thread and 10 times as often as the other rows",
    source: "https://github.com/rayon-rs/rayon/issues/642",
    finds,
};

fn finds(seen: &Evidence) -> Option<Said> {
    if !seen.cell.manner.spins {
        return None;
    }
    processor(seen).or_else(|| preemptions(seen))
}

/// CPU time that others do without.
fn processor(seen: &Evidence) -> Option<Said> {
    let cpu = seen.cpu_ns?;
    let computed = seen.cell.computes.as_ref();
    let computed = computed.map_or(0.0, |it| it.units as f64 * it.unit_ns as f64);
    let work = seen.others_cpu_ns?.max(computed);
    let beyond = cpu - work;
    if cpu <= 2.0 * work || beyond < 0.05 * seen.wall_ns {
        return None;
    }
    let text = "its idle threads look for work in a loop before they sleep, which may be what uses the processor";
    let time = |ns: f64| span(Duration::from_nanos(ns as u64));
    let detail = format!(
        "CPU time {}, where others take {}: the rest is {} of the makespan",
        time(cpu),
        time(work),
        percent(beyond / seen.wall_ns)
    );
    Some((text.to_owned(), detail))
}

/// In that loop they yield. Linux counts a yield as a preemption, because the thread could have gone on.
fn preemptions(seen: &Evidence) -> Option<Said> {
    let (preempted, threads) = (seen.preempted? as f64, seen.threads? as f64);
    let others = seen.others_preempted?;
    if preempted < 4.0 * threads || preempted < 10.0 * others.max(1.0) {
        return None;
    }
    let text = "its idle threads yield in a loop while they look for work, and Linux may count each time as a preemption";
    let detail = format!(
        "preempted {} times, others {} times",
        count(preempted),
        count(others)
    );
    Some((text.to_owned(), detail))
}

#[cfg(test)]
pub(super) fn holds(seen: &mut Evidence) {
    seen.cell.manner.spins = true;
    seen.cpu_ns = Some(20e6);
}

/// Others need as much: it is the work.
#[cfg(test)]
pub(super) fn does_not_hold(seen: &mut Evidence) {
    holds(seen);
    seen.others_cpu_ns = Some(18e6);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reasons::tests::clean;

    #[test]
    fn yields_show_as_preemptions_that_no_other_row_has() {
        let mut seen = clean();
        seen.cell.manner.spins = true;
        (seen.threads, seen.preempted) = (Some(33), Some(487));
        let (_, detail) = finds(&seen).unwrap();
        assert_eq!(detail, "preempted 487 times, others 3 times");
        // Where all rows are preempted, the machine is busy.
        seen.others_preempted = Some(100.0);
        assert_eq!(finds(&seen), None);
        // A few per thread are none of a loop.
        (seen.others_preempted, seen.preempted) = (Some(3.0), Some(100));
        assert_eq!(finds(&seen), None);
    }
}
