//! What a run records beside its rows: launches, timers, clients.

use std::fs;

use libtest_mimic::Trial;
use model::FlagKind;

use crate::command::summary;
use crate::small::{SERIAL, run};
use crate::{test, together};

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        together("recorded::one_launch_is_flagged", one_launch),
        test("recorded::timers_and_clients_are_calibrated", calibrated),
        together(
            "recorded::launches_are_added_while_the_budget_lasts",
            launches_are_added,
        ),
    ]
}

fn one_launch() {
    let (_parent, folder) = run(
        SERIAL,
        &[
            "--workload",
            "sleep",
            "--no-calibration",
            "--rounds",
            "9",
            "--launches",
            "1",
        ],
    );
    let summary = summary(&folder);
    let flags: Vec<FlagKind> = summary.workloads[0]
        .flags
        .iter()
        .map(|flag| flag.kind)
        .collect();
    assert!(flags.contains(&FlagKind::FewLaunches), "{flags:?}");
    assert_eq!(summary.launches.len(), 1);
}

fn calibrated() {
    let (_parent, folder) = run("smol,async-std", &["--workload", "sleep", "--rounds", "3"]);
    let summary = summary(&folder);
    let names: Vec<&str> = summary
        .calibration
        .iter()
        .map(|row| row.row.strategy.as_str())
        .collect();
    assert_eq!(names, ["smol", "async-std", "thread-pool-raw"]);
    for row in &summary.calibration[..2] {
        let asked: Vec<u64> = row
            .timers
            .iter()
            .map(|it| it.asked_ns / 1_000_000)
            .collect();
        assert_eq!(asked, [1, 5, 20]);
        assert!(
            row.timers
                .iter()
                .all(|it| it.late_ns.is_some() && it.high_ns.is_some()),
            "{row:?}"
        );
        let limits: Vec<usize> = row.taxes.iter().map(|it| it.concurrency).collect();
        assert_eq!(limits, [1, 64]);
        assert!(
            row.taxes
                .iter()
                .all(|it| it.ratio.as_ref().is_some_and(|ratio| ratio.pairs == 6)),
            "{row:?}"
        );
    }
    // They are no cells of the comparison, and belong to no workload.
    assert!(summary.cells.iter().all(|cell| cell.workload == "sleep"));
    let document = fs::read_to_string(folder.join("README.md")).unwrap();
    let (_, shared) = document.split_once("## All workloads").unwrap();
    assert!(shared.contains("**Timers"), "{document}");
    let (_, own) = document.split_once("## sleep").unwrap();
    assert!(!own.split("\n## ").next().unwrap().contains("**Timers"));
}

fn launches_are_added() {
    // No interval is ever that narrow, so only the time ends it.
    let endless = [
        "--launches",
        "1",
        "--rounds",
        "6",
        "--precision",
        "0.01%",
        "--budget",
        "4s",
    ];
    let (_parent, folder) = run(
        SERIAL,
        &[&["--no-calibration", "--workload", "sleep"], &endless[..]].concat(),
    );
    let recorded = harness::journal::read(&folder).unwrap();
    let summary = summary(&folder);
    let end = recorded.end.unwrap();
    assert!(summary.launches.len() > 1, "{:?}", summary.launches);
    assert_eq!(
        (end.looks as usize, end.exhausted),
        (summary.launches.len(), true)
    );
    // Looking again has been paid for.
    assert!(
        summary.workloads[0].alpha < model::ALPHA,
        "{}",
        summary.workloads[0].alpha
    );
    // Two launches differ in how long their workers' environments are.
    let mut paddings: Vec<_> = recorded
        .samples
        .iter()
        .filter(|it| it.row.is("sequential"))
        .map(|it| it.padding_bytes)
        .collect();
    paddings.dedup();
    assert!(paddings.len() > 1, "{paddings:?}");
}
