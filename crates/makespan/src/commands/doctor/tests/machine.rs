//! What no probe shows.

use super::*;

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
