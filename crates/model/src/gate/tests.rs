use super::*;
use crate::statistics::draws::Draws;
use crate::{Cell, Measurement, Sample, SampleOutcome, fixtures};

/// How a row behaves: how many times longer the head and the second build of the base take, and what their threads are.
struct Made {
    strategy: &'static str,
    head: f64,
    again: f64,
    threads: [u64; 2],
}

impl Made {
    fn of(strategy: &'static str, head: f64) -> Made {
        Made {
            strategy,
            head,
            again: 1.0,
            threads: [4, 4],
        }
    }
}

const ROUNDS: u32 = 40;

fn recorded(rows: &[Made], seed: u64) -> Recorded {
    let mut recorded = fixtures::recorded(fixtures::spec(&["get"]), &[], &[]);
    let mut draws = Draws::new(seed);
    for row in rows {
        let builds = [(BASE, 1.0), (HEAD, row.head), (AGAIN, row.again)];
        for (build, _) in builds {
            recorded.header.cells.push(cell(row.strategy, build));
        }
        for round in 0..ROUNDS {
            for (build, times) in builds {
                let noise = (0.01 * draws.normal()).exp();
                let threads = row.threads[usize::from(build == HEAD)];
                let measured = Measurement {
                    wall_ns: (50e6 * times * noise) as u64,
                    threads_peak: Some(threads),
                    ..Measurement::default()
                };
                let outcome = SampleOutcome::Measured(measured);
                recorded
                    .samples
                    .push(sample(row.strategy, build, round, outcome));
            }
        }
    }
    recorded
}

fn cell(strategy: &str, build: &str) -> Cell {
    fixtures::cell(&format!("{strategy}@{build}"))
}

fn sample(strategy: &str, build: &str, round: u32, outcome: SampleOutcome) -> Sample {
    Sample {
        round,
        kept: true,
        row: fixtures::row(&format!("{strategy}@{build}")),
        outcome,
        ..fixtures::sample("get", strategy, 1, 1)
    }
}

fn kinds(gate: &Gate) -> Vec<GateKind> {
    gate.rows.iter().map(|row| row.kind).collect()
}

#[test]
fn what_alarms_twice_is_regressed_and_what_alarms_once_is_not() {
    let (slow, same) = (Made::of("tokio", 1.2), Made::of("smol", 1.0));
    let first = recorded(&[slow, same], 1);
    let gate = Gate::judge(&first, None, &Margins::default());
    assert_eq!(kinds(&gate), [GateKind::Inconclusive, GateKind::Clean]);
    let names: Vec<_> = gate.to_confirm().map(|row| row.strategy.as_str()).collect();
    assert_eq!(names, ["tokio"]);
    assert_eq!(gate.outcome(), Outcome::Inconclusive);

    let again = recorded(&[Made::of("tokio", 1.2)], 2);
    let gate = Gate::judge(&first, Some(&again), &Margins::default());
    assert_eq!(kinds(&gate), [GateKind::Regressed, GateKind::Clean]);
    assert_eq!(gate.outcome(), Outcome::Regressed);

    let fine = recorded(&[Made::of("tokio", 1.0)], 3);
    let gate = Gate::judge(&first, Some(&fine), &Margins::default());
    assert_eq!(kinds(&gate), [GateKind::Clean, GateKind::Clean]);
    assert_eq!(gate.outcome(), Outcome::Clean);
}

#[test]
fn within_the_margin_is_clean_and_faster_beyond_it_is_an_improvement() {
    let rows = [
        Made::of("tokio", 1.03),
        Made::of("smol", 0.9),
        Made::of("rayon", 1.05),
    ];
    let gate = Gate::judge(&recorded(&rows, 4), None, &Margins::default());
    let expected = [GateKind::Clean, GateKind::Improved, GateKind::Inconclusive];
    assert_eq!(kinds(&gate), expected);
    let look = &gate.rows[0].looks[0];
    assert!((look.ratio - 1.03).abs() < 0.01, "{look:?}");
    assert!(look.low.unwrap() < look.ratio && look.ratio < look.high.unwrap());
    // A margin from the null campaign replaces the least one.
    let mut margins = Margins::default();
    margins.set("get", "rayon", &[0.001; 99]);
    assert_eq!(margins.rows["get/rayon"], margins::LEAST);
    margins.set("get", "rayon", &[0.03; 99]);
    assert_eq!(margins.rows["get/rayon"].share(), 0.09);
    let gate = Gate::judge(&recorded(&rows, 4), None, &margins);
    assert_eq!(gate.rows[2].kind, GateKind::Clean);
}

#[test]
fn a_row_whose_base_differs_from_itself_is_void_in_either_direction() {
    for again in [1.2, 0.8] {
        let row = Made {
            again,
            ..Made::of("tokio", 1.2)
        };
        let gate = Gate::judge(&recorded(&[row], 5), None, &Margins::default());
        assert_eq!(kinds(&gate), [GateKind::Void], "{again}");
    }
}

