//! What disturbs.

use harness::doctor::{Busiest, Spread};

use super::*;
use crate::commands::doctor::noise::shortest_wait_ns;

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
            "waits of 7 ms or more typically overshoot by less than 1 %; waits below 2 ms overshoot by more than 5 %",
            "50.0 us of it are the kernel's timer slack",
        ],
    );
    says(
        &waits(170_000, 2_100_000),
        Level::Note,
        &[
            "waits of 20 ms or more typically overshoot by less than 1 %; waits below 4 ms overshoot by more than 5 %",
            "one in a hundred of the waits below 50 ms overshoots by more than that",
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
        shortest_wait_ns(&spread)
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
        &["700 us (median), and 1.05 times", "never taken away"],
    );
    says(
        &computing(980_000, 3),
        Level::Note,
        &["1.40 times", "taken away 3 times"],
    );
    says(
        &computing(2_100_000, 1000),
        Level::Problem,
        &["3.00 times", "1,000 times"],
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
fn steal_is_of_the_time_that_was_demanded() {
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
        &["2.0 % since the machine started", "before"],
    );
    says(
        &steal(SECOND, 0),
        Level::Problem,
        &["took 50 %", "dedicated"],
    );
    let bare = findings(&facts(), &probe(), &WANTED);
    assert!(bare.iter().all(|finding| finding.about != "steal"));
}
