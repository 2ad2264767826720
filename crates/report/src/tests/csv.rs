//! The file for spreadsheets.

use super::{quantiles, summary};
use crate::formats::csv::csv;

#[test]
fn csv_has_a_line_per_cell_and_keeps_whole_numbers() {
    let text = csv(&summary()).unwrap();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 5);
    assert!(
        lines[0]
            .starts_with("workload,strategy,twin_of,client,outcome,reason,samples,wall_median_ns,")
    );
    assert!(lines[3].starts_with(
        "get,tokio-spawn-blocking,,reqwest,measured,,24,41249000,,,1,1,2,,,40000000,1.031225,"
    ));
    assert!(lines[4].contains("killed by signal 9"));
}

#[test]
fn csv_has_the_ends_of_every_interval() {
    let mut summary = summary();
    summary.cells[0].heartbeat = Some(quantiles());
    let text = csv(&summary).unwrap();
    let row: Vec<_> = text.lines().nth(1).unwrap().split(',').collect();
    let column = |name: &str| {
        let mut names = text.lines().next().unwrap().split(',');
        row[names.position(|it| it == name).unwrap()]
    };
    for (name, value) in [
        ("heartbeat_count", "1440"),
        ("heartbeat_p50_ns", "41249000"),
        ("heartbeat_p90_low_ns", "43412000"),
        ("heartbeat_p99_high_ns", "1231549000"),
        ("heartbeat_max_ns", "1240000000"),
        ("latency_p99_ns", ""),
        ("latency_count", ""),
    ] {
        assert_eq!(column(name), value, "{name}");
    }
}
