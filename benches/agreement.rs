//! Two instruments, the same cells: criterion and the comparison must agree within their intervals.
//!
//! Criterion times a cell in one process, sample after sample, and bootstraps the median; the comparison takes workers of its own,
//! interleaved, before criterion and again after it. Both run units where the strategy runs them, on its workers: none of them polls
//! a cell's future itself.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use criterion::{BenchmarkId, Criterion, SamplingMode};
use harness::{Interrupt, Registry, ServerProcess, host};
use model::{End, Header, Load, MARGIN, Percent, Plan, Recorded, SCHEMA_VERSION, Spec, Summary};
use serde::Deserialize;

const WORKLOADS: [&str; 2] = ["sleep", "get"];
const STRATEGIES: [&str; 3] = ["thread-pool", "tokio", "smol"];

/// Twenty waits at once, so that a sample is one wait and what it costs to start and end it.
const UNITS: usize = 20;

/// A median and its interval, in nanoseconds.
#[derive(Clone, Copy, Debug)]
struct Reading {
    median: f64,
    low: f64,
    high: f64,
}

/// Measures all cells with both, prints what they say, and returns whether they agree.
pub(crate) fn agree() -> Result<bool> {
    let before = comparison()?;
    let folder = std::env::temp_dir().join(format!("makespan-agreement-{}", std::process::id()));
    let read = by_criterion(&folder);
    let removed = fs::remove_dir_all(&folder);
    let read = read?;
    removed.with_context(|| format!("cannot remove {}", folder.display()))?;
    let after = comparison()?;
    println!(
        "\nthe same cells by criterion and by the comparison, median with 95 % interval in ms"
    );
    let mut agree = true;
    for ((name, criterion), (before, after)) in read.iter().zip(before.iter().zip(&after)) {
        // What lies between the two runs is in neither of their intervals.
        let comparison = Reading {
            median: (before.median + after.median) / 2.0,
            low: before.low.min(after.low),
            high: before.high.max(after.high),
        };
        let overlap = criterion.low <= comparison.high && comparison.low <= criterion.high;
        let ratio = criterion.median / comparison.median;
        let verdict = match (overlap, (ratio - 1.0).abs() <= MARGIN) {
            (true, _) => "agree",
            (false, true) => "differ by less than counts",
            (false, false) => "DISAGREE",
        };
        agree &= verdict != "DISAGREE";
        println!(
            "{name:20} {} {} ratio {ratio:.3}: {verdict}",
            shown(criterion),
            shown(&comparison)
        );
    }
    Ok(agree)
}

fn shown(reading: &Reading) -> String {
    let [median, low, high] = [reading.median, reading.low, reading.high].map(|it| it / 1e6);
    format!("{median:.3} {low:.3}-{high:.3}")
}

fn spec() -> Spec {
    let load = |name: &&str| {
        Load::new(
            name,
            UNITS as u64,
            "20ms".parse().expect("it is well-formed"),
        )
    };
    Spec {
        name: "agreement".into(),
        seed: 1,
        concurrency: UNITS,
        workers: 2,
        launches: 3,
        rounds: 18,
        long_rounds: 18,
        precision: Percent::of_hundredths(300),
        budget: None,
        calibration: false,
        reference: STRATEGIES[0].into(),
        anchor: STRATEGIES[0].into(),
        strategies: STRATEGIES.map(str::to_owned).into(),
        mean: false,
        programs: Vec::new(),
        workloads: WORKLOADS.iter().map(load).collect(),
    }
}

/// What the comparison says of each cell, workload by workload.
fn comparison() -> Result<Vec<Reading>> {
    let spec = spec();
    let cells = Registry::built_in().prepare(&spec)?;
    let names: Vec<_> = cells.iter().map(|cell| cell.cell.clone()).collect();
    let plan = Plan::new(&spec, &names);
    let taken = harness::run_plan(&plan, &cells, &Interrupt::default(), &mut |_| Ok(()))?;
    if let Some(failure) = taken.failure {
        return Err(failure);
    }
    let samples = taken.samples.len() as u32;
    let recorded = Recorded {
        header: Header {
            schema_version: SCHEMA_VERSION,
            host: host::host(),
            spec,
            cells: names,
        },
        samples: taken.samples,
        conditions: taken.conditions,
        end: Some(End {
            interrupted: false,
            looks: 1,
            exhausted: true,
            samples,
            checksum: 0,
        }),
        troubles: Vec::new(),
    };
    let reading = |cell: &model::CellSummary| {
        let wall = cell.wall_ns?;
        let [median, low, high] = [wall.median, wall.low?, wall.high?].map(|it| it as f64);
        Some(Reading { median, low, high })
    };
    let summary = Summary::new(&recorded);
    let named = |cell: &model::CellSummary| {
        let why = cell.reason.clone().unwrap_or_default();
        reading(cell)
            .with_context(|| format!("{}/{}: no result: {why}", cell.workload, cell.strategy))
    };
    summary.cells.iter().map(named).collect()
}

/// What criterion says of each cell, in the same order.
fn by_criterion(folder: &Path) -> Result<Vec<(String, Reading)>> {
    let mut criterion = Criterion::default()
        .output_directory(folder)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(900))
        .sample_size(40)
        .without_plots();
    let mut server = ServerProcess::start()?;
    let cells = Registry::built_in().prepare(&spec())?;
    let mut group = criterion.benchmark_group("makespan");
    group.sampling_mode(SamplingMode::Flat);
    for cell in &cells {
        let mut setup = cell.setup.clone();
        setup.server = cell.server.then(|| server.address());
        server.reset(&cell.params)?;
        let open = Registry::built_in().opener(&cell.workload, &cell.strategy)?;
        let runner = open(&cell.workload, &cell.params, &setup)?;
        runner.warm_up()?;
        let id = BenchmarkId::new(&cell.workload, &cell.strategy);
        group.bench_function(id, |bencher| {
            bencher.iter_custom(|iterations| {
                let sample = |_| {
                    server.reset(&cell.params).expect("the server lives");
                    let start = Instant::now();
                    let tally = runner.run().expect("the cell runs");
                    let wall = start.elapsed();
                    assert_eq!(tally, cell.expectation.tally);
                    wall
                };
                (0..iterations).map(sample).sum()
            });
        });
    }
    group.finish();
    let read = |cell: &harness::Prepared| {
        let name = format!("{}/{}", cell.workload, cell.strategy);
        let path = folder
            .join("makespan")
            .join(&name)
            .join("new/estimates.json");
        Ok((name, estimate(&path)?))
    };
    cells.iter().map(read).collect()
}

/// What criterion keeps of one benchmark; its layout is not promised, so a change is told as such.
#[derive(Deserialize)]
struct Estimates {
    median: Estimate,
}

#[derive(Deserialize)]
struct Estimate {
    point_estimate: f64,
    confidence_interval: Interval,
}

#[derive(Deserialize)]
struct Interval {
    confidence_level: f64,
    lower_bound: f64,
    upper_bound: f64,
}

fn estimate(path: &Path) -> Result<Reading> {
    let text = fs::read_to_string(path)
        .with_context(|| format!("criterion has left no {}", path.display()))?;
    let Estimates { median } = serde_json::from_str(&text)
        .with_context(|| format!("{} is not as criterion 0.8 writes it", path.display()))?;
    let interval = median.confidence_interval;
    ensure!(
        interval.confidence_level == 0.95,
        "criterion's interval is not one of 95 %"
    );
    Ok(Reading {
        median: median.point_estimate,
        low: interval.lower_bound,
        high: interval.upper_bound,
    })
}
