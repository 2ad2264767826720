//! What each kind of picture says.

use model::{Bend, Outcome, Quantile, Quantiles, Recorded, SampleOutcome, Summary};

use super::made_up::{recorded, run, swept};
use crate::plots::plots;

/// The file of that name.
fn svg(summary: &Summary, recorded: &Recorded, name: &str) -> Option<String> {
    let found = plots(summary, recorded).into_iter();
    found
        .map(|it| (it.name, it.svg))
        .find(|it| it.0 == name)
        .map(|it| it.1)
}

fn has(text: &str, needed: &[&str]) {
    for needed in needed {
        assert!(text.contains(needed), "{needed}: {text}");
    }
}

/// All rows have latencies; of those the quantiles are in the summary, each row a little above the one before.
fn timed(rows: usize) -> (Summary, Recorded) {
    let (mut summary, recorded) = run(rows);
    for (index, cell) in summary.cells.iter_mut().enumerate() {
        let quantile = |value_ns: u64| Quantile {
            value_ns,
            low_ns: Some(value_ns - 100_000),
            high_ns: Some(value_ns + 100_000),
        };
        let p50_ns = quantile(20_000_000 + index as u64 * 6_000_000);
        cell.latencies = Some(Quantiles {
            count: 540,
            p50_ns,
            p90_ns: p50_ns,
            p99_ns: Some(p50_ns),
            max_ns: 1,
        });
    }
    (summary, recorded)
}

#[test]
fn latencies_name_the_ends_of_the_range_and_what_is_not_drawn() {
    let (summary, recorded) = timed(12);
    let text = svg(&summary, &recorded, "get-latency").unwrap();
    has(
        &text,
        &[
            "<title>get: how long does one unit take?",
            "Lowest: strategy-number-0, p99 20.0 (19.9-20.1) ms. No other interval reaches that. Highest: strategy-number-10",
            ">99 %<",
            "Time in which it waits for its turn is not in it",
            "Between them, and not drawn: strategy-number-5, strategy-number-6, strategy-number-7.",
            "Caveat: with fewer than five launches",
        ],
    );
    assert!(!text.contains(">99.9 %<"), "5 of 540 are more than 0.1 %");
    // A row that fails has no curve, though some of its samples are good.
    let (mut summary, recorded) = timed(4);
    summary.cells[2].outcome = Outcome::Failed;
    let text = svg(&summary, &recorded, "get-latency").unwrap();
    has(&text, &["Highest: strategy-number-1,"]);
    // Without latencies there is no such picture, and the others stay.
    let (summary, recorded) = run(12);
    assert_eq!(svg(&summary, &recorded, "get-latency"), None);
    assert!(svg(&summary, &recorded, "get-cost").is_some());
}

#[test]
fn intervals_that_overlap_are_not_told_apart() {
    let (mut summary, recorded) = timed(4);
    let first = summary.cells[0].latencies;
    summary.cells[1].latencies = first;
    let text = svg(&summary, &recorded, "get-latency").unwrap();
    has(&text, &["The interval of 1 other row overlaps with it."]);
    summary.cells[2].latencies = first;
    let text = svg(&summary, &recorded, "get-latency").unwrap();
    has(&text, &["The intervals of all rows overlap with it."]);
}

#[test]
fn costs_are_per_unit_and_stand_over_the_floor() {
    let (summary, recorded) = run(5);
    let text = svg(&summary, &recorded, "get-cost").unwrap();
    // 25 ms over 60 units, and the rounds add a little.
    has(
        &text,
        &[
            "Lowest median CPU time per unit: strategy-number-3, 219",
            "Lowest median makespan: strategy-number-0, 40.0",
            "for 417",
            ">floor 40.0 ms<",
            "their 95 % intervals",
        ],
    );
}

#[test]
fn what_has_no_memory_is_not_measured_and_not_0() {
    let (summary, mut recorded) = run(5);
    let text = svg(&summary, &recorded, "get-memory").unwrap();
    has(
        &text,
        &["Most: strategy-number-3", ">no result<", "0 does not mean"],
    );
    assert!(!text.contains("not measured"), "{text}");
    for sample in &mut recorded.samples {
        if let SampleOutcome::Measured(measured) = &mut sample.outcome
            && sample.row == summary.cells[1].row
        {
            measured.rss_peak_bytes = None;
        }
    }
    let text = svg(&summary, &recorded, "get-memory").unwrap();
    has(&text, &[">not measured<"]);
    recorded.samples.clear();
    assert_eq!(svg(&summary, &recorded, "get-memory"), None);
}

#[test]
fn a_series_shows_its_floor_its_knees_and_where_rows_change_places() {
    let (mut summary, _) = run(4);
    swept(&mut summary);
    let recorded = recorded(&summary);
    let text = svg(&summary, &recorded, "get-by-tasks-sweep").unwrap();
    has(
        &text,
        &[
            "strategy-number-1 falls behind strategy-number-0 between tasks = 1 and 100",
            ">strategy-number-1 falls behind<",
            ">floor<",
            ">knee at 100 (10 to 1,000)<",
            "0 stands apart",
            "Kneedle",
        ],
    );
    assert!(Bend::RULE.contains("1.25 times"));
    // A card has room for one size.
    summary.spec.workloads.remove(0);
    let text = svg(&summary, &recorded, "card").unwrap();
    has(&text, &["get(tasks=1000): which strategy"]);
    let text = svg(&summary, &recorded, "get-by-tasks-memory").unwrap();
    has(
        &text,
        &["From none seen (strategy-number-0) to 900 B (strategy-number-3)."],
    );
    // A straight line has no knee.
    for cell in &mut summary.cells {
        if let Some(wall) = &mut cell.wall_ns {
            (wall.median, wall.low, wall.high) = (40_000_000, None, None);
        }
    }
    let text = svg(&summary, &recorded, "get-by-tasks-sweep").unwrap();
    assert!(!text.contains("knee"), "{text}");
}

#[test]
fn a_card_has_the_size_that_is_shared_and_says_what_it_leaves_out() {
    let (mut summary, _) = run(15);
    summary.cells[3].outcome = Outcome::Unsupported;
    let recorded = recorded(&summary);
    let text = svg(&summary, &recorded, "card").unwrap();
    has(
        &text,
        &[
            "viewBox=\"0 0 1200 630\"",
            "get: which strategy finishes 60 units first?",
            "strategy-number-0 is ahead of all others.",
            "7 of 13 rows",
            "floor 40.0 ms",
            "Caveat: with fewer than five launches",
        ],
    );
    assert!(text.contains(">strategy-number-13<"), "the slowest: {text}");
    assert!(!text.contains(">strategy-number-3<"), "it has no result");
    assert!(
        !text.contains("More caveats"),
        "there is room for all: {text}"
    );
    // What has no room is counted.
    let flag = summary.workloads[0].flags[0].clone();
    summary.workloads[0].flags = vec![flag; 14];
    let text = svg(&summary, &recorded, "card").unwrap();
    assert!(text.matches("<text").count() < 40, "{text}");
    has(&text, &["More caveats in the report: "]);
    assert!(
        !crate::page(&summary, &recorded, None)
            .unwrap()
            .contains("1200 630")
    );
}
