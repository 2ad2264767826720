//! Findings from numbers that are made up.

use std::time::Duration;

use harness::doctor::{Busiest, Facts, Probe, Quota, Spread, Turbo};
use model::{Host, Limits};

use super::finding::*;

const MILLISECOND: u64 = 1_000_000;
const SECOND: u64 = 1000 * MILLISECOND;

/// A machine that nothing can be said against.
fn facts() -> Facts {
    Facts {
        host: Host {
            profile: "release".to_owned(),
            limits: Limits {
                descriptors: Some(20_064),
                threads: Some(32_768),
                ports: Some(28_232),
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

#[test]
fn a_good_machine_has_nothing_to_mend() {
    let findings = findings(&facts(), &probe(), &WANTED);
    for finding in &findings {
        assert_eq!(finding.level, Level::Good, "{finding:?}");
        assert_eq!(finding.fix, None, "{finding:?}");
    }
    let verdict = verdict(&facts(), &probe(), &findings);
    assert_eq!(
        verdict.text,
        "Verdict: as it is now, this machine can measure waits of 7 ms or more, up to 20,000 connections and 32,704 threads at \
         once. Absolute times can be trusted, for this machine and while it stays as quiet."
    );
}

#[test]
fn problems_come_first_and_take_the_trust() {
    let (mut facts, mut probe) = (facts(), probe());
    facts.governors = ["powersave".to_owned()].into();
    facts.host.profile = "debug".to_owned();
    probe.steal_ns = Some(SECOND / 50);
    facts.hypervisor = Some(true);
    let findings = findings(&facts, &probe, &WANTED);
    let levels: Vec<_> = findings.iter().map(|finding| finding.level).collect();
    assert!(levels.is_sorted_by(|one, next| one >= next), "{levels:?}");
    let told = verdict(&facts, &probe, &findings);
    assert_eq!(told.absolute_times, Level::Problem);
    assert!(
        told.text.contains("cannot be trusted (build)"),
        "{}",
        told.text
    );
    let milder = findings.into_iter().filter(|it| it.about != "build");
    let told = verdict(&facts, &probe, &milder.collect::<Vec<_>>());
    assert!(told.text.contains("rough (steal)"), "{}", told.text);
}

#[test]
fn waits_are_judged_by_those_of_a_plain_run() {
    let waits = |p50_ns, p99_ns| {
        found("waits", |_, probe| {
            probe.overshoot.p50_ns = p50_ns;
            probe.overshoot.p99_ns = p99_ns;
        })
    };
    says(
        &waits(66_000, 95_000),
        Level::Good,
        &[
            "66.0 us (median), 95.0 us (p99), 310 us (longest of 1,700)",
            "waits of 7 ms or more are measured to within 1 % typically, below 2 ms the timer is over 5 %",
            "50.0 us of it are the kernel's timer slack",
        ],
    );
    says(
        &waits(170_000, 2_100_000),
        Level::Note,
        &[
            "waits of 20 ms or more are measured to within 1 % typically, below 4 ms the timer is over 5 %",
            "of waits below 50 ms one in a hundred is off by more than that",
            "longer waits than the 20 ms of a plain run: --latency 50ms",
        ],
    );
    says(&waits(1_100_000, 1_200_000), Level::Problem, &["200ms"]);
    assert!(
        !waits(20_000, 40_000).means.contains("slack"),
        "it is not in there"
    );
}

#[test]
fn the_shortest_wait_has_one_digit_and_is_never_too_short() {
    let shortest = |p50_ns, p99_ns| {
        let spread = Spread {
            p50_ns,
            p99_ns,
            ..Spread::default()
        };
        super::noise::shortest_wait_ns(&spread)
    };
    assert_eq!(
        shortest(170_000, 200_000),
        20 * MILLISECOND,
        "by the median"
    );
    assert_eq!(shortest(10_000, 2_100_000), 50 * MILLISECOND, "by the tail");
    assert_eq!(shortest(90_000, 90_000), 9 * MILLISECOND, "as it is");
    assert_eq!(shortest(99_000, 99_000), 10 * MILLISECOND);
    assert_eq!(shortest(0, 0), 0);
}

#[test]
fn computing_is_even_uneven_or_useless() {
    let computing = |p99_ns, switches| {
        found("computing", |_, probe| {
            probe.spin.p99_ns = p99_ns;
            probe.switches_involuntary = switches;
        })
    };
    says(
        &computing(735_000, 0),
        Level::Good,
        &["700 us, and x1.05", "never taken away"],
    );
    says(
        &computing(980_000, 3),
        Level::Note,
        &["x1.40", "taken away 3 times"],
    );
    says(
        &computing(2_100_000, 1000),
        Level::Problem,
        &["x3.00", "1,000 times"],
    );
}

#[test]
fn others_are_told_by_name_where_one_name_has_most() {
    let others = |milliseconds: u64, busiest: Option<Busiest>, load| {
        found("other processes", |facts, probe| {
            probe.others_ns = Some(milliseconds * MILLISECOND);
            probe.busiest = busiest;
            facts.load_hundredths = Some(load);
        })
    };
    let rustc = |processes, milliseconds: u64| Busiest {
        name: "rustc".to_owned(),
        processes,
        cpu_ns: milliseconds * MILLISECOND,
    };
    says(
        &others(100, None, 12),
        Level::Good,
        &["0.4 % of the processors", "last minute 0.12"],
    );
    says(
        &others(100, None, 700),
        Level::Note,
        &["busy within this minute", "7.00"],
    );
    says(
        &others(2400, Some(rustc(1, 2000)), 12),
        Level::Note,
        &["10 % of the processors, `rustc` most of it"],
    );
    let problem = others(11_520, Some(rustc(3, 9000)), 12);
    says(
        &problem,
        Level::Problem,
        &[
            "48 % of the processors, 3 times `rustc` most of it",
            "stop them",
        ],
    );
    let quiet = others(100, Some(rustc(1, 100)), 700);
    assert!(!quiet.what.contains("rustc"), "it took next to nothing");
    assert!(
        !others(9600, Some(rustc(1, 2000)), 12)
            .what
            .contains("rustc")
    );
}

#[test]
fn steal_is_of_the_time_that_was_wanted() {
    let steal = |now: u64, ever: u64| {
        found("steal", |facts, probe| {
            facts.hypervisor = Some(true);
            facts.steal_ns = Some(ever);
            facts.busy_ns = Some(100 * SECOND - ever);
            probe.own_ns = SECOND;
            probe.others_ns = Some(0);
            probe.steal_ns = Some(now);
        })
    };
    says(&steal(0, 0), Level::Good, &["0.0 %"]);
    says(
        &steal(0, 2 * SECOND),
        Level::Note,
        &["2.0 % since the start", "before"],
    );
    says(
        &steal(SECOND, 0),
        Level::Problem,
        &["took 50 %", "dedicated"],
    );
    let bare = findings(&facts(), &probe(), &WANTED);
    assert!(bare.iter().all(|finding| finding.about != "steal"));
}

#[test]
fn processors_are_shared_where_there_are_few() {
    let processors = |allowed, online| {
        found("processors", |facts, _| {
            facts.processors_allowed = Some(allowed);
            facts.processors_online = Some(online);
        })
    };
    says(
        &processors(1, 1),
        Level::Problem,
        &["one processor", "take turns"],
    );
    assert_eq!(processors(1, 1).fix, None);
    says(&processors(1, 8), Level::Problem, &["1 of 8", "taskset"]);
    says(&processors(2, 2), Level::Note, &["the 2 worker threads"]);
    says(&processors(3, 8), Level::Good, &["3 of 8"]);
}

#[test]
fn a_quota_stops_everything_for_the_rest_of_its_period() {
    let quota = |milliseconds: u64| {
        found("quota", |facts, _| {
            facts.processors_allowed = Some(2);
            facts.quota = Some(Quota {
                quota_ns: milliseconds * MILLISECOND,
                period_ns: 100 * MILLISECOND,
            });
        })
    };
    says(
        &quota(150),
        Level::Problem,
        &[
            "1.50 processors",
            "after 75.0 ms on all processors everything stops for 25.0 ms",
        ],
    );
    says(
        &quota(200),
        Level::Good,
        &["2.00 processors", "never binds"],
    );
    says(&found("quota", |_, _| ()), Level::Good, &["no CPU quota"]);
}

#[test]
fn connections_are_bound_by_the_narrower_of_files_and_ports() {
    let connections = |descriptors, ports, soft| {
        found("connections", |facts, _| {
            facts.host.limits.descriptors = descriptors;
            facts.host.limits.ports = ports;
            facts.descriptors_soft = soft;
        })
    };
    says(
        &connections(Some(256), Some(28_232), Some(100)),
        Level::Note,
        &[
            "at most 192 connections",
            "`ulimit -Hn` allows 256",
            "too few for 10,000",
            "soft limit of 100",
            "LimitNOFILE",
        ],
    );
    says(
        &connections(Some(1 << 20), Some(5064), Some(1024)),
        Level::Note,
        &[
            "at most 5,000 connections",
            "ip_local_port_range allows 5,064",
            "sysctl",
        ],
    );
    says(
        &connections(Some(80), None, None),
        Level::Problem,
        &["at most 16", "asks for 32"],
    );
    let few = found("threads", |facts, _| facts.host.limits.threads = Some(90));
    says(&few, Level::Problem, &["at most 26 threads", "pids.max"]);
}

#[test]
fn what_the_system_does_not_tell_is_left_out() {
    let findings = findings(&Facts::default(), &Probe::default(), &WANTED);
    let about: Vec<_> = findings.iter().map(|finding| finding.about).collect();
    for silent in [
        "other processes",
        "steal",
        "processors",
        "connections",
        "threads",
        "memory",
        "turbo",
    ] {
        assert!(!about.contains(&silent), "{silent}: {about:?}");
    }
    let told = verdict(&Facts::default(), &Probe::default(), &findings);
    assert_eq!((told.connections, told.threads), (None, None));
}

#[test]
fn what_can_be_switched_is_told_with_its_switch() {
    let governor = |names: &[&str]| {
        found("governor", |facts, _| {
            facts.governors = names.iter().map(|name| (*name).to_owned()).collect();
        })
    };
    says(
        &governor(&["powersave"]),
        Level::Note,
        &[
            "governor powersave",
            "cpupower frequency-set -g performance",
        ],
    );
    says(
        &governor(&["performance", "powersave"]),
        Level::Note,
        &["performance, powersave"],
    );
    assert_eq!(governor(&[]).fix, None);
    let boost = found("turbo", |facts, _| facts.turbo = Some(turbo(true)));
    says(&boost, Level::Note, &["echo 0 | sudo tee /sys/boost"]);
    let slack = found("timer slack", |facts, _| {
        facts.timer_slack_ns = Some(2 * MILLISECOND)
    });
    says(&slack, Level::Note, &["2.00 ms, where 50.0 us"]);
    let fixed = found("addresses", |facts, _| {
        facts.address_randomisation = Some(0)
    });
    says(&fixed, Level::Note, &["randomize_va_space=2"]);
    let memory = found("memory", |facts, _| {
        facts.memory_available_bytes = Some(512 << 20)
    });
    says(&memory, Level::Note, &["0.5 GiB", "below 1.0 GiB"]);
}

#[test]
fn counters_and_rings_are_refused_for_a_reason() {
    let counters = |counters, paranoid, root| {
        found("counters", |facts, _| {
            facts.counters = counters;
            facts.perf_event_paranoid = Some(paranoid);
            facts.root = root;
        })
    };
    says(
        &counters(false, 2, true),
        Level::Note,
        &["no performance counters"],
    );
    says(
        &counters(true, 4, false),
        Level::Note,
        &["perf_event_paranoid is 4", "sysctl"],
    );
    says(&counters(true, 4, true), Level::Good, &[]);
    let rings = |opened, disabled, filtered| {
        found("io_uring", |facts, _| {
            facts.io_uring_opened = opened;
            facts.io_uring_disabled = disabled;
            facts.system_calls_filtered = Some(filtered);
        })
    };
    says(&rings(Some(true), Some(0), true), Level::Good, &["opens"]);
    says(
        &rings(Some(false), Some(2), false),
        Level::Note,
        &["everybody", "io_uring_disabled=0"],
    );
    says(
        &rings(Some(false), Some(0), true),
        Level::Note,
        &["seccomp"],
    );
    says(
        &rings(None, Some(1), false),
        Level::Note,
        &["all but a group"],
    );
    says(
        &rings(None, Some(0), true),
        Level::Note,
        &["filtered", "did not try"],
    );
    says(&rings(None, None, false), Level::Note, &["does not say"]);
    says(
        &rings(None, Some(0), false),
        Level::Good,
        &["no row over it"],
    );
}

#[test]
fn numbers_are_written_for_people() {
    for (number, text) in [
        (0, "0"),
        (999, "999"),
        (1000, "1,000"),
        (1_048_576, "1,048,576"),
    ] {
        assert_eq!(count(number), text);
    }
    assert_eq!(percent(1, 3), "33 %");
    assert_eq!(percent(1, 60), "1.7 %");
    assert_eq!(percent(0, 0), "0.0 %");
    for (nanoseconds, text) in [
        (20 * MILLISECOND, "20 ms"),
        (SECOND, "1 s"),
        (300_000, "300 us"),
        (7, "7 ns"),
    ] {
        assert_eq!(round(nanoseconds), text);
    }
}
