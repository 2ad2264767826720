//! What does the harness add? The `tokio` strategy against the least program one would write by hand for the same checked tally.
//!
//! `cargo run --release -p benches --bin by-hand -- --tasks 10000`
//!
//! Both run in this process, each on a runtime of its own with the same settings, in pairs of random order. The program by hand
//! spawns one task per unit; each adds its tally to two atomic counters, and the last one to end tells: by the reference count
//! that the tasks share anyway, which is the cheapest join there is.

#![forbid(unsafe_code)]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::Parser;
use harness::{Meter, Registry};
use model::Measurement;
use model::statistics::{median, median_interval};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use strategies::Setup;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;
use workloads::{Latency, MOST_TASKS, Outline, Params, Tally, Workload, mix, sleep::Sleep};

/// Compares the tokio strategy with a program written by hand: units that sleep, all in flight
#[derive(Parser)]
struct Arguments {
    /// Units
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(1..=MOST_TASKS))]
    tasks: u64,
    /// How long each unit sleeps
    #[arg(long, default_value = "100ms")]
    latency: Latency,
    /// Pairs of samples
    #[arg(long, default_value_t = 31, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pairs: u32,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let seed = 20_261_121;
    let params = Params {
        folder: None,
        seed,
        tasks: arguments.tasks,
        latency: arguments.latency,
        numbers: Default::default(),
    };
    let expected = Sleep::new(&params)?.expected();
    let setup = Setup {
        limit: arguments.tasks as usize,
        workers: 2,
        connections: 0,
        server: None,
    };
    let harness = Registry::built_in().opener("sleep", "tokio")?("sleep", &params, &setup)?;
    let by_hand = ByHand::open(&params, setup.workers)?;
    let measure = |work: &dyn Fn() -> Result<Tally>| -> Result<Measurement> {
        let meter = Meter::start()?;
        let sample = meter.stop(work()?)?;
        ensure!(
            sample.tally == expected,
            "wrong tally: {:?} instead of {expected:?}",
            sample.tally
        );
        Ok(sample)
    };
    let (first, second) = (|| harness.run(), || by_hand.run());
    let mut order = Pcg64Mcg::seed_from_u64(seed);
    let mut pairs = Vec::new();
    // The first pair touches all memory for the first time and is left out.
    for pair in 0..=arguments.pairs {
        let (ours, theirs) = if order.random() {
            let ours = measure(&first)?;
            (ours, measure(&second)?)
        } else {
            let theirs = measure(&second)?;
            (measure(&first)?, theirs)
        };
        if pair > 0 {
            pairs.push((ours, theirs));
        }
    }
    println!(
        "{} units of {}, {} pairs, tokio strategy / by hand:",
        arguments.tasks, arguments.latency, arguments.pairs
    );
    say("makespan", &pairs, |sample| sample.wall_ns)?;
    say("CPU", &pairs, |sample| sample.cpu_ns)
}

fn say(
    what: &str,
    pairs: &[(Measurement, Measurement)],
    value: fn(&Measurement) -> u64,
) -> Result<()> {
    let middle = |values: Vec<f64>| median(&values).context("there are no pairs");
    let ours = middle(pairs.iter().map(|(ours, _)| value(ours) as f64).collect())?;
    let theirs = middle(
        pairs
            .iter()
            .map(|(_, theirs)| value(theirs) as f64)
            .collect(),
    )?;
    let ratios: Vec<f64> = pairs
        .iter()
        .map(|(ours, theirs)| value(ours) as f64 / value(theirs) as f64)
        .collect();
    let interval = median_interval(&ratios, 0.95)
        .map_or("no interval below 6 pairs".to_owned(), |(low, high)| {
            format!("95 % CI {low:.3} to {high:.3}")
        });
    let ms = |value: f64| Duration::from_nanos(value as u64).as_secs_f64() * 1e3;
    println!(
        "{what:9} {:.2} / {:.2} ms, median ratio {:.3} ({interval})",
        ms(ours),
        ms(theirs),
        middle(ratios)?
    );
    Ok(())
}

/// The program without makespan.
struct ByHand {
    runtime: Runtime,
    seed: u64,
    tasks: u64,
    latency: Latency,
}

/// What its tasks share.
struct Shared {
    count: AtomicU64,
    digest: AtomicU64,
    done: Option<oneshot::Sender<Tally>>,
}

impl Drop for Shared {
    fn drop(&mut self) {
        let tally = Tally {
            count: *self.count.get_mut(),
            digest: *self.digest.get_mut(),
        };
        // The receiver waits for exactly this.
        let _ = self.done.take().map(|done| done.send(tally));
    }
}

impl ByHand {
    fn open(params: &Params, workers: usize) -> Result<Self> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(workers)
            .enable_all()
            .build()?;
        Ok(ByHand {
            runtime,
            seed: params.seed,
            tasks: params.tasks,
            latency: params.latency,
        })
    }

    fn run(&self) -> Result<Tally> {
        let &ByHand {
            seed,
            tasks,
            latency,
            ..
        } = self;
        let (done, tally) = oneshot::channel();
        self.runtime.spawn(async move {
            let shared = Arc::new(Shared {
                count: AtomicU64::new(0),
                digest: AtomicU64::new(0),
                done: Some(done),
            });
            for unit in 0..tasks {
                let shared = Arc::clone(&shared);
                tokio::spawn(async move {
                    let delay = latency.delay(seed, "sleep", unit, 0);
                    tokio::time::sleep(delay).await;
                    let tally = Tally::of(mix(seed, unit), &delay.as_nanos().to_le_bytes());
                    shared.count.fetch_add(tally.count, Ordering::Relaxed);
                    shared.digest.fetch_add(tally.digest, Ordering::Relaxed);
                });
            }
        });
        Ok(self.runtime.block_on(tally)?)
    }
}
