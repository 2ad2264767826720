//! From samples to a summary.

use super::*;
use crate::fixtures::{self, cell, spec};

fn sample(strategy: &str, round: u32, wall_ns: u64) -> Sample {
    fixtures::sample("get", strategy, round, wall_ns)
}

fn summary(samples: &[Sample]) -> Summary {
    fixtures::summary(&[cell("sequential"), cell("tokio")], samples)
}

#[test]
fn ratios_are_taken_within_rounds_and_only_where_both_are() {
    // The machine becomes ten times slower from round to round; within a round the ratio stays.
    let mut samples: Vec<_> = (0..8)
        .map(|round| sample("tokio", round, 10u64.pow(round)))
        .collect();
    samples.extend((0..7).map(|round| sample("sequential", round, 4 * 10u64.pow(round))));
    let ratio = summary(&samples).cells[1].ratio.clone().unwrap();
    assert_eq!((ratio.pairs, ratio.reference.is("sequential")), (6, true));
    for value in [ratio.estimate, ratio.low.unwrap(), ratio.high.unwrap()] {
        assert!((value - 0.25).abs() < 1e-12, "{value}");
    }
    samples.retain(|sample| sample.round < 6);
    let ratio = summary(&samples).cells[1].ratio.clone().unwrap();
    assert_eq!((ratio.pairs, ratio.low, ratio.high), (5, None, None));
}

#[test]
fn discarded_samples_do_not_count() {
    let samples = [
        sample("tokio", 0, 1),
        sample("tokio", 1, 50_000_000),
        sample("tokio", 2, 70_000_000),
    ];
    let row = &summary(&samples).cells[1];
    let spread = Spread {
        median: 60_000_000,
        low: None,
        high: None,
        mad: 10_000_000,
        min: 50_000_000,
        max: 70_000_000,
    };
    assert_eq!(
        (row.outcome, row.samples, row.wall_ns),
        (Outcome::Measured, 2, Some(spread))
    );
    assert_eq!(
        (row.cpu_ns, row.floor_ratio, row.cpu_user_share),
        (Some(6_000_000), Some(1.5), Some(0.75))
    );
}

#[test]
fn one_bad_sample_fails_the_row_and_keeps_the_others() {
    let mut samples = vec![sample("tokio", 1, 50), sample("tokio", 2, 50)];
    samples[1].outcome = SampleOutcome::Refused {
        reason: "wrong tally".into(),
        kind: RefusalKind::Proof,
        measurement: Measurement::default(),
    };
    let summary = summary(&samples);
    let (sequential, tokio) = (&summary.cells[0], &summary.cells[1]);
    assert_eq!(
        (tokio.outcome, tokio.reason.as_deref(), tokio.samples),
        (Outcome::Failed, Some("wrong tally"), 1)
    );
    assert_eq!(
        (sequential.outcome, sequential.samples),
        (Outcome::Failed, 0)
    );
    assert_eq!(summary.failures().count(), 2);
}

#[test]
fn there_are_no_ratios_to_a_reference_without_a_result() {
    let mut samples: Vec<_> = (1..9)
        .flat_map(|r| [sample("tokio", r, 50), sample("sequential", r, 90)])
        .collect();
    assert!(summary(&samples).cells[1].ratio.is_some());
    samples[15].outcome = SampleOutcome::Failed {
        reason: "timed out".into(),
    };
    let rows = summary(&samples).cells;
    assert!(rows.iter().all(|row| row.ratio.is_none()));
    assert_eq!(
        (rows[0].outcome, rows[1].outcome),
        (Outcome::Failed, Outcome::Measured)
    );
}

#[test]
fn what_an_interrupted_run_did_not_reach_is_no_failure() {
    let samples = [sample("tokio", 1, 50)];
    let cells = [cell("sequential"), cell("tokio")];
    let mut cut = fixtures::recorded(spec(&[]), &cells, &samples);
    cut.end = None;
    let summary = Summary::new(&cut);
    assert!(summary.interrupted);
    assert_eq!(summary.failures().count(), 0);
    assert!(
        summary.cells[0]
            .reason
            .as_ref()
            .unwrap()
            .contains("interrupted")
    );
}

#[test]
fn what_cannot_run_is_unsupported() {
    let cells = [Cell {
        unsupported: Some("no io_uring".into()),
        ..cell("sequential")
    }];
    let row = &fixtures::summary(&cells, &[]).cells[0];
    assert_eq!(
        (row.outcome, row.reason.as_deref()),
        (Outcome::Unsupported, Some("no io_uring"))
    );
}

#[test]
fn the_order_of_samples_does_not_matter() {
    let mut samples: Vec<_> = (0..9)
        .flat_map(|r| {
            [
                sample("tokio", r, 50 + u64::from(r)),
                sample("sequential", r, 90),
            ]
        })
        .collect();
    let before = summary(&samples);
    samples.reverse();
    assert_eq!(summary(&samples), before);
}
