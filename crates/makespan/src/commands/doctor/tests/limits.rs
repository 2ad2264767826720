//! How much can be had.

use harness::doctor::Quota;

use super::*;

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
            facts.host.computer.limits.descriptors = descriptors;
            facts.host.computer.limits.ports = ports;
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
    let few = found("threads", |facts, _| {
        facts.host.computer.limits.threads = Some(90)
    });
    says(&few, Level::Problem, &["at most 26 threads", "pids.max"]);
}
