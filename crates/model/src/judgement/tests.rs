use workloads::mix;

use super::*;
use crate::VerdictKind;

/// Rows that take so many times as long as the first, with noise of a percent that all rows of a round share, and a tenth of that
/// of their own.
fn rows(times: &[f64], rounds: u32) -> Vec<Row<'static>> {
    const NAMES: [&str; 6] = ["reference", "a", "b", "c", "d", "e"];
    let draw = |a: u64, b: u64| (mix(a, b) >> 11) as f64 / (1u64 << 53) as f64 - 0.5;
    let row = |(index, times): (usize, &f64)| {
        let wall = |round: u32| {
            let shared = 0.02 * draw(u64::from(round), 99);
            let own = 0.002 * draw(u64::from(round), index as u64);
            (round, (round / 8, 1e6 * times * (1.0 + shared + own)))
        };
        Row {
            strategy: NAMES[index],
            walls: (0..rounds).map(wall).collect(),
        }
    };
    times.iter().enumerate().map(row).collect()
}

fn judged(rows: Vec<Row<'static>>) -> Judged<'static> {
    Judged {
        rows,
        reference: Some(0),
        alpha: 0.01,
        seed: 1,
    }
}

fn found(times: &[f64], rounds: u32) -> Vec<Found> {
    let judged = judged(rows(&[times, &[1.0]].concat(), rounds));
    let twin = judged.rows[times.len()].strategy;
    let noise = judged.noise("reference", twin);
    judged.found(noise.as_ref())
}

fn kinds(times: &[f64], rounds: u32) -> Vec<VerdictKind> {
    let found = found(times, rounds).into_iter();
    found
        .filter_map(|found| Some(found.verdict?.kind))
        .collect()
}

#[test]
fn verdicts_say_what_the_ratios_are() {
    use VerdictKind::{Faster, Same, Slower};
    assert_eq!(
        kinds(&[1.0, 0.5, 1.2, 1.01], 24),
        [Faster, Slower, Same, Same]
    );
}

#[test]
fn eight_rounds_are_the_fewest_for_a_verdict_and_seven_say_how_many_are_missing() {
    assert_eq!(
        kinds(&[1.0, 0.5], 8),
        [VerdictKind::Faster, VerdictKind::Same]
    );
    assert_eq!(kinds(&[1.0, 0.5], 7), [VerdictKind::Unclear; 2]);
    let needed = found(&[1.0, 0.5], 7)[1]
        .verdict
        .as_ref()
        .unwrap()
        .rounds_needed;
    assert!(needed.is_some_and(|rounds| rounds >= 1), "{needed:?}");
}

#[test]
fn rows_that_are_in_fewer_rounds_are_judged_in_a_family_of_their_own() {
    let mut rows = rows(&[1.0, 30.0, 0.9, 1.0], 24);
    rows[1].walls.retain(|round, _| round % 2 == 0);
    let judged = judged(rows);
    let noise = judged.noise("reference", "c");
    let found = judged.found(noise.as_ref());
    let verdicts: Vec<_> = found
        .iter()
        .filter_map(|it| Some(it.verdict.as_ref()?.kind))
        .collect();
    use VerdictKind::{Faster, Same, Slower};
    assert_eq!(verdicts, [Slower, Faster, Same]);
    assert_eq!(found[1].ratio.as_ref().unwrap().pairs, 12);
}

#[test]
fn rows_share_a_letter_where_nothing_tells_them_apart() {
    let ties: Vec<_> = found(&[1.0, 0.5, 0.5, 2.0], 24)
        .into_iter()
        .map(|it| it.tie.unwrap())
        .collect();
    assert_eq!(ties, ["b", "a", "a", "c", "b"]);
}

#[test]
fn any_row_can_be_the_reference() {
    let mut judged = judged(rows(&[1.0, 0.5, 1.0], 24));
    judged.reference = Some(1);
    let noise = judged.noise("reference", "b");
    let found = judged.found(noise.as_ref());
    let ratio = found[0].ratio.as_ref().unwrap();
    assert_eq!(ratio.reference, "a");
    assert!((ratio.estimate - 2.0).abs() < 0.01, "{ratio:?}");
    assert_eq!(found[0].verdict.as_ref().unwrap().kind, VerdictKind::Slower);
    assert!(found[1].verdict.is_none());
}

#[test]
fn without_variance_everything_is_the_same() {
    let walls: BTreeMap<u32, (u32, f64)> = (0..12).map(|round| (round, (0, 5.0))).collect();
    let rows = ["reference", "a", "b"].map(|strategy| Row {
        strategy,
        walls: walls.clone(),
    });
    let judged = judged(rows.into());
    let noise = judged.noise("reference", "b").unwrap();
    assert_eq!(noise.floor, Some(0.0));
    let found = judged.found(Some(&noise));
    assert_eq!(found[1].verdict.as_ref().unwrap().kind, VerdictKind::Same);
    assert_eq!(judged.friedman(), None);
}

#[test]
fn many_launches_widen_the_interval_by_how_they_differ() {
    // Within a launch all rounds agree; launches differ by up to a tenth.
    let walls = |launches: u32, scale: f64| -> BTreeMap<u32, (u32, f64)> {
        let all = (0..launches * 8).map(|round| {
            let launch = round / 8;
            (
                round,
                (launch, 1e6 * (1.0 + scale * f64::from(launch % 5) / 40.0)),
            )
        });
        all.collect()
    };
    let interval = |launches| {
        let rows = vec![
            Row {
                strategy: "reference",
                walls: walls(launches, 0.0),
            },
            Row {
                strategy: "a",
                walls: walls(launches, 1.0),
            },
        ];
        let ratio = judged(rows).found(None)[1].ratio.clone().unwrap();
        ratio.high.unwrap() - ratio.low.unwrap()
    };
    assert!(interval(5) > 0.04, "{}", interval(5));
}
