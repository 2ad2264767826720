use super::*;
use crate::Recorded;
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
    margins.set("get/rayon", &[0.001; 99]);
    assert_eq!(margins.rows["get/rayon"], margins::LEAST);
    margins.set("get/rayon", &[0.03; 99]);
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
fn another_exact_count_alarms_if_it_is_there_twice() {
    let made = |threads| Made {
        threads,
        ..Made::of("tokio", 1.0)
    };
    let judge = |first: &Recorded, second: Option<&Recorded>| {
        let gate = Gate::judge(first, second, &Margins::default());
        (gate.rows[0].kind, gate.outcome())
    };
    let same = recorded(&[made([4, 4])], 8);
    for threads in [[4, 5], [4, 3]] {
        let first = recorded(&[made(threads)], 6);
        let gate = Gate::judge(&first, None, &Margins::default());
        assert_eq!(gate.to_confirm().count(), 1);
        let count = gate.rows[0].counts.iter().find(|it| it.what == "threads");
        let numbers = count.map(|it| [it.base, it.head]);
        assert_eq!(numbers, Some(threads));
        let once = (GateKind::Inconclusive, Outcome::Inconclusive);
        assert_eq!(judge(&first, None), once);
        let twice = (GateKind::Changed, Outcome::Regressed);
        assert_eq!(judge(&first, Some(&recorded(&[made(threads)], 7))), twice);
        let chance = (GateKind::Clean, Outcome::Clean);
        assert_eq!(judge(&first, Some(&same)), chance);
    }
    // A count that differs between samples of one build says nothing.
    let mut varying = recorded(&[made([4, 5])], 7);
    let SampleOutcome::Measured(first) = &mut varying.samples[0].outcome else {
        panic!("it is measured")
    };
    first.threads_peak = Some(3);
    let gate = Gate::judge(&varying, None, &Margins::default());
    assert_eq!(kinds(&gate), [GateKind::Clean]);
}

#[test]
fn an_alarm_says_what_else_moved() {
    let slow = || recorded(&[Made::of("tokio", 1.2), Made::of("smol", 1.0)], 1);
    let (mut first, mut second) = (slow(), slow());
    for recorded in [&mut first, &mut second] {
        for sample in &mut recorded.samples {
            let head = sample.row == fixtures::row("tokio@head");
            if let SampleOutcome::Measured(measured) = &mut sample.outcome {
                measured.cpu_ns = if head { 3_000_000 } else { 2_000_000 };
                measured.switches_voluntary = 40;
            }
        }
    }
    let gate = Gate::judge(&first, Some(&second), &Margins::default());
    assert_eq!(kinds(&gate), [GateKind::Regressed, GateKind::Clean]);
    let [moved] = &gate.rows[0].moved[..] else {
        panic!("{:?}", gate.rows[0].moved)
    };
    assert_eq!(
        (moved.what.as_str(), moved.is_time),
        ("processor time", true)
    );
    assert_eq!((moved.base, moved.head), (2e6, 3e6));
    assert!((moved.ratio - 1.5).abs() < 1e-9);
    assert!(
        gate.rows[1].moved.is_empty(),
        "a clean row tells of nothing"
    );
}

#[test]
fn of_several_builds_the_mean_is_judged_and_how_they_differ_is_told() {
    // The first build of the head is 12 % slower by its layout alone, the second as much faster.
    let mut recorded = recorded(&[Made::of("tokio", 1.12)], 11);
    let mut draws = Draws::new(12);
    for (build, times) in [("base-2", 1.0), ("head-2", 1.0 / 1.12)] {
        recorded.header.cells.push(cell("tokio", build));
        for round in 0..ROUNDS {
            let measured = Measurement {
                wall_ns: (50e6 * times * (0.01 * draws.normal()).exp()) as u64,
                ..Measurement::default()
            };
            let outcome = SampleOutcome::Measured(measured);
            recorded
                .samples
                .push(sample("tokio", build, round, outcome));
        }
    }
    let gate = Gate::judge(&recorded, None, &Margins::default());
    assert_eq!(kinds(&gate), [GateKind::Clean]);
    let look = &gate.rows[0].looks[0];
    assert!((look.ratio - 1.0).abs() < 0.01, "{look:?}");
    assert!(
        (look.between_builds.unwrap() - 0.16).abs() < 0.01,
        "{look:?}"
    );
    // A build that failed is no pair.
    let at = recorded
        .samples
        .iter()
        .position(|it| it.row == fixtures::row("tokio@head-2"));
    recorded.samples[at.unwrap()].outcome = SampleOutcome::Failed {
        reason: "killed".to_owned(),
    };
    let gate = Gate::judge(&recorded, None, &Margins::default());
    assert_eq!(kinds(&gate), [GateKind::Failed]);
}

#[test]
fn trials_count_what_alarmed_and_what_was_found() {
    let gates = |by: f64, seeds: std::ops::Range<u64>| {
        seeds.map(move |seed| {
            let rows = || [Made::of("tokio", by), Made::of("smol", 1.0)];
            let (first, second) = (recorded(&rows(), seed), recorded(&rows(), 1000 + seed));
            let gate = Gate::judge(&first, Some(&second), &Margins::default());
            GateTrial {
                trial: "power".to_owned(),
                number: seed as u32,
                seed,
                commit: "c".to_owned(),
                slower: (by > 1.0).then(|| Slower {
                    row: "get/tokio".to_owned(),
                    by: "20%".parse().unwrap(),
                }),
                rows: GateTrial::rows(&gate),
                outcome: gate.outcome(),
                elapsed_ns: 1,
            }
        })
    };
    let trials: Vec<GateTrial> = gates(1.0, 0..30).chain(gates(1.2, 30..40)).collect();
    let rates = GateRates::of(&trials);
    let often = |often: &Often| (often.hits, often.trials);
    assert_eq!(often(&rates.false_alarms), (0, 40));
    assert_eq!(often(&rates.found[0].1), (10, 10));
    let [tokio, smol] = &rates.rows[..] else {
        panic!("{rates:?}")
    };
    assert_eq!((tokio.gates, smol.gates), (30, 40));
    let (centre, low, high) = tokio.head.unwrap();
    assert!(low < centre && centre < high && (centre - 1.0).abs() < 0.005);
    assert!(tokio.differs.unwrap() < 0.01 && smol.found.is_empty());
    // With so little noise no margin is above the least one.
    let margins = GateRates::margins(&trials);
    assert_eq!(margins.rows["get/smol"], margins::LEAST);
    // The same alarm in a row that was not made slower is a false one.
    let mut wrong = trials;
    for trial in &mut wrong {
        trial.slower = None;
    }
    assert_eq!(often(&GateRates::of(&wrong).false_alarms), (10, 40));
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
    for kind in GateKind::ALL {
        let text = toml::Value::try_from(kind).unwrap();
        assert_eq!(text.as_str(), Some(kind.name()));
    }
    for outcome in [
        Outcome::Clean,
        Outcome::Inconclusive,
        Outcome::Failed,
        Outcome::Regressed,
    ] {
        let text = toml::Value::try_from(outcome).unwrap();
        assert_eq!(text.as_str(), Some(outcome.name()));
    }
}
