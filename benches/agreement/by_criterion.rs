//! A turn of criterion: a process of its own, in which one cell comes after the other.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use anyhow::{Context, Result, ensure};
use criterion::{BenchmarkId, Criterion, SamplingMode};
use harness::{Registry, ServerProcess};
use serde::Deserialize;

use super::knobs::Knobs;
use super::{Reading, STRATEGIES, cells, spec};

/// What makes a process criterion's: the folder to write to, and the number of the turn.
const FOLDER: &str = "MAKESPAN_AGREEMENT_FOLDER";
const TURN: &str = "MAKESPAN_AGREEMENT_TURN";

const SAMPLES: usize = 12;

/// All cells, in the order of the comparison's.
pub(super) fn readings(turn: u64) -> Result<Vec<Reading>> {
    let folder = env::temp_dir().join(format!("makespan-agreement-{}", std::process::id()));
    let program = env::current_exe().context("cannot find this program")?;
    let ended = Command::new(program)
        .env(FOLDER, &folder)
        .env(TURN, turn.to_string())
        .output()
        .context("cannot start criterion's process")?;
    let read = match ended.status.success() {
        true => read(&folder),
        false => Err(anyhow::anyhow!(
            "criterion's process ended with {}:\n{}",
            ended.status,
            String::from_utf8_lossy(&ended.stderr)
        )),
    };
    // A process that failed early has made none.
    let removed = fs::remove_dir_all(&folder);
    let read = read?;
    removed.with_context(|| format!("cannot remove {}", folder.display()))?;
    Ok(read)
}

fn read(folder: &Path) -> Result<Vec<Reading>> {
    let wall = |workload: &str, strategy: &str| {
        let path = format!("makespan/{workload}/{strategy}/new/estimates.json");
        anyhow::Ok(estimate(&folder.join(path))?.ln())
    };
    let reading = |(workload, strategy)| {
        let reference = wall(workload, STRATEGIES[0])?;
        let wall = wall(workload, strategy)?;
        Ok(Reading {
            wall,
            ratio: wall - reference,
        })
    };
    cells().into_iter().map(reading).collect()
}

/// Measures, if this process was started for that.
pub(crate) fn play() -> Option<Result<()>> {
    let folder = env::var_os(FOLDER)?;
    let turn = env::var(TURN).ok().and_then(|turn| turn.parse().ok());
    Some(measure(Path::new(&folder), turn.unwrap_or_default()))
}

fn measure(folder: &Path, turn: u64) -> Result<()> {
    // Less time than the samples take, so that each is one run of the cell and not the mean of several.
    let mut criterion = Criterion::default()
        .output_directory(folder)
        .warm_up_time(Duration::from_millis(100))
        .measurement_time(Duration::from_millis(100))
        .sample_size(SAMPLES)
        .nresamples(1001)
        .without_plots();
    let knobs = Knobs::from_environment()?;
    let mut server = ServerProcess::start()?;
    let mut cells = Registry::built_in().prepare(&spec(turn, 1))?;
    // Which cell comes first changes too, and not along with which instrument does.
    if turn / 2 % 2 == 1 {
        cells.reverse();
    }
    let mut group = criterion.benchmark_group("makespan");
    group.sampling_mode(SamplingMode::Flat);
    for mut cell in cells {
        knobs.lengthen(&mut cell);
        cell.setup.server = cell.server.then(|| server.address());
        server.reset(&cell.params)?;
        let open = Registry::built_in().opener(&cell.workload, &cell.strategy)?;
        let runner = open(&cell.workload, &cell.params, &cell.setup)?;
        runner.warm_up()?;
        let id = BenchmarkId::new(&cell.workload, &cell.strategy);
        group.bench_function(id, |bencher| {
            bencher.iter_custom(|iterations| {
                let sample = |_| {
                    thread::sleep(knobs.pause);
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
    Ok(())
}

/// What criterion keeps of one benchmark; its layout is not promised, so a change is told as such.
#[derive(Deserialize)]
struct Estimates {
    median: Estimate,
}

#[derive(Deserialize)]
struct Estimate {
    point_estimate: f64,
}

fn estimate(path: &Path) -> Result<f64> {
    let text = fs::read_to_string(path)
        .with_context(|| format!("criterion has left no {}", path.display()))?;
    let Estimates { median } = serde_json::from_str(&text)
        .with_context(|| format!("{} is not as criterion 0.8 writes it", path.display()))?;
    let median = median.point_estimate;
    ensure!(median > 0.0, "{}: its median is {median}", path.display());
    Ok(median)
}
