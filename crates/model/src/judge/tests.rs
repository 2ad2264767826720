use workloads::mix;

use super::*;
use crate::{VerdictKind, fixtures};

/// Rows are borrowed; these are few.
fn row(text: &str) -> &'static Row {
    Box::leak(Box::new(fixtures::row(text)))
}

/// Rows that take so many times as long as the first, with noise of a percent that all rows of a round share, and a tenth of that
/// of their own.
fn rows(times: &[f64], rounds: u32) -> Vec<Makespans<'static>> {
    const NAMES: [&str; 6] = ["reference", "a", "b", "c", "d", "e"];
    let draw = |a: u64, b: u64| (mix(a, b) >> 11) as f64 / (1u64 << 53) as f64 - 0.5;
    let row = |(index, times): (usize, &f64)| {
        let wall = |round: u32| {
            let shared = 0.02 * draw(u64::from(round), 99);
            let own = 0.002 * draw(u64::from(round), index as u64);
            (round, (round / 8, 1e6 * times * (1.0 + shared + own)))
        };
        Makespans {
            row: row(NAMES[index]),
            walls: (0..rounds).map(wall).collect(),
        }
    };
    times.iter().enumerate().map(row).collect()
}

fn judged(rows: Vec<Makespans<'static>>) -> Judged<'static> {
    Judged {
        rows,
        reference: Some(0),
        alpha: 0.01,
        seed: 1,
    }
}

fn found(times: &[f64], rounds: u32) -> Vec<Found> {
    let judged = judged(rows(&[times, &[1.0]].concat(), rounds));
    let twin = judged.rows[times.len()].row;
    let noise = judged.noise(row("reference"), twin);
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

/// One row alone needs eight rounds, since 2 / 2^8 is below 1 %. Here the twin of the reference is another test: one round more.
#[test]
fn nine_rounds_are_the_fewest_for_two_different_rows() {
    assert_eq!(
        kinds(&[1.0, 0.5], 9),
        [VerdictKind::Faster, VerdictKind::Same]
    );
    assert_eq!(kinds(&[1.0, 0.5], 8)[0], VerdictKind::Unclear);
    assert_eq!(kinds(&[1.0, 0.5], 7), [VerdictKind::Unclear; 2]);
}

/// Looking again and again leaves less and less error for each look; more rounds make up for it, whatever the look.
#[test]
fn a_clear_difference_is_seen_at_the_hundredth_look() {
    let mut judged = judged(rows(&[1.0, 1.5, 1.0], 175));
    judged.alpha = crate::ALPHA / (100.0 * 101.0);
    let noise = judged.noise(row("reference"), row("b"));
    let found = judged.found(noise.as_ref());
    assert_eq!(found[1].verdict.as_ref().unwrap().kind, VerdictKind::Slower);
}

#[test]
fn rows_that_are_in_fewer_rounds_are_judged_by_those() {
    let mut rows = rows(&[1.0, 30.0, 0.9, 1.0], 24);
    rows[1].walls.retain(|round, _| round % 2 == 0);
    let judged = judged(rows);
    let noise = judged.noise(row("reference"), row("c"));
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
fn rows_that_differ_from_the_fastest_are_compared_with_it() {
    let found = found(&[1.0, 0.5, 0.5, 2.0], 24);
    let over = found.iter().map(|it| it.over_fastest.as_ref());
    let over: Vec<Option<(f64, String)>> = over
        .map(|ratio| Some((ratio?.estimate, ratio?.reference.to_string())))
        .collect();
    // Either of the two fastest may have the smaller median.
    let fastest = over[0].clone().unwrap().1;
    assert!(["a", "b"].contains(&fastest.as_str()), "{over:?}");
    assert!(over[1].is_none() && over[2].is_none(), "{over:?}");
    let times = |index: usize| over[index].as_ref().unwrap().0;
    assert!((times(0) - 2.0).abs() < 0.05 && (times(3) - 4.0).abs() < 0.1);
    // The twin of the reference is a row like others, and the fastest is never a twin.
    assert!((times(4) - 2.0).abs() < 0.05, "{over:?}");
}

#[test]
fn any_row_can_be_the_reference() {
    let mut judged = judged(rows(&[1.0, 0.5, 1.0], 24));
    judged.reference = Some(1);
    let noise = judged.noise(row("reference"), row("b"));
    let found = judged.found(noise.as_ref());
    let ratio = found[0].ratio.as_ref().unwrap();
    assert_eq!(ratio.reference, *row("a"));
    assert!((ratio.estimate - 2.0).abs() < 0.01, "{ratio:?}");
    assert_eq!(found[0].verdict.as_ref().unwrap().kind, VerdictKind::Slower);
    assert!(found[1].verdict.is_none());
}

#[test]
fn without_variance_everything_is_the_same() {
    let walls: BTreeMap<u32, (u32, f64)> = (0..12).map(|round| (round, (0, 5.0))).collect();
    let rows = ["reference", "a", "b"].map(|name| Makespans {
        row: row(name),
        walls: walls.clone(),
    });
    let judged = judged(rows.into());
    let noise = judged.noise(row("reference"), row("b")).unwrap();
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
            Makespans {
                row: row("reference"),
                walls: walls(launches, 0.0),
            },
            Makespans {
                row: row("a"),
                walls: walls(launches, 1.0),
            },
        ];
        let ratio = judged(rows).found(None)[1].ratio.clone().unwrap();
        ratio.high.unwrap() - ratio.low.unwrap()
    };
    assert!(interval(5) > 0.04, "{}", interval(5));
}

#[test]
fn rounds_that_are_alike_and_rows_that_are_skewed_are_seen() {
    let walls = |value: fn(u32) -> f64| {
        (0..40)
            .map(|round| (round, (round / 8, 1e6 * value(round).exp())))
            .collect()
    };
    let made = |name, value| Makespans {
        row: row(name),
        walls: walls(value),
    };
    let rows = vec![
        made("reference", |_| 0.0),
        // Up for ten rounds, down for ten.
        made(
            "slow waves",
            |round| if round / 10 % 2 == 0 { 0.01 } else { -0.01 },
        ),
        // One round in five is far off.
        made("skewed", |round| {
            if round % 5 == 0 {
                0.2
            } else {
                f64::from(round % 3) * 0.001
            }
        }),
    ];
    let found = judged(rows).found(None);
    assert!(found[1].autocorrelation.unwrap() > 0.8, "{:?}", found[1]);
    assert_eq!(found[1].skew, None);
    assert!(found[2].autocorrelation.unwrap() < 0.0, "{:?}", found[2]);
    assert!(found[2].skew.unwrap() > 0.03, "{:?}", found[2]);
}

/// Five launches, of which one says the opposite by as much as the others differ: rounds alone would tell the row apart.
#[test]
fn a_verdict_needs_launches_that_agree() {
    let walls = |moved: fn(u32) -> f64| -> BTreeMap<u32, (u32, f64)> {
        let wall = |round: u32| {
            (
                round,
                (
                    round / 16,
                    1e6 * (1.0 + moved(round / 16) + 1e-4 * f64::from(round % 7)),
                ),
            )
        };
        (0..80).map(wall).collect()
    };
    let kind = |moved| {
        let rows = vec![
            Makespans {
                row: row("reference"),
                walls: walls(|_| 0.0),
            },
            Makespans {
                row: row("a"),
                walls: walls(moved),
            },
            Makespans {
                row: row("b"),
                walls: walls(|_| 0.0),
            },
        ];
        let judged = judged(rows);
        let noise = judged.noise(row("reference"), row("b"));
        judged.found(noise.as_ref())[1]
            .verdict
            .as_ref()
            .unwrap()
            .clone()
    };
    assert_eq!(kind(|_| 0.08).kind, VerdictKind::Slower);
    let torn = kind(|launch| if launch == 0 { -0.08 } else { 0.08 });
    assert!(torn.p < 1e-6, "{torn:?}");
    assert_eq!(torn.kind, VerdictKind::Unclear);
}
