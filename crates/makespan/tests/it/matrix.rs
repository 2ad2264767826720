//! Every built-in cell against a 1 ms server.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

use harness::{Event, Interrupt, Prepared, Registry, Taken};
use libtest_mimic::Trial;
use model::{Load, Plan, Round, Row, Sample, SampleOutcome, Spec};
use workloads::{Means, Need};

use crate::test;

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        test(
            "matrix::every_cell_does_the_same_work",
            every_cell_does_the_same_work,
        ),
        test(
            "matrix::what_is_verified_has_more_units_than_the_limit",
            verified_units_are_more_than_the_limit,
        ),
        test(
            "matrix::cancelled_requests_make_room_for_the_next",
            cancelled_requests_make_room,
        ),
        test(
            "matrix::all_rows_of_a_round_have_its_delays_and_floors",
            all_rows_of_a_round_have_its_delays,
        ),
        test(
            "matrix::connections_are_opened_before_the_clock_starts",
            connections_are_opened_before_the_clock_starts,
        ),
        test(
            "matrix::a_parked_worker_uses_no_cpu",
            a_parked_worker_uses_no_cpu,
        ),
        test(
            "matrix::workers_that_hold_too_much_let_go_between_samples",
            workers_that_hold_too_much_let_go,
        ),
    ]
}

/// A spec of these workloads and strategies at 1 ms, 16 in flight.
pub(crate) fn spec(workloads: &[&str], strategies: &[&str]) -> Spec {
    let load = |name: &&str| {
        let tasks = if *name == "pages" { 4 } else { 48 };
        Load::new(name, tasks, "1ms".parse().unwrap())
    };
    Spec {
        name: "test".into(),
        seed: 7,
        concurrency: 16,
        workers: 2,
        cpus: None,
        computing: None,
        launches: 1,
        rounds: 1,
        long_rounds: 1,
        precision: model::Percent::of_hundredths(300),
        budget: None,
        calibration: false,
        reference: Row::plain("sequential"),
        anchor: "tokio".into(),
        strategies: strategies.iter().map(|name| (*name).to_owned()).collect(),
        mean: false,
        programs: vec![],
        workloads: workloads.iter().map(load).collect(),
    }
}

pub(crate) fn run_once(
    cells: &[Prepared],
    tell: &mut dyn FnMut(Event) -> anyhow::Result<()>,
) -> Taken {
    harness::run_plan(&Plan::once(cells.len()), cells, &Interrupt::default(), tell).unwrap()
}

/// All that this platform can run.
pub(crate) fn every_strategy() -> Vec<&'static str> {
    Registry::built_in()
        .strategies
        .iter()
        .filter(|row| (row.supported)().is_ok())
        .map(|row| row.facts.name)
        .collect()
}

fn measured(sample: &Sample) -> &model::Measurement {
    match &sample.outcome {
        SampleOutcome::Measured(measurement) => measurement,
        other => panic!("{}/{}: {other:?}", sample.workload, sample.row),
    }
}

fn every_cell_does_the_same_work() {
    let spec = spec(&["sleep", "get", "pages"], &every_strategy());
    let cells = Registry::built_in().prepare(&spec).unwrap();
    let taken = run_once(&cells, &mut |_| Ok(()));
    assert_eq!(taken.samples.len(), 3 * every_strategy().len());
    for (sample, cell) in taken.samples.iter().zip(&cells) {
        let measurement = measured(sample);
        assert_eq!(measurement.tally, cell.expectation.tally);
        assert_eq!(measurement.witness.is_some(), sample.workload != "sleep");
        if let Some(witness) = &measurement.witness {
            assert!(
                witness.peak_in_flight <= cell.cell.in_flight as u64,
                "{}: {witness:?}",
                sample.row
            );
            // The same bytes whoever asks.
            let same = taken
                .samples
                .iter()
                .filter(|other| other.workload == sample.workload);
            assert!(
                same.map(measured)
                    .all(|other| other.witness.as_ref().unwrap().bytes == witness.bytes)
            );
        }
    }
}