#[test]
fn one_thread_more_in_every_sample_needs_no_statistics() {
    let grown = Made {
        threads: [4, 5],
        ..Made::of("tokio", 1.0)
    };
    let shrunk = Made {
        threads: [4, 3],
        ..Made::of("smol", 1.0)
    };
    let first = recorded(&[grown, shrunk], 6);
    let gate = Gate::judge(&first, None, &Margins::default());
    assert_eq!(kinds(&gate), [GateKind::Regressed, GateKind::Clean]);
    let threads = |row: &GateRow| row.counts.iter().find(|it| it.what == "threads").cloned();
    let (grown, shrunk) = (threads(&gate.rows[0]), threads(&gate.rows[1]));
    assert_eq!(grown.map(|it| (it.base, it.head)), Some((4, 5)));
    assert!(shrunk.is_some_and(|it| it.changed() && !it.grew()));
    // A count that differs between samples of one build says nothing.
    let mut varying = recorded(
        &[Made {
            threads: [4, 5],
            ..Made::of("tokio", 1.0)
        }],
        7,
    );
    let SampleOutcome::Measured(first) = &mut varying.samples[0].outcome else {
        panic!("it is measured")
    };
    first.threads_peak = Some(3);
    let gate = Gate::judge(&varying, None, &Margins::default());
    assert_eq!(kinds(&gate), [GateKind::Clean]);
}

#[test]
fn rows_without_a_result_are_new_failed_or_not_comparable() {
    let rows = || recorded(&[Made::of("tokio", 1.0)], 8);
    let judge = |recorded: &Recorded| {
        let gate = Gate::judge(recorded, None, &Margins::default());
        (
            gate.rows[0].kind,
            gate.rows[0].reason.clone(),
            gate.outcome(),
        )
    };
    let unsupported = |recorded: &mut Recorded, at: usize| {
        recorded.header.cells[at].unsupported = Some("no such row".to_owned());
    };
    let reason = Some("no such row".to_owned());
    let mut new = rows();
    unsupported(&mut new, 0);
    assert_eq!(judge(&new), (GateKind::New, reason.clone(), Outcome::Clean));
    let mut gone = rows();
    unsupported(&mut gone, 1);
    assert_eq!(
        judge(&gone),
        (GateKind::Failed, reason.clone(), Outcome::Failed)
    );
    let mut neither = gone;
    unsupported(&mut neither, 0);
    assert_eq!(judge(&neither).0, GateKind::Inconclusive);
    let mut broken = rows();
    let failed = SampleOutcome::Failed {
        reason: "killed".to_owned(),
    };
    let at = broken
        .samples
        .iter()
        .position(|it| it.row == fixtures::row("tokio@head"));
    broken.samples[at.unwrap()].outcome = failed;
    let (kind, reason, outcome) = judge(&broken);
    assert_eq!((kind, outcome), (GateKind::Failed, Outcome::Failed));
    assert_eq!(reason.as_deref(), Some("killed"));
}

#[test]
fn an_advisory_row_turns_nothing_red() {
    let mut first = recorded(&[Made::of("tokio", 1.5)], 9);
    for cell in &mut first.header.cells {
        cell.floor = None;
    }
    let second = first.clone();
    let gate = Gate::judge(&first, Some(&second), &Margins::default());
    assert_eq!(kinds(&gate), [GateKind::Regressed]);
    assert!(gate.rows[0].advisory);
    assert_eq!(gate.outcome(), Outcome::Clean);
}

/// Of gates in which nothing changed, hardly any row alarms even once: the margin makes it far rarer than the error allows.
#[test]
fn equal_builds_do_not_alarm() {
    let alarmed = (0..200).filter(|seed| {
        let rows = ["tokio", "smol", "rayon", "threads"].map(|name| Made::of(name, 1.0));
        let gate = Gate::judge(&recorded(&rows, 100 + seed), None, &Margins::default());
        gate.to_confirm().count() > 0
    });
    assert_eq!(alarmed.count(), 0);
}

/// At the margin itself the error is the nominal one: about 1 % of gates alarm once, and twice in a row hardly ever.
#[test]
fn at_the_margin_the_error_is_the_nominal_one() {
    let alarmed = (0..1000).filter(|seed| {
        let gate = Gate::judge(
            &recorded(&[Made::of("tokio", 1.05)], 1000 + seed),
            None,
            &Margins::default(),
        );
        gate.to_confirm().count() > 0
    });
    let alarmed = alarmed.count();
    assert!((1..=20).contains(&alarmed), "{alarmed} of 1000");
}

/// The name in tables is the name in `gate.json`.
#[test]
fn a_kind_has_one_name() {
    for kind in [
        GateKind::Regressed,
        GateKind::Failed,
        GateKind::Void,
        GateKind::Inconclusive,
        GateKind::New,
        GateKind::Improved,
        GateKind::Clean,
    ] {
        let text = toml::Value::try_from(kind).unwrap();
        assert_eq!(text.as_str(), Some(kind.name()));
    }
}
