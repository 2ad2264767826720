//! Limits: processors, quota, connections, threads, memory.

use harness::doctor::Facts;
use harness::limits::{Most, most_connections, most_threads};
use report::duration;

use super::finding::{Finding, Level};
use super::numbers::count;
use super::wanted::Wanted;

/// The number of units at which threads and tasks differ most; see Kegel, "The C10K problem".
const MANY: u64 = 10_000;

/// All workers of a run live at once. A plain run has about thirty, of about ten MiB each; this leaves twice as much to spare.
const ENOUGH_MEMORY_BYTES: u64 = 1 << 30;

pub(super) fn build(facts: &Facts) -> Finding {
    let (level, what, means) = match facts.host.build.profile.as_str() {
        "release" => (Level::Good, "", "its times can be quoted"),
        _ => (
            Level::Problem,
            "out",
            "computing takes several times as long as in a release build, so `run` refuses to measure",
        ),
    };
    let what = format!("makespan was built with{what} optimisation");
    let fix = "cargo run --release --bin makespan -- doctor";
    Finding::new("build", level, what, means.to_owned(), fix)
}

pub(super) fn processors(facts: &Facts, wanted: &Wanted) -> Option<Finding> {
    let allowed = facts.processors_allowed.or(facts.processors_online)?;
    let online = facts.processors_online.unwrap_or(allowed);
    let what = match (allowed, online) {
        (1, 1) => "there is one processor".to_owned(),
        _ if allowed < online => format!("{allowed} of {online} processors may be used"),
        _ => format!("{allowed} processors, and all may be used"),
    };
    let workers = wanted.workers;
    let (level, means) = match allowed {
        0 | 1 => (
            Level::Problem,
            "server and client take turns, so that each is late because of the other".to_owned(),
        ),
        _ if allowed <= workers => (
            Level::Note,
            format!(
                "the server shares them with the {workers} worker threads of a row: what a row computes delays its answers"
            ),
        ),
        _ => (
            Level::Good,
            format!(
                "the server can have one of its own beside the {workers} worker threads of a row"
            ),
        ),
    };
    let fix = match allowed < online {
        true => "start it without taskset, or give its container more processors",
        false => "",
    };
    Some(Finding::new("processors", level, what, means, fix))
}

/// A process that has used up its quota stops entirely until the period ends.
pub(super) fn quota(facts: &Facts) -> Finding {
    let allowed = facts.processors_allowed.or(facts.processors_online);
    let allowed = allowed.unwrap_or(1).max(1) as u64;
    let finding = |level, what, means| {
        let fix = "raise it: docker run --cpus, CPUQuota= of systemd, limits.cpu of Kubernetes";
        Finding::new("quota", level, what, means, fix)
    };
    let Some(quota) = facts.quota else {
        let means = "bursts may take all processors";
        return finding(
            Level::Good,
            "no CPU quota binds".to_owned(),
            means.to_owned(),
        );
    };
    let what = format!("a CPU quota of {:.2} processors", quota.processors());
    let runs = quota.quota_ns / allowed;
    match quota.period_ns.checked_sub(runs).filter(|stops| *stops > 0) {
        None => finding(
            Level::Good,
            what,
            "as many as may be used, so it never binds".to_owned(),
        ),
        Some(stops) => finding(
            Level::Problem,
            what,
            format!(
                "throttling makes bursts late: after {} on all processors everything stops for {}",
                duration(runs),
                duration(stops)
            ),
        ),
    }
}

pub(super) fn connections(facts: &Facts, wanted: &Wanted) -> Option<Finding> {
    let most = most_connections(&facts.host.computer.limits)?;
    let by_descriptors = facts.host.computer.limits.descriptors == Some(most.allowed);
    let fix = match by_descriptors {
        true => "raise it: LimitNOFILE= of systemd, docker run --ulimit nofile, or limits.conf",
        false => "sudo sysctl -w net.ipv4.ip_local_port_range=\"1024 65535\"",
    };
    let raised = match facts.descriptors_soft {
        Some(soft) if by_descriptors && soft < most.allowed => {
            format!("; the soft limit of {} is raised to it", count(soft))
        }
        _ => String::new(),
    };
    let finding = at_most("connections", "connections can be held", most, wanted, fix);
    Some(Finding {
        means: finding.means + &raised,
        ..finding
    })
}

pub(super) fn threads(facts: &Facts, wanted: &Wanted) -> Option<Finding> {
    let most = most_threads(&facts.host.computer.limits)?;
    let fix = "raise the narrowest of ulimit -u, kernel.pid_max, kernel.threads-max and pids.max";
    Some(at_most(
        "threads",
        "threads can be started",
        most,
        wanted,
        fix,
    ))
}

/// What a limit means for the number of units in flight.
fn at_most(about: &'static str, can: &str, most: Most, wanted: &Wanted, fix: &str) -> Finding {
    let (number, asked) = (most.number, wanted.concurrency);
    let what = format!(
        "at most {} {can}: {} allows {}",
        count(number),
        most.set_by,
        count(most.allowed)
    );
    let beyond = "rows that need more are left out with this reason";
    let (level, means) = if number < asked {
        (
            Level::Problem,
            format!("a plain run asks for {}; {beyond}", count(asked)),
        )
    } else if number < MANY {
        (
            Level::Note,
            format!(
                "enough for the {} of a plain run, too few for {}; {beyond}",
                count(asked),
                count(MANY)
            ),
        )
    } else {
        (
            Level::Good,
            format!("a plain run asks for {}", count(asked)),
        )
    };
    Finding::new(about, level, what, means, fix)
}

pub(super) fn memory(facts: &Facts) -> Option<Finding> {
    let available = facts.memory_available_bytes?;
    let gib = |bytes: u64| format!("{:.1} GiB", bytes as f64 / (1u64 << 30) as f64);
    let (level, means) = match available < ENOUGH_MEMORY_BYTES {
        true => (
            Level::Note,
            format!(
                "all workers of a run live at once; below {} some may swap or be killed",
                gib(ENOUGH_MEMORY_BYTES)
            ),
        ),
        false => (
            Level::Good,
            "all workers of a run live at once, and fit".to_owned(),
        ),
    };
    let what = format!("{} of memory can be had", gib(available));
    let fix = "stop what holds memory, or run fewer rows with --strategy";
    Some(Finding::new("memory", level, what, means, fix))
}
