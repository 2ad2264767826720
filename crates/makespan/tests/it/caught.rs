//! What must not pass: wrong work, false claims, and workers that die or hang.

use std::time::Duration;

use harness::{Event, Prepared};
use libtest_mimic::Trial;
use model::{RefusalKind, Sample, SampleOutcome};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::matrix::{run_once, spec};
use crate::{faulty, test};

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        test("caught::wrong_work", wrong_work),
        test(
            "caught::work_that_was_not_waited_for",
            work_that_was_not_waited_for,
        ),
        test(
            "caught::a_serial_strategy_that_claims_to_be_concurrent",
            a_serial_strategy,
        ),
        test(
            "caught::one_slow_sample_is_a_suspicion_and_three_are_enough",
            three_suspicions,
        ),
        test("caught::a_killed_worker", a_killed_worker),
        test("caught::a_stuck_worker", a_stuck_worker),
        test("caught::a_panicking_unit", a_panicking_unit),
        test(
            "caught::a_cell_that_was_not_compiled_is_unsupported",
            an_unsupported_cell,
        ),
    ]
}

fn prepare(workloads: &[&str], strategies: &[&str]) -> Vec<Prepared> {
    faulty::registry()
        .prepare(&spec(workloads, strategies))
        .unwrap()
}

fn samples(cells: &[Prepared]) -> Vec<Sample> {
    run_once(cells, &mut |_| Ok(())).samples
}

/// Why the sample does not count; empty if it does.
fn reason(sample: &Sample) -> String {
    match &sample.outcome {
        SampleOutcome::Measured(_) => String::new(),
        SampleOutcome::Refused { reason, .. } => format!("refused: {reason}"),
        SampleOutcome::Failed { reason } => format!("failed: {reason}"),
    }
}

fn wrong_work() {
    let samples = samples(&prepare(&["wrong", "sleep"], &["sequential", "tokio"]));
    let reasons: Vec<_> = samples.iter().map(reason).collect();
    assert!(
        reasons[0].starts_with("refused: wrong tally (right count, wrong content)"),
        "{reasons:?}"
    );
    assert!(
        reasons[1].starts_with("refused: wrong tally (right count, wrong content)"),
        "{reasons:?}"
    );
    assert_eq!(reasons[2..], ["", ""], "the others go on");
}

fn work_that_was_not_waited_for() {
    let mut long = spec(&["lazy"], &["tokio"]);
    long.workloads[0].latency = "10s".parse().unwrap();
    let reason = reason(&samples(&faulty::registry().prepare(&long).unwrap())[0]);
    assert!(
        reason.contains("less than its lower bound of 30s"),
        "{reason}"
    );
}

fn a_serial_strategy() {
    let samples = samples(&prepare(
        &["get", "pages", "sleep"],
        &["serial", "sequential"],
    ));
    let reasons: Vec<_> = samples.iter().map(reason).collect();
    assert!(
        reasons[0].contains("never saw 2 requests in flight, though 16 were claimed"),
        "{reasons:?}"
    );
    assert!(
        reasons[2].contains("never saw 2 requests in flight"),
        "{reasons:?}"
    );
    assert!(
        reasons[4].contains("no less than one by one (48ms)"),
        "{reasons:?}"
    );
    assert!(
        reasons.iter().skip(1).step_by(2).all(String::is_empty),
        "one by one is right where it is declared"
    );
}

fn three_suspicions() {
    let cells = prepare(&["sleep"], &["serial", "sequential"]);
    let mut plan = model::Plan::once(cells.len());
    let again = plan.launches[0].rounds[0].clone();
    plan.launches[0]
        .rounds
        .extend([(); 4].map(|()| again.clone()));
    let interrupt = harness::Interrupt::default();
    let taken = harness::run_plan(&plan, &cells, &interrupt, &mut |_| Ok(())).unwrap();
    let of = |name: &str| {
        let own = taken.samples.iter().filter(|it| it.row.is(name));
        own.map(|it| match &it.outcome {
            SampleOutcome::Refused { kind, .. } => Some(*kind),
            _ => None,
        })
        .collect::<Vec<_>>()
    };
    assert_eq!(of("serial"), [Some(RefusalKind::Suspicion); 3]);
    assert_eq!(of("sequential"), [None; 5]);
}

fn a_killed_worker() {
    let cells = prepare(&["get"], &["tokio", "smol", "sequential"]);
    let mut plan = model::Plan::once(cells.len());
    let again = plan.launches[0].rounds[0].clone();
    plan.launches[0].rounds.push(again);
    let (mut victim, mut samples) = (None, Vec::new());
    harness::run_plan(
        &plan,
        &cells,
        &harness::Interrupt::default(),
        &mut |event| {
            match event {
                Event::Started { cell: 1, process } => victim = Some(Pid::from_raw(process as i32)),
                Event::Sampled(sample) => {
                    // Between the two samples of `smol`.
                    if samples.len() == 2 {
                        kill(victim.unwrap(), Signal::SIGKILL).unwrap();
                    }
                    samples.push(sample.clone());
                }
                _ => {}
            }
            Ok(())
        },
    )
    .unwrap();
    let outcomes: Vec<_> = samples
        .iter()
        .map(|sample| (sample.row.strategy.as_str(), reason(sample)))
        .collect();
    let fine = |name| (name, String::new());
    let killed = (
        "smol",
        "failed: the process ended: killed by signal 9 (SIGKILL)".to_owned(),
    );
    let expected = [
        fine("tokio"),
        fine("smol"),
        fine("sequential"),
        fine("tokio"),
        killed,
        fine("sequential"),
    ];
    assert_eq!(outcomes, expected);
}

fn a_stuck_worker() {
    let mut cells = prepare(&["stuck", "sleep"], &["tokio"]);
    cells[0].timeout = Duration::from_millis(300);
    let reasons: Vec<_> = samples(&cells).iter().map(reason).collect();
    assert_eq!(
        reasons,
        ["failed: killed after 300ms without an answer", ""]
    );
}

fn a_panicking_unit() {
    let reasons: Vec<_> = samples(&prepare(
        &["panicking"],
        &["sequential", "threads", "tokio"],
    ))
    .iter()
    .map(reason)
    .collect();
    // On the calling thread the panic ends the worker; elsewhere it ends the unit, and that is said or seen from the tally.
    assert!(
        reasons[0].contains("the process ended") && reasons[0].contains("unit 20 cannot be done"),
        "{reasons:?}"
    );
    assert_eq!(reasons[1], "failed: a unit panicked");
    assert!(
        reasons[2].starts_with("refused: wrong tally (wrong count)"),
        "{reasons:?}"
    );
}

fn an_unsupported_cell() {
    let cells = prepare(&["wrong"], &["smol"]);
    assert_eq!(
        cells[0].cell.unsupported.as_deref(),
        Some("`smol` was not compiled for workload `wrong`")
    );
    assert_eq!(samples(&cells), []);
}
