//! What does the harness add? A strategy against the least program one would write by hand for the same checked tally.
//!
//! `cargo run --release -p benches --bin by-hand -- --runtime smol --tasks 10000`
//!
//! Both run on a runtime of their own with the same settings, in pairs of random order: in this process, or with `--fresh` each
//! sample in a process of its own, which is the only way to compare memory.

#![forbid(unsafe_code)]

mod program;

use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::{Parser, ValueEnum};
use harness::{Meter, Registry};
use model::Measurement;
use model::statistics::{median, median_interval};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use strategies::Setup;
use workloads::{Latency, MOST_TASKS, Outline, Params, Tally, Workload, catalog::sleep::Sleep};

use crate::program::ByHand;

/// Compares a strategy with a program written by hand: units that sleep, all in flight
#[derive(Clone, Parser)]
struct Arguments {
    /// The runtime, and the strategy of that name
    #[arg(long, value_enum, default_value = "tokio")]
    runtime: Runtime,
    /// Units
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(1..=MOST_TASKS))]
    tasks: u64,
    /// How long each unit sleeps
    #[arg(long, default_value = "100ms")]
    latency: Latency,
    /// Pairs of samples
    #[arg(long, default_value_t = 31, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pairs: u32,
    /// Take each sample in a process of its own, and compare memory too
    #[arg(long)]
    fresh: bool,
    /// Take one sample of this side and write it down
    #[arg(long, hide = true)]
    sample: Option<Side>,
}

/// Runtimes that have a program by hand.
#[derive(Clone, Copy, ValueEnum)]
enum Runtime {
    Tokio,
    Smol,
    #[cfg(feature = "async-std")]
    AsyncStd,
}

impl Runtime {
    fn name(self) -> &'static str {
        match self {
            Runtime::Tokio => "tokio",
            Runtime::Smol => "smol",
            #[cfg(feature = "async-std")]
            Runtime::AsyncStd => "async-std",
        }
    }
}

/// Who is measured.
#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Side {
    Strategy,
    ByHand,
}

const SEED: u64 = 20_261_121;

/// Worker threads on both sides.
const WORKERS: usize = 2;

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    if let Some(side) = arguments.sample {
        let sample = measure(&arguments, &*open(&arguments, side)?)?;
        println!("{}", serde_json::to_string(&sample)?);
        return Ok(());
    }
    let pairs = if arguments.fresh {
        pairs(arguments.pairs, |side| {
            sample_in_a_process(&arguments, side)
        })?
    } else {
        let strategy = open(&arguments, Side::Strategy)?;
        let by_hand = open(&arguments, Side::ByHand)?;
        pairs(arguments.pairs, |side| match side {
            Side::Strategy => measure(&arguments, &*strategy),
            Side::ByHand => measure(&arguments, &*by_hand),
        })?
    };
    println!(
        "{} units of {}, {} pairs, {} strategy / by hand:",
        arguments.tasks,
        arguments.latency,
        arguments.pairs,
        arguments.runtime.name()
    );
    let ms = |value: f64| {
        format!(
            "{:.2} ms",
            Duration::from_nanos(value as u64).as_secs_f64() * 1e3
        )
    };
    say("makespan", &pairs, |sample| sample.wall_ns as f64, ms)?;
    say("CPU", &pairs, |sample| sample.cpu_ns as f64, ms)?;
    if arguments.fresh {
        let tasks = arguments.tasks as f64;
        let bytes = move |sample: &Measurement| {
            let grown = sample.rss_peak_bytes.zip(sample.rss_base_bytes);
            grown.map_or(f64::NAN, |(peak, base)| (peak - base) as f64 / tasks)
        };
        say("memory", &pairs, bytes, |value| {
            format!("{value:.0} bytes per unit")
        })?;
    }
    Ok(())
}

/// Either side, ready to run again and again.
type Work = Box<dyn Fn() -> Result<Tally>>;

fn params(arguments: &Arguments) -> Params {
    Params::new(SEED, arguments.tasks, arguments.latency)
}

fn open(arguments: &Arguments, side: Side) -> Result<Work> {
    let params = params(arguments);
    let name = arguments.runtime.name();
    Ok(match side {
        Side::Strategy => {
            let setup = Setup::new(arguments.tasks as usize, WORKERS);
            let runner = Registry::built_in().opener("sleep", name)?("sleep", &params, &setup)?;
            Box::new(move || runner.run())
        }
        Side::ByHand => match arguments.runtime {
            Runtime::Tokio => by_hand(program::on_tokio(WORKERS)?, params),
            Runtime::Smol => by_hand(program::on_smol(WORKERS), params),
            #[cfg(feature = "async-std")]
            Runtime::AsyncStd => by_hand(program::OnAsyncStd, params),
        },
    })
}

fn by_hand(runtime: impl ByHand, params: Params) -> Work {
    Box::new(move || runtime.run(&params))
}

fn measure(arguments: &Arguments, work: &dyn Fn() -> Result<Tally>) -> Result<Measurement> {
    let expected = Sleep::new(&params(arguments))?.expected();
    let meter = Meter::start()?;
    let sample = meter.stop(work()?)?;
    ensure!(
        sample.tally == expected,
        "wrong tally: {:?} instead of {expected:?}",
        sample.tally
    );
    Ok(sample)
}

/// The same, by this executable started anew; its runtime has the threads that both sides ask for.
fn sample_in_a_process(arguments: &Arguments, side: Side) -> Result<Measurement> {
    let value = |value: &dyn ToString| value.to_string();
    let side = side.to_possible_value().context("every side has a name")?;
    let output = Command::new(std::env::current_exe()?)
        .args(["--runtime", arguments.runtime.name()])
        .args([
            "--tasks",
            &value(&arguments.tasks),
            "--latency",
            &value(&arguments.latency),
        ])
        .args(["--sample", side.get_name()])
        .env("ASYNC_STD_THREAD_COUNT", WORKERS.to_string())
        .output()?;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "the sample failed: {errors}");
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// Pairs in random order; the first touches everything for the first time and is left out.
fn pairs(
    count: u32,
    mut sample: impl FnMut(Side) -> Result<Measurement>,
) -> Result<Vec<(Measurement, Measurement)>> {
    let mut order = Pcg64Mcg::seed_from_u64(SEED);
    let mut pair = || {
        Ok(if order.random() {
            let ours = sample(Side::Strategy)?;
            (ours, sample(Side::ByHand)?)
        } else {
            let theirs = sample(Side::ByHand)?;
            (sample(Side::Strategy)?, theirs)
        })
    };
    pair().context("the first pair")?;
    (0..count).map(|_| pair()).collect()
}

fn say(
    what: &str,
    pairs: &[(Measurement, Measurement)],
    value: impl Fn(&Measurement) -> f64,
    unit: impl Fn(f64) -> String,
) -> Result<()> {
    let middle = |values: Vec<f64>| median(&values).context("there are no pairs");
    let ours = middle(pairs.iter().map(|(ours, _)| value(ours)).collect())?;
    let theirs = middle(pairs.iter().map(|(_, theirs)| value(theirs)).collect())?;
    let ratios = pairs
        .iter()
        .map(|(ours, theirs)| value(ours) / value(theirs));
    let ratios: Vec<f64> = ratios.collect();
    let interval = median_interval(&ratios, 0.95)
        .map_or("no interval below 6 pairs".to_owned(), |(low, high)| {
            format!("95 % CI {low:.3} to {high:.3}")
        });
    println!(
        "{what:9} {} / {}, median ratio {:.3} ({interval})",
        unit(ours),
        unit(theirs),
        middle(ratios)?
    );
    Ok(())
}
