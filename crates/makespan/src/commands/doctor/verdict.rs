//! What all findings say together: which matter most, and what can be measured here.

use std::cmp::Reverse;

use harness::doctor::{Facts, Probe};
use harness::limits::{most_connections, most_threads};
use serde::Serialize;

use super::finding::{Finding, Level};
use super::numbers::{count, round};
use super::wanted::Wanted;
use super::{limits, machine, noise};

/// All findings, problems first.
pub(crate) fn findings(facts: &Facts, probe: &Probe, wanted: &Wanted) -> Vec<Finding> {
    let all = [
        Some(noise::waits(facts, probe, wanted)),
        Some(noise::computing(probe)),
        noise::others(facts, probe),
        noise::steal(facts, probe),
        Some(limits::build(facts)),
        limits::processors(facts, wanted),
        Some(limits::quota(facts)),
        limits::connections(facts, wanted),
        limits::threads(facts, wanted),
        limits::memory(facts),
        machine::hypervisor(facts),
        Some(machine::governor(facts)),
        machine::turbo(facts),
        machine::addresses(facts),
        machine::slack(facts),
        Some(machine::rings(facts)),
        Some(machine::counters(facts)),
    ];
    let mut findings: Vec<_> = all.into_iter().flatten().collect();
    findings.sort_by_key(|finding| Reverse(finding.level));
    findings
}

/// What can be measured here, in a sentence or two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Verdict {
    /// Waits of this length or more are measured well.
    pub(crate) shortest_wait_ns: u64,
    /// The most connections at once.
    pub(crate) connections: Option<u64>,
    /// The most threads at once.
    pub(crate) threads: Option<u64>,
    /// How far absolute times can be trusted: the level of the worst finding about what disturbs them.
    pub(crate) absolute_times: Level,
    /// The same in words.
    pub(crate) text: String,
}

/// The findings about what disturbs absolute times.
const DISTURBING: [&str; 6] = [
    "build",
    "processors",
    "quota",
    "computing",
    "other processes",
    "steal",
];

pub(crate) fn verdict(facts: &Facts, probe: &Probe, findings: &[Finding]) -> Verdict {
    let shortest = noise::shortest_wait_ns(&probe.overshoot);
    let connections = most_connections(&facts.host.computer.limits).map(|most| most.number);
    let threads = most_threads(&facts.host.computer.limits).map(|most| most.number);
    let at_once = match (connections, threads) {
        (Some(connections), Some(threads)) => format!(
            ", up to {} connections and {} threads at once",
            count(connections),
            count(threads)
        ),
        (Some(connections), None) => format!(", up to {} connections at once", count(connections)),
        (None, Some(threads)) => format!(", up to {} threads at once", count(threads)),
        (None, None) => String::new(),
    };
    let disturbing = || findings.iter().filter(|it| DISTURBING.contains(&it.about));
    let worst = disturbing().map(|it| it.level).max().unwrap_or(Level::Good);
    let why = disturbing()
        .filter(|it| it.level == worst)
        .map(|it| it.about);
    let why = why.collect::<Vec<_>>().join(", ");
    let trust = match worst {
        Level::Good => {
            "Absolute times can be trusted, for this machine and while it stays as quiet."
                .to_owned()
        }
        Level::Note => {
            format!("Absolute times are rough ({why}); ratios hold, because rows take turns.")
        }
        Level::Problem => format!(
            "Absolute times cannot be trusted ({why}), and ratios only where their intervals are narrow."
        ),
    };
    Verdict {
        shortest_wait_ns: shortest,
        connections,
        threads,
        absolute_times: worst,
        text: format!(
            "Verdict: as it is now, this machine can measure waits of {} or more{at_once}. {trust}",
            round(shortest)
        ),
    }
}
