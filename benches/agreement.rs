//! Two instruments, the same rows: the ratios between rows must be the same by criterion and by the comparison.
//!
//! Criterion times a cell in one process, sample after sample; the comparison takes a worker for each cell and interleaves them. Both
//! run units where the strategy runs them, on its workers: none of them polls a cell's future itself.
//!
//! They take turns, so that a machine that becomes slower does so under both. Each turn gives the ratio of a row to the reference
//! by either; by how much the two ratios differ is what is judged, over all turns.

mod by_comparison;
mod by_criterion;
mod difference;
mod knobs;

use std::process::ExitCode;

use anyhow::{Context, Result};
use model::statistics::median;
use model::{Load, Percent, Spec};

use difference::{Answer, BOUND, Difference};
use knobs::Knobs;

pub(crate) use by_criterion::play;

const WORKLOADS: [&str; 2] = ["sleep", "get"];
/// The first is the reference.
const STRATEGIES: [&str; 3] = ["thread-pool", "tokio", "smol"];

/// Twenty waits at once, so that a sample is one wait and what it costs to start and end it.
const UNITS: usize = 20;

/// Turns of both instruments: of nine values, the second and the eighth are the 95 % interval of the median.
const TURNS: u64 = 9;

/// What one of them said of one cell in one turn, as natural logarithms.
#[derive(Clone, Copy, Debug)]
struct Reading {
    /// The median makespan in nanoseconds.
    wall: f64,
    /// Its ratio to the reference of the workload.
    ratio: f64,
}

/// Lets both take their turns, and prints what they say. Only rows that differ are a failure: a noisy machine is none.
pub(crate) fn agree() -> Result<ExitCode> {
    Knobs::from_environment()?.announce();
    let mut turns: Vec<(Vec<Reading>, Vec<Reading>)> = Vec::new();
    for turn in 0..TURNS {
        // Who comes first changes, so that what grows with time cancels out.
        if turn % 2 == 0 {
            turns.push((
                by_criterion::readings(turn)?,
                by_comparison::readings(turn)?,
            ));
        } else {
            let comparison = by_comparison::readings(turn)?;
            turns.push((by_criterion::readings(turn)?, comparison));
        }
    }
    println!(
        "\nthe same rows by criterion and by the comparison, {TURNS} turns of each: the ratio to {} by both, and by how much \
         criterion's is larger, with a 95 % interval, which agrees within {:.0} %",
        STRATEGIES[0],
        BOUND * 100.0
    );
    let mut disagree = false;
    for (index, (workload, strategy)) in cells().into_iter().enumerate() {
        let over = |of: &dyn Fn(Reading, Reading) -> f64| -> Vec<f64> {
            turns.iter().map(|(a, b)| of(a[index], b[index])).collect()
        };
        let middle =
            |of: &dyn Fn(Reading, Reading) -> f64| median(&over(of)).unwrap_or(f64::NAN).exp();
        let wall = middle(&|criterion, comparison| criterion.wall - comparison.wall);
        let name = format!("{workload}/{strategy}");
        if strategy == STRATEGIES[0] {
            println!("{name:20} (its makespan {wall:.3} of the comparison's)");
            continue;
        }
        let difference = over(&|criterion, comparison| criterion.ratio - comparison.ratio);
        let difference = Difference::of(&difference).context("there are too few turns")?;
        println!(
            "{name:20} {:.3} and {:.3}, {} (its makespan {wall:.3} of the comparison's)",
            middle(&|criterion, _| criterion.ratio),
            middle(&|_, comparison| comparison.ratio),
            difference.shown(),
        );
        disagree |= difference.answer() == Answer::Disagree;
    }
    Ok(match disagree {
        true => ExitCode::FAILURE,
        false => ExitCode::SUCCESS,
    })
}

/// Workload and strategy of the cells, in the order of readings.
fn cells() -> Vec<(&'static str, &'static str)> {
    let of = |workload: &&'static str| STRATEGIES.map(|strategy| (*workload, strategy));
    WORKLOADS.iter().flat_map(of).collect()
}

/// What both measure. Each turn draws another order.
fn spec(turn: u64, rounds: u32) -> Spec {
    let load = |name: &&str| {
        let latency = "20ms".parse().expect("it is well-formed");
        Load::new(name, UNITS as u64, latency)
    };
    Spec {
        name: "agreement".into(),
        seed: turn,
        concurrency: UNITS,
        workers: 2,
        launches: 1,
        rounds,
        long_rounds: rounds,
        precision: Percent::of_hundredths(300),
        budget: None,
        computing: None,
        cpus: None,
        calibration: false,
        reference: model::Row::plain(STRATEGIES[0]),
        anchor: STRATEGIES[0].into(),
        strategies: STRATEGIES.map(str::to_owned).into(),
        mean: false,
        programs: Vec::new(),
        workloads: WORKLOADS.iter().map(load).collect(),
    }
}