fn verified_units_are_more_than_the_limit() {
    let path = "scenarios/verify.toml";
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    let (head, loads) = text.split_once("[[workload]]").unwrap();
    let number = |text: &str, key: &str| -> u64 {
        let mut lines = text.lines();
        let value = lines.find_map(|line| line.strip_prefix(key)?.strip_prefix(" = "));
        value.unwrap_or_else(|| panic!("no {key}")).parse().unwrap()
    };
    let limit = number(head, "concurrency");
    let loads: Vec<_> = loads.split("[[workload]]").collect();
    for entry in &Registry::built_in().workloads {
        let name = format!("name = \"{}\"\n", entry.facts.name);
        let load = loads.iter().find(|load| load.contains(&name));
        let load = load.unwrap_or_else(|| panic!("{} is not verified", entry.facts.name));
        // Units that wait for each other must all be in flight.
        let together = entry.facts.needs.contains(&Need::Together);
        let units = number(load, "tasks");
        assert!(
            units > limit || together && units == limit,
            "{}",
            entry.facts.name
        );
        assert!(!load.contains("concurrency"), "{}", entry.facts.name);
    }
}

/// A lane whose unit was cancelled sends its next request before the server has seen the end of the last.
fn cancelled_requests_make_room() {
    let strategies = ["tokio", "smol", "tokio-join-set", "epoll"];
    let mut spec = spec(&["deadline"], &strategies);
    spec.concurrency = 4;
    let load = &mut spec.workloads[0];
    // Long, so that no unit is late by accident; more units of it than lanes.
    load.numbers.insert("deadline_ms".into(), 300);
    load.numbers.insert("slow_percent".into(), 20);
    let cells = Registry::built_in().prepare(&spec).unwrap();
    for sample in &run_once(&cells, &mut |_| Ok(())).samples {
        let witness = measured(sample).witness.as_ref().unwrap();
        let cancelled = witness.requests - witness.distinct;
        assert!(cancelled > 4, "{cancelled} were cancelled");
        assert!(witness.peak_in_flight <= 4 + cancelled, "{witness:?}");
    }
}

/// A spread latency: each round draws new delays.
fn all_rows_of_a_round_have_its_delays() {
    let strategies = ["tokio", "threads", "processes", "sequential"];
    let mut spec = spec(&["sleep", "get"], &strategies);
    for load in &mut spec.workloads {
        load.tasks = 20;
        load.latency = "uniform:1ms,9ms".parse().unwrap();
    }
    let cells = Registry::built_in().prepare(&spec).unwrap();
    let mut plan = Plan::once(cells.len());
    // The longest of many draws: a server that has taken up none of them answers too early.
    let get = cells.iter().find(|it| it.workload == "get").unwrap();
    let waiting = |draw| {
        let alone = Means {
            limit: 1,
            joins: false,
            pace: None,
        };
        let drawn = (get.outline)(&get.params.drawn(draw)).unwrap();
        drawn.floor(alone).unwrap()
    };
    let mut numbers: Vec<u32> = (0..200).collect();
    numbers.sort_by_key(|number| Reverse(waiting(number + 1)));
    let again = |number| Round {
        number,
        ..plan.launches[0].rounds[0].clone()
    };
    plan.launches[0].rounds = numbers[..3].iter().copied().map(again).collect();
    let run = |cells: &[Prepared]| {
        let taken = harness::run_plan(&plan, cells, &Interrupt::default(), &mut |_| Ok(()));
        taken.unwrap().samples
    };
    let samples = run(&cells);
    assert_eq!(samples.len(), 3 * cells.len());
    let mut floors = BTreeMap::new();
    for sample in &samples {
        let taken = measured(sample);
        assert_eq!(sample.draw, sample.round + 1);
        // The floor of the draw and none other: the same for all rows, and no row is below it.
        let floor = sample.floor_ns.expect("no draw has the floor of another");
        let round = (sample.workload.as_str(), sample.round);
        assert_eq!(*floors.entry(round).or_insert(floor), floor);
        assert!(taken.wall_ns >= floor);
        // What `sleep` proves is how long each unit was to wait; what `get` downloads is the same in all draws.
        let cell = cells
            .iter()
            .find(|it| it.cell.workload == sample.workload && it.cell.row == sample.row);
        let first = cell.unwrap().expectation.tally;
        assert_eq!(taken.tally == first, sample.workload == "get");
        if let Some(witness) = &taken.witness {
            assert_eq!(
                witness.connections_accepted, 0,
                "{} reconnected for a draw",
                sample.row
            );
            // The server waited as long as this draw says, in all.
            assert!(Duration::from_nanos(witness.resident_ns) >= waiting(sample.draw));
        }
    }
    let distinct: BTreeSet<u64> = floors.values().copied().collect();
    assert_eq!(distinct.len(), 6, "{floors:?}");

    // Where all delays are equal, nothing is drawn.
    for load in &mut spec.workloads {
        load.latency = "1ms".parse().unwrap();
    }
    for sample in run(&Registry::built_in().prepare(&spec).unwrap()) {
        assert_eq!((sample.draw, sample.floor_ns), (0, None));
    }
}

