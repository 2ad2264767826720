//! What the facts and the noise of a machine mean for measuring on it, in plain words.
//!
//! Pure: facts, probe and what a run asks for go in, text comes out. One file for each kind of question: `limits` is how much can
//! be had, `noise` what disturbs, `machine` what cannot be seen in a probe.

use std::cmp::Reverse;
use std::time::Duration;

use harness::doctor::{Facts, Probe};
use harness::limits::{most_connections, most_threads};
use model::Spec;
use report::duration;
use serde::Serialize;
use workloads::Latency;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Level {
    /// As it should be.
    Good,
    /// Worth knowing before a number is quoted.
    Note,
    /// Something that a plain run asks for is not to be had here.
    Problem,
}

impl Level {
    /// How it is written in front of a line.
    pub(crate) fn mark(self) -> &'static str {
        match self {
            Level::Good => "ok",
            Level::Note => "note",
            Level::Problem => "problem",
        }
    }
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Finding {
    /// What it is about, in a word or two, always the same.
    pub(crate) about: &'static str,
    /// How much it matters.
    pub(crate) level: Level,
    /// What is the case.
    pub(crate) what: String,
    /// What follows for measuring.
    pub(crate) means: String,
    /// What can be done about it, if anything.
    pub(crate) fix: Option<String>,
}

impl Finding {
    /// A fix is for what is not good already.
    pub(super) fn new(
        about: &'static str,
        level: Level,
        what: String,
        means: String,
        fix: &str,
    ) -> Finding {
        let fix = Some(fix.to_owned()).filter(|fix| level > Level::Good && !fix.is_empty());
        Finding {
            about,
            level,
            what,
            means,
            fix,
        }
    }
}

/// What a plain run asks of a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// The shortest wait.
    pub(crate) wait: Duration,
    /// The most units in flight.
    pub(crate) concurrency: u64,
    /// The most worker threads of an asynchronous runtime.
    pub(crate) workers: usize,
}

impl Wanted {
    /// By the sizes of a scenario.
    pub(crate) fn by(spec: &Spec) -> Wanted {
        let shortest = |latency: &Latency| match *latency {
            Latency::Fixed(wait) => wait,
            Latency::Uniform { low, .. } => low,
            Latency::LogNormal { median, .. } => median,
        };
        let loads = || spec.workloads.iter();
        let (waits, limits) = (
            loads().map(|load| shortest(&load.latency)),
            loads().map(|load| load.concurrency(spec)),
        );
        Wanted {
            wait: waits.min().unwrap_or_default(),
            concurrency: limits.max().unwrap_or(spec.concurrency) as u64,
            workers: loads()
                .map(|load| load.workers(spec))
                .max()
                .unwrap_or(spec.workers),
        }
    }
}

/// All that can be said, problems first.
pub(crate) fn findings(facts: &Facts, probe: &Probe, wanted: &Wanted) -> Vec<Finding> {
    let all = [
        Some(super::noise::waits(facts, probe, wanted)),
        Some(super::noise::computing(probe)),
        super::noise::others(facts, probe),
        super::noise::steal(facts, probe),
        Some(super::limits::build(facts)),
        super::limits::processors(facts, wanted),
        Some(super::limits::quota(facts)),
        super::limits::connections(facts, wanted),
        super::limits::threads(facts, wanted),
        super::limits::memory(facts),
        super::machine::hypervisor(facts),
        Some(super::machine::governor(facts)),
        super::machine::turbo(facts),
        super::machine::addresses(facts),
        super::machine::slack(facts),
        Some(super::machine::rings(facts)),
        Some(super::machine::counters(facts)),
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
    /// How far absolute times can be trusted: as far as the worst finding about what disturbs them lets one.
    pub(crate) absolute_times: Level,
    /// The same in words.
    pub(crate) text: String,
}

/// The findings that say whether a time means anything beyond this moment.
const DISTURBING: [&str; 6] = [
    "build",
    "processors",
    "quota",
    "computing",
    "other processes",
    "steal",
];

pub(crate) fn verdict(facts: &Facts, probe: &Probe, findings: &[Finding]) -> Verdict {
    let shortest = super::noise::shortest_wait_ns(&probe.overshoot);
    let connections = most_connections(&facts.host.limits).map(|most| most.number);
    let threads = most_threads(&facts.host.limits).map(|most| most.number);
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

/// A whole number for people.
pub(super) fn count(number: u64) -> String {
    let digits = number.to_string();
    let grouped = digits.char_indices().map(|(index, digit)| {
        let comma = index > 0 && (digits.len() - index).is_multiple_of(3);
        format!("{}{digit}", if comma { "," } else { "" })
    });
    grouped.collect()
}

/// A duration that has one digit or two, without the zeros that would promise more.
pub(super) fn round(nanoseconds: u64) -> String {
    let text = duration(nanoseconds);
    match text.split_once(' ') {
        Some((number, unit)) if number.contains('.') => {
            let number = number.trim_end_matches('0').trim_end_matches('.');
            format!("{number} {unit}")
        }
        _ => text,
    }
}

/// A share for people.
pub(super) fn percent(part: u64, whole: u64) -> String {
    let percent = 100.0 * share(part, whole);
    match percent {
        0.0..10.0 => format!("{percent:.1} %"),
        _ => format!("{percent:.0} %"),
    }
}

/// A part of a whole; none of nothing.
pub(super) fn share(part: u64, whole: u64) -> f64 {
    part as f64 / whole.max(1) as f64
}
