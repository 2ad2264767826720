//! Facts about the machine that a probe of a few seconds cannot show.

use harness::doctor::Facts;
use report::duration;

use super::finding::{Finding, Level};

/// The timer slack of a thread by default (prctl(2), PR_SET_TIMERSLACK).
const USUAL_SLACK_NS: u64 = 50_000;

/// From this level on only privileged processes may count; distributions add such levels by a patch. At level 2 a process may still
/// count its own cycles.
const COUNTERS_FORBIDDEN: i32 = 3;

pub(super) fn hypervisor(facts: &Facts) -> Option<Finding> {
    let (level, what, means) = match facts.hypervisor? {
        true => (
            Level::Note,
            "a hypervisor runs this machine",
            "the host sets the clock and wakes the processors: absolute times hold for this guest alone",
        ),
        false => (
            Level::Good,
            "no hypervisor is seen",
            "processors and clock belong to this system",
        ),
    };
    Some(Finding::new(
        "hypervisor",
        level,
        what.to_owned(),
        means.to_owned(),
        "",
    ))
}

pub(super) fn governor(facts: &Facts) -> Finding {
    let names: Vec<_> = facts.governors.iter().map(String::as_str).collect();
    let (level, what, means, fix) = match names[..] {
        [] => (
            Level::Note,
            "no frequency governor can be read".to_owned(),
            "the clock may change between rounds, and only computing shows it",
            "",
        ),
        ["performance"] => (
            Level::Good,
            "governor performance".to_owned(),
            "the clock does not follow the load",
            "",
        ),
        _ => (
            Level::Note,
            format!("governor {}", names.join(", ")),
            "the clock follows the load: it differs between rows that wait and rows that compute, and between rounds",
            "sudo cpupower frequency-set -g performance",
        ),
    };
    Finding::new("governor", level, what, means.to_owned(), fix)
}

pub(super) fn turbo(facts: &Facts) -> Option<Finding> {
    let turbo = facts.turbo.as_ref()?;
    let (level, what, means) = match turbo.on {
        true => (
            Level::Note,
            "turbo is on",
            "the clock falls as more processors are busy, and as they grow hot",
        ),
        false => (
            Level::Good,
            "turbo is off",
            "the clock is the same on one processor and on all",
        ),
    };
    let fix = format!("echo {} | sudo tee {}", turbo.off, turbo.switch);
    Some(Finding::new(
        "turbo",
        level,
        what.to_owned(),
        means.to_owned(),
        &fix,
    ))
}

/// A fixed memory layout is as arbitrary as a random one, but it is the same in every run. Repeating does not show what it favours
/// (Mytkowicz et al., "Producing wrong data without doing anything obviously wrong!", ASPLOS 2009).
pub(super) fn addresses(facts: &Facts) -> Option<Finding> {
    let (level, what, means) = match facts.address_randomisation? {
        0 => (
            Level::Note,
            "addresses are not randomised",
            "a memory layout that happens to favour a row does so in every run",
        ),
        _ => (
            Level::Good,
            "addresses are randomised",
            "no row keeps a lucky memory layout from run to run",
        ),
    };
    let fix = "sudo sysctl -w kernel.randomize_va_space=2";
    Some(Finding::new(
        "addresses",
        level,
        what.to_owned(),
        means.to_owned(),
        fix,
    ))
}

/// A slack above the usual one. The usual one is told with the waits.
pub(super) fn slack(facts: &Facts) -> Option<Finding> {
    let slack = facts
        .timer_slack_ns
        .filter(|slack| *slack > USUAL_SLACK_NS)?;
    let what = format!(
        "the timer slack is {}, where {} are usual",
        duration(slack),
        duration(USUAL_SLACK_NS)
    );
    let means = "each wait of a blocking row may end as much later";
    let fix = "start it from a plain shell, or lower TimerSlackNSec= of its systemd unit";
    Some(Finding::new(
        "timer slack",
        Level::Note,
        what,
        means.to_owned(),
        fix,
    ))
}

pub(super) fn rings(facts: &Facts) -> Finding {
    let filtered = facts.system_calls_filtered == Some(true);
    let sysctl = "sudo sysctl -w kernel.io_uring_disabled=0";
    let container = "allow io_uring in the container: docker run --security-opt seccomp=PROFILE";
    let missing = "rows over it are unsupported";
    let forbids = match facts.io_uring_disabled {
        Some(2..) => Some(("for everybody", sysctl)),
        Some(1) if !facts.root => Some(("for all but a group", sysctl)),
        _ => None,
    };
    let (level, what, means, fix) = match (facts.io_uring_opened, forbids) {
        (Some(true), _) => (
            Level::Good,
            "io_uring opens".to_owned(),
            "rows over it can run",
            "",
        ),
        (_, Some((whom, fix))) => (
            Level::Note,
            format!("the kernel refuses io_uring {whom} (kernel.io_uring_disabled)"),
            missing,
            fix,
        ),
        (Some(false), None) => (
            Level::Note,
            "io_uring does not open, though no kernel setting forbids it".to_owned(),
            missing,
            if filtered { container } else { "" },
        ),
        (None, None) if filtered => (
            Level::Note,
            "system calls are filtered here, io_uring perhaps among them".to_owned(),
            "this build has no row over it and did not try",
            container,
        ),
        (None, None) if facts.io_uring_disabled.is_none() => (
            Level::Note,
            "the kernel does not say whether it has io_uring".to_owned(),
            "this build has no row over it and did not try",
            "to try, build with a feature such as compio",
        ),
        (None, None) => (
            Level::Good,
            "the kernel allows io_uring".to_owned(),
            "this build has no row over it; features such as compio bring them",
            "",
        ),
    };
    Finding::new("io_uring", level, what, means.to_owned(), fix)
}

pub(super) fn counters(facts: &Facts) -> Finding {
    let forbidden = facts
        .perf_event_paranoid
        .filter(|level| *level >= COUNTERS_FORBIDDEN && !facts.root);
    let without = "cycles and instructions cannot be counted; CPU time stands for both";
    let (level, what, means, fix) = match (facts.counters, forbidden) {
        (false, _) => (
            Level::Note,
            "no performance counters".to_owned(),
            without,
            "",
        ),
        (true, Some(level)) => (
            Level::Note,
            format!("performance counters are forbidden (kernel.perf_event_paranoid is {level})"),
            without,
            "sudo sysctl -w kernel.perf_event_paranoid=2",
        ),
        (true, None) => (
            Level::Good,
            "performance counters can be read".to_owned(),
            "`perf` can count cycles and instructions of a cell",
            "",
        ),
    };
    Finding::new("counters", level, what, means.to_owned(), fix)
}
