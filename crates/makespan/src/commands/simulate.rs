//! Judges made-up runs of which the truth is known, to count how often verdicts are wrong.

use std::fs;
use std::num::NonZero;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::Context;
use clap::Args;
use harness::{Registry, store};
use model::simulation::{Setting, Simulated, simulate};

use crate::exit::Exit;
use crate::flags::number;
use crate::output;

/// Judge made-up runs whose truth is known, and count wrong verdicts, letters and intervals
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Made-up runs of each kind
    #[arg(long, value_name = "K", default_value = "1000", value_parser = number::<u32>(1, 1_000_000))]
    #[arg(allow_hyphen_values = true)]
    runs: u32,
    /// Seed of the runs
    #[arg(long, value_name = "N", value_parser = number::<u64>(0, 1 << 62), default_value = "1")]
    #[arg(allow_hyphen_values = true)]
    seed: u64,
    /// Keep the tables in this folder
    #[arg(long, value_name = "DIR", default_value = "results/trust/simulation")]
    out: PathBuf,
    /// Print JSON. The folder is then named on standard error
    #[arg(long)]
    json: bool,
}

pub(crate) fn carry_out(_: &Registry, arguments: &Arguments) -> Result<(), Exit> {
    let folder = &arguments.out;
    fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))
        .map_err(Exit::Usage)?;
    let tables = report::simulation(&all(arguments));
    let command = format!(
        "makespan simulate --runs {} --seed {}",
        arguments.runs, arguments.seed
    );
    let documented: String = tables
        .iter()
        .map(report::markdown)
        .collect::<Vec<_>>()
        .join("\n");
    let text = format!(
        "# {command}\n\nEach made-up run has a reference, its twin and eight other rows, and is judged like a run that was measured. \
         The command gives the same tables on any machine.\n\n{documented}"
    );
    store::write(&folder.join("README.md"), &text)?;
    Ok(output::tables(&tables, folder, arguments.json)?)
}

/// Simulates all settings, on all processors. Each setting has its own random draws, so the order does not matter.
fn all(arguments: &Arguments) -> Vec<Simulated> {
    let settings = Setting::published();
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, Simulated)>> = Mutex::new(Vec::new());
    let work = || {
        while let Some((index, setting)) = {
            let index = next.fetch_add(1, Ordering::Relaxed);
            settings.get(index).map(|setting| (index, *setting))
        } {
            let simulated = simulate(setting, arguments.runs, arguments.seed);
            let mut done = done.lock().unwrap_or_else(|broken| broken.into_inner());
            done.push((index, simulated));
            eprintln!("{} of {} kinds of runs", done.len(), settings.len());
        }
    };
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| {
        for _ in 1..processors {
            // If the system refuses a thread, the others do its share.
            let _ = thread::Builder::new().spawn_scoped(scope, work);
        }
        work();
    });
    let mut done = done
        .into_inner()
        .unwrap_or_else(|broken| broken.into_inner());
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, simulated)| simulated).collect()
}
