//! Idle threads that look for work in a loop.

use std::time::Duration;

use crate::judge::span::span;
use crate::reasons::evidence::{Evidence, percent};
use crate::reasons::reason::{Rule, Said};

pub(super) const RULE: Rule = Rule {
    id: "spinning-pool",
    when: "idle threads of the strategy look for work in a loop before they sleep, its CPU time is over twice both what the units compute \
           and what the other rows of the workload use, and more than that by at least 5 % of the makespan",
    source: "https://github.com/rayon-rs/rayon/issues/642",
    finds,
};

fn finds(seen: &Evidence) -> Option<Said> {
    let cpu = seen.cpu_ns.filter(|_| seen.cell.manner.spins)?;
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
        "CPU time {}, where the work takes others {}: the rest is {} of the makespan",
        time(cpu),
        time(work),
        percent(beyond / seen.wall_ns)
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
