//! What one unit costs: a second instrument for the primitives below a makespan.
//!
//! - `spawn`: units that do nothing, each started by itself, and joined; time per thousand.
//! - `round-trip`: one request at no latency over an open connection, per client and scheduler.
//! - `driver`: what polling a blocking unit as a future costs against nothing.
//! - `agreement`: rows of the comparison by criterion; the ratios between them must agree. Alone: `-- agreement`.

#![forbid(unsafe_code)]

mod agreement;

use std::hint::black_box;
use std::process::ExitCode;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput};
use harness::{Registry, ServerProcess};
use strategies::{BlockingIo, Family, Setup, ready};
use workloads::{Done, Outline, Params, Tally, Unit, Work, Workload, catalog::spawn::Spawn, mix};

const UNITS: u64 = 1000;

fn params(tasks: u64) -> Params {
    Params::new(1, tasks, "0ms".parse().expect("it is well-formed"))
}

fn nothing(units: u64) -> Spawn {
    Spawn::new(&params(units)).expect("the sizes are allowed")
}

/// Strategies whose way to start a unit is worth a number of its own.
const STARTED: [&str; 8] = [
    "sequential",
    "threads",
    "rayon",
    "tokio-spawn-blocking",
    "tokio",
    "tokio-current-thread",
    "smol",
    "async-std",
];

fn spawn(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("spawn");
    group.throughput(Throughput::Elements(UNITS));
    // Tasks are spawned all at once; threads are as many as a pool would have, but each unit is started by itself too.
    let registry = Registry::built_in();
    let expected = nothing(UNITS).expected();
    for name in STARTED {
        let row = registry.strategy(name).expect("it is in the registry");
        let limit = if row.facts.family == Family::Async {
            UNITS as usize
        } else {
            32
        };
        let setup = Setup::new(limit, 2);
        let open = registry.opener("spawn", name).expect("it is bare");
        let runner = open("spawn", &params(UNITS), &setup);
        let runner = runner.expect("a cell without connections opens");
        group.bench_function(BenchmarkId::from_parameter(name), |bencher| {
            bencher.iter(|| assert_eq!(runner.run().expect("nothing can fail"), expected));
        });
    }
}

fn round_trip(criterion: &mut Criterion) {
    let mut server = ServerProcess::start().expect("loopback is there");
    server
        .reset(&params(1))
        .expect("one request at no latency is allowed");
    let setup = Setup {
        connections: 1,
        server: Some(server.address()),
        ..Setup::new(1, 2)
    };
    let mut group = criterion.benchmark_group("round-trip");
    // hyper twice: on the scheduler that reqwest has here, and without a second thread to hand over to.
    let rows = [
        ("ureq", "sequential"),
        ("hyper", "tokio-current-thread"),
        ("hyper", "tokio"),
        ("reqwest", "tokio-reqwest"),
    ];
    for (client, strategy) in rows {
        let open = Registry::built_in()
            .opener("get", strategy)
            .expect("it is in the registry");
        let runner = open("get", &params(1), &setup).expect("the server is there");
        group.bench_function(BenchmarkId::new(client, strategy), |bencher| {
            bencher.iter(|| assert_eq!(runner.run().expect("the server answers").count, 1));
        });
    }
}

fn driver(criterion: &mut Criterion) {
    let setup = Setup::new(1, 1);
    let (io, work) = (
        BlockingIo::open(&setup).expect("no connection is opened"),
        nothing(1),
    );
    let mut group = criterion.benchmark_group("driver");
    group.bench_function("ready", |bencher| {
        bencher.iter(|| ready(work.step(black_box(&io), black_box(Unit(7)))))
    });
    group.bench_function("plain", |bencher| {
        bencher.iter(|| Done::from(Tally::of(mix(1, black_box(Unit(7)).0), &[])));
    });
}

fn main() -> ExitCode {
    // Criterion knows nothing of roles, and this executable is its own server.
    if let Some(played) = harness::play_role(&Registry::built_in()) {
        played.expect("a role ends with its line");
        return ExitCode::SUCCESS;
    }
    if let Some(played) = agreement::play() {
        return exit(played.map(|()| ExitCode::SUCCESS));
    }
    let asked: Vec<String> = std::env::args().skip(1).collect();
    if asked == ["agreement", "--bench"] {
        return exit(agreement::agree());
    }
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(700))
        .sample_size(30)
        .without_plots()
        .configure_from_args();
    spawn(&mut criterion);
    round_trip(&mut criterion);
    driver(&mut criterion);
    criterion.final_summary();
    // Whoever filters, lists or tests asks for no more than that.
    if asked != ["--bench"] {
        return ExitCode::SUCCESS;
    }
    exit(agreement::agree())
}

fn exit(ended: anyhow::Result<ExitCode>) -> ExitCode {
    ended.unwrap_or_else(|error| {
        eprintln!("agreement: {error:#}");
        ExitCode::FAILURE
    })
}
