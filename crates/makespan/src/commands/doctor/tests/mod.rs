//! Findings from numbers that are made up.

mod limits;
mod machine;
mod noise;
mod verdict;

use std::time::Duration;

use harness::doctor::{Facts, Probe, Spread, Turbo};
use model::{Build, Computer, Host, Limits};

use super::finding::{Finding, Level};
use super::verdict::findings;
use super::wanted::Wanted;

const MILLISECOND: u64 = 1_000_000;
const SECOND: u64 = 1000 * MILLISECOND;

/// A machine that nothing can be said against.
fn facts() -> Facts {
    Facts {
        host: Host {
            build: Build {
                profile: "release".to_owned(),
                ..Build::default()
            },
            computer: Computer {
                limits: Limits {
                    descriptors: Some(20_064),
                    threads: Some(32_768),
                    ports: Some(28_232),
                },
                ..Computer::default()
            },
            ..Host::default()
        },
        processors_online: Some(8),
        processors_allowed: Some(8),
        memory_available_bytes: Some(16 << 30),
        governors: ["performance".to_owned()].into(),
        turbo: Some(turbo(false)),
        hypervisor: Some(false),
        busy_ns: Some(1000 * SECOND),
        steal_ns: Some(0),
        load_hundredths: Some(12),
        address_randomisation: Some(2),
        timer_slack_ns: Some(50_000),
        io_uring_disabled: Some(0),
        system_calls_filtered: Some(false),
        counters: true,
        perf_event_paranoid: Some(2),
        ..Facts::default()
    }
}

fn turbo(on: bool) -> Turbo {
    Turbo {
        on,
        switch: "/sys/boost".to_owned(),
        off: 0,
    }
}

/// Three quiet seconds.
fn probe() -> Probe {
    let spread = |p50_ns, p99_ns, max_ns| Spread {
        count: 1700,
        p50_ns,
        p99_ns,
        max_ns,
    };
    Probe {
        wall_ns: 3 * SECOND,
        spin: spread(700_000, 735_000, 900_000),
        wait_ns: MILLISECOND,
        overshoot: spread(66_000, 95_000, 310_000),
        own_ns: SECOND,
        others_ns: Some(SECOND / 10),
        busiest: None,
        steal_ns: Some(0),
        switches_involuntary: 0,
    }
}

const WANTED: Wanted = Wanted {
    wait: Duration::from_millis(20),
    concurrency: 32,
    workers: 2,
};

/// The finding about something on a machine that differs from a good one.
fn found(about: &str, change: impl FnOnce(&mut Facts, &mut Probe)) -> Finding {
    let (mut facts, mut probe) = (facts(), probe());
    change(&mut facts, &mut probe);
    let mut all = findings(&facts, &probe, &WANTED).into_iter();
    all.find(|finding| finding.about == about).unwrap()
}

/// Whether a finding has this level and says all this, in what, means or fix.
fn says(finding: &Finding, level: Level, parts: &[&str]) {
    let fix = finding.fix.as_deref().unwrap_or("");
    let text = format!("{}\n{}\n{fix}", finding.what, finding.means);
    assert_eq!(finding.level, level, "{text}");
    for part in parts {
        assert!(text.contains(part), "`{part}` is missing in: {text}");
    }
}
