//! What disturbs: late waits, uneven computing, other processes, the hypervisor.

use harness::doctor::{Busiest, Facts, Probe, Spread};
use report::duration;

use super::finding::{Finding, Level};
use super::numbers::{count, percent, round, share};
use super::wanted::Wanted;

/// A wait is measured well if the median error of the timer is at most this share of it. Rows seldom differ by less.
const TYPICAL_ERROR: f64 = 0.01;

/// It also must be off by at most this share at p99. The same bound flags a late server.
const WORST_ERROR: f64 = 0.05;

/// On a quiet machine the same computing varies by a few percent, because caches and clocks differ a little.
const EVEN: f64 = 1.10;

/// Above this, one in a hundred takes half as long again: something else used the processor for a third of that time.
const UNEVEN: f64 = 1.50;

/// An idle desktop with its usual services uses about this share.
const QUIET: f64 = 0.05;

/// At this share one processor of four is taken. Rows that use all processors then compete with something else.
const BUSY: f64 = 0.25;

/// Half of the processors had work over the last minute. What ended just now may start again.
const RECENT: f64 = 0.5;

/// Rows differ by more than this share.
const LITTLE_STEAL: f64 = 0.01;

/// The server may be late by this share before its rows are flagged.
const MUCH_STEAL: f64 = 0.05;

/// The shortest wait that is measured well.
pub(super) fn shortest_wait_ns(overshoot: &Spread) -> u64 {
    let typical = overshoot.p50_ns as f64 / TYPICAL_ERROR;
    let worst = overshoot.p99_ns as f64 / WORST_ERROR;
    rounded_up(typical.max(worst))
}

/// Rounded up to one digit, because the next probe would show other digits.
fn rounded_up(nanoseconds: f64) -> u64 {
    let digit = 10f64.powf(nanoseconds.max(1.0).log10().floor());
    ((nanoseconds / digit).ceil() * digit) as u64
}

pub(super) fn waits(facts: &Facts, probe: &Probe, wanted: &Wanted) -> Finding {
    let late = &probe.overshoot;
    let asked = wanted.wait.as_nanos() as u64;
    let within = rounded_up(late.p50_ns as f64 / TYPICAL_ERROR);
    let over = rounded_up(late.p50_ns as f64 / WORST_ERROR);
    let shortest = shortest_wait_ns(late);
    // The tail is worth a clause only where it asks for longer waits than the median does.
    let tail = match shortest > within {
        true => format!(
            "; one in a hundred of the waits below {} overshoots by more than that",
            round(shortest)
        ),
        false => String::new(),
    };
    let level = if asked >= shortest {
        Level::Good
    } else if asked >= over {
        Level::Note
    } else {
        Level::Problem
    };
    let what = format!(
        "waits overshoot by {} (median), {} (p99), {} (longest of {})",
        duration(late.p50_ns),
        duration(late.p99_ns),
        duration(late.max_ns),
        count(late.count)
    );
    let slack = match facts.timer_slack_ns {
        Some(slack) if slack <= late.p50_ns => {
            format!("; {} of it are the kernel's timer slack", duration(slack))
        }
        _ => String::new(),
    };
    let means = format!(
        "waits of {} or more typically overshoot by less than {:.0} %; waits below {} overshoot by more than {:.0} %{tail}{slack}",
        round(within),
        TYPICAL_ERROR * 100.0,
        round(over),
        WORST_ERROR * 100.0,
    );
    let fix = format!(
        "ask for longer waits than the {} of a plain run: --latency {}ms",
        round(asked),
        shortest.div_ceil(1_000_000)
    );
    Finding::new("waits", level, what, means, &fix)
}

pub(super) fn computing(probe: &Probe) -> Finding {
    let spin = &probe.spin;
    let times = spin.p99_ns as f64 / spin.p50_ns.max(1) as f64;
    let (level, means) = match times {
        _ if times <= EVEN => (Level::Good, "CPU times are steady"),
        _ if times <= UNEVEN => (Level::Note, "CPU times and rows that compute vary as much"),
        _ => (
            Level::Problem,
            "CPU times and rows that compute mean little here",
        ),
    };
    let what = format!(
        "the same computing takes {} (median), and {times:.2} times as long at p99",
        duration(spin.p50_ns)
    );
    let switches = match probe.switches_involuntary {
        0 => "; the processor was never taken away".to_owned(),
        switches => format!("; the processor was taken away {} times", count(switches)),
    };
    let fix = "follow the advice on other processes, steal, quota and governor";
    Finding::new("computing", level, what, means.to_owned() + &switches, fix)
}

pub(super) fn others(facts: &Facts, probe: &Probe) -> Option<Finding> {
    let others = probe.others_ns?;
    let processors = facts.processors_online? as u64;
    let all = probe.wall_ns * processors;
    let load = facts.load_hundredths.map(|load| f64::from(load) / 100.0);
    let recent = load.is_some_and(|load| load > RECENT * processors as f64);
    let (level, means) = match share(others, all) {
        used if used >= BUSY => (
            Level::Problem,
            "intervals will be wide, and rows meet different conditions",
        ),
        used if used >= QUIET => (Level::Note, "intervals will be wider"),
        _ if recent => (
            Level::Note,
            "it was busy within this minute and may be again",
        ),
        _ => (Level::Good, "rows have the machine to themselves"),
    };
    // A process is named only where others use much, and where that process uses most of it.
    let named = |busiest: &&Busiest| share(others, all) >= QUIET && busiest.cpu_ns > others / 2;
    let most = match probe.busiest.as_ref().filter(named) {
        None => String::new(),
        Some(one) if one.processes == 1 => format!(", `{}` most of it", one.name),
        Some(many) => format!(", {} times `{}` most of it", many.processes, many.name),
    };
    let what = format!(
        "other processes use {} of the processors{most}",
        percent(others, all)
    );
    let load = load.map_or(String::new(), |load| {
        format!("; load over the last minute {load:.2}")
    });
    let fix = "stop them, or wait and look again";
    Some(Finding::new(
        "other processes",
        level,
        what,
        means.to_owned() + &load,
        fix,
    ))
}

/// Steal as a share of demanded CPU time.
pub(super) fn steal(facts: &Facts, probe: &Probe) -> Option<Finding> {
    let stolen = probe.steal_ns?;
    let wanted = stolen + probe.own_ns + probe.others_ns?;
    let (ever, ever_wanted) = (facts.steal_ns?, facts.steal_ns? + facts.busy_ns?);
    // Bare metal has no hypervisor that could steal.
    if facts.hypervisor != Some(true) && ever == 0 {
        return None;
    }
    let (now, so_far) = (share(stolen, wanted), share(ever, ever_wanted));
    let level = match now {
        _ if now >= MUCH_STEAL => Level::Problem,
        _ if now >= LITTLE_STEAL || so_far >= LITTLE_STEAL => Level::Note,
        _ => Level::Good,
    };
    let means = match level {
        Level::Good => "no other guest of the host takes time away",
        _ if now < LITTLE_STEAL => "quiet now, but the host has taken processors away before",
        _ => "the host runs other guests meanwhile: samples are late in bursts",
    };
    let what = format!(
        "the hypervisor took {} of the CPU time that was demanded, and {} since the machine started",
        percent(stolen, wanted),
        percent(ever, ever_wanted)
    );
    let fix = "a machine of one's own, or one with dedicated processors";
    Some(Finding::new("steal", level, what, means.to_owned(), fix))
}