/// The rows over reqwest, blocking or not. Its pool is its own, so they are shown with a flag where they open more.
const REQWEST: [&str; 2] = ["tokio-reqwest", "thread-pool-reqwest"];

fn connections_are_opened_before_the_clock_starts() {
    let strategies: Vec<_> = every_strategy()
        .into_iter()
        .filter(|name| !REQWEST.contains(name))
        .collect();
    let cells = Registry::built_in()
        .prepare(&spec(&["get"], &strategies))
        .unwrap();
    for sample in run_once(&cells, &mut |_| Ok(())).samples {
        let accepted = measured(&sample)
            .witness
            .as_ref()
            .unwrap()
            .connections_accepted;
        assert_eq!(
            accepted, 0,
            "{} opened connections inside a sample",
            sample.row
        );
    }
}

fn a_parked_worker_uses_no_cpu() {
    let cells = Registry::built_in()
        .prepare(&spec(&["get"], &every_strategy()))
        .unwrap();
    let (mut workers, mut left) = (Vec::new(), cells.len());
    run_once(&cells, &mut |event| {
        match event {
            Event::Started { process, .. } => workers.push(process),
            // While this runs, no worker has anything to do.
            Event::Sampled(_) if left > 1 => left -= 1,
            Event::Sampled(_) => {
                let before: Vec<_> = workers.iter().map(|process| ticks(*process)).collect();
                thread::sleep(Duration::from_millis(300));
                for ((process, before), cell) in workers.iter().zip(before).zip(&cells) {
                    let used = ticks(*process) - before;
                    // A tick is 10 ms: one may fall on what the worker did just before.
                    assert!(
                        used <= 1,
                        "{} used {used} ticks while it was parked",
                        cell.cell.row
                    );
                }
            }
            _ => {}
        }
        Ok(())
    });
    assert_eq!(workers.len(), cells.len());
}

/// CPU time of a process, in clock ticks (proc(5): fields 14 and 15, counted behind the name in parentheses).
fn ticks(process: u32) -> u64 {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let fields: Vec<_> = text
        .rsplit_once(')')
        .unwrap()
        .1
        .split_whitespace()
        .collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

fn workers_that_hold_too_much_let_go() {
    let mut cells = Registry::built_in()
        .prepare(&spec(&["get"], &every_strategy()))
        .unwrap();
    // As if one of them held that many; opening so many threads would take this test longer than all others.
    cells[0].threads = 10_000;
    let mut twice = Plan::once(cells.len());
    let again = twice.launches[0].rounds[0].clone();
    twice.launches[0].rounds.push(again);
    let mut started: Vec<u32> = Vec::new();
    let taken = harness::run_plan(&twice, &cells, &Interrupt::default(), &mut |event| {
        if let Event::Started { process, .. } = event {
            // Those before have opened and let go: no connection and no more threads than their runtime keeps.
            for process in &started {
                assert_eq!(
                    sockets(*process),
                    0,
                    "process {process} holds connections while it is parked"
                );
            }
            started.push(process);
        }
        Ok(())
    });
    let taken = taken.unwrap();
    assert_eq!(
        (taken.samples.len(), started.len()),
        (2 * cells.len(), cells.len())
    );
    for sample in taken
        .samples
        .iter()
        .filter(|sample| !REQWEST.contains(&sample.row.strategy.as_str()))
    {
        let measurement = measured(sample);
        let accepted = measurement.witness.as_ref().unwrap().connections_accepted;
        assert!(
            measurement.reopened && accepted == 0,
            "{} reopened inside a sample",
            sample.row
        );
    }
}

/// Sockets that a process has open.
fn sockets(process: u32) -> usize {
    let descriptors = fs::read_dir(format!("/proc/{process}/fd")).unwrap();
    let target = |entry: std::io::Result<fs::DirEntry>| {
        fs::read_link(entry.unwrap().path()).unwrap_or_default()
    };
    descriptors
        .map(target)
        .filter(|target| target.to_string_lossy().starts_with("socket:"))
        .count()
}
