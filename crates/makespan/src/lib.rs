//! makespan answers one question: which concurrency strategy should this work use, and how far is it from the best possible?
//!
//! This crate is the program `makespan`, and the library behind it for benches of your own.
//!
//! # Measure work and strategies of your own
//!
//! Make makespan a dev-dependency, and write a bench target with `harness = false`. It measures what you bring beside what is built
//! in, with every flag, check and table of the program:
//!
//! ```no_run
#![doc = include_str!("../docs/mine.rs")]
//! ```
//!
//! - `cargo bench --bench mine` measures. `cargo bench --bench mine -- --help` lists the flags.
//! - `cargo test --benches` takes one checked sample of every cell.
//! - [`workload`] has what a workload is made of, [`strategy`] what a strategy is made of. [`bench!`] registers both.
//! - A runtime of your own implements [`seam::Runtime`](strategy::seam::Runtime). `runtime.rs` beside the example is a whole one.
//! - An executable of your own fills a [`Registry`] and calls [`main`], or [`bench()`] where cargo starts it as a bench target.
//!
//! # Work on this crate
//!
//! A command goes through these files, and each uses only what stands to the right of it or below:
//!
//! ```text
//! cli -> commands -> scenario -> flags, names       a command line becomes a spec
//!            |
//!            +-----> programs, progress             a spec becomes cells, which the harness measures
//!            +-----> trial                          the same again and again, for null and power
//!            +-----> gate                           two builds side by side: what they are, how they are built, measured and tried
//!            +-----> published                      what others published
//!            +-----> history                        rows of many commits, in a file or on a branch
//!            +-----> runs                           run folders: made, going on, shared, over, shown in documents
//!            +-----> exit, output, signal           how a command ends and what it prints
//! ```
//!
//! - **A command** is `commands/NAME.rs` with its `Arguments`, whose first doc line is its help, and with `carry_out`. It also takes
//!   its `mod` and its line in the list of `commands/mod.rs`.
//! - **A flag** is a field of the `Arguments` of its command. One that several commands share is in `flags`. Its parser refuses a
//!   wrong value and says what is allowed.
//! - **A scenario** is `scenarios/NAME.toml`, whose first comment is what `list scenarios` says, and its line in
//!   `scenario/built_in.rs`.
//! - **A key of scenario files** is read in the file of its noun in `scenario/file/`, by a reader of `value`.
//! - **A program in another language** is a file in `programs/`, its line in `programs.rs`, and its table in `scenarios/python.toml` or
//!   `scenarios/languages.toml`.
//! - **An error** has its kind as a type: `Exit` in `exit`. No text of an error is searched or rewritten.
//!
//! # Invariants
//!
//! - Everything that can be wrong with a command line is found before a process is started or a folder is made.
//! - Exit codes: 0 is done. 1 is a row or the program that failed, or results that could not be kept or printed. 2 is a command line
//!   that cannot be carried out. 130 is interrupted.
//! - Results go to standard output, everything else to standard error.

#![forbid(unsafe_code)]

mod build;
mod cli;
mod commands;
mod exit;
mod flags;
mod gate;
mod history;
mod lines;
mod names;
mod output;
mod png;
mod programs;
mod progress;
mod published;
mod runs;
mod scenario;
mod signal;
mod trial;

use std::path::Path;
use std::process::ExitCode;

/// What a workload is made of.
pub mod workload {
    pub use anyhow::Result;
    pub use bytes::Bytes;
    pub use workloads::{
        Answer, Done, Facts, Histogram, Io, Latency, Means, Need, Number, Outline, Params, Pieces,
        Recorder, Reply, Request, Response, Tally, Unit, Work, Workload, content, floor, key, mix,
    };
}

/// What a strategy is made of.
pub mod strategy {
    pub use anyhow::Result;
    pub use strategies::{
        BLOCKING_LACKS, BlockingIo, Capacity, Client, Facts, Family, Heartbeat, Lack, Setup,
        Strategy, ready, seam,
    };
    pub use workloads::{Need, Tally, Unit, Work};
}

use clap::Parser;
use clap::error::ErrorKind;
pub use harness::{Registry, play_role};

use crate::cli::{BenchArguments, Cli};
use crate::exit::Exit;

/// Carries out the command line of this process with the strategies and workloads of `registry`.
pub fn main(registry: &Registry) -> ExitCode {
    exit::code(role_or(registry, || {
        let typed = parsed()?;
        output::set_colours(typed.color);
        typed.command.carry_out(registry)
    }))
}

/// What was typed. `--version` answers and ends, but only where nothing else is asked.
fn parsed() -> Result<Cli, Exit> {
    Cli::try_parse().or_else(|error| {
        let alone = std::env::args_os().len() == 2;
        if error.kind() == ErrorKind::DisplayVersion && !alone {
            return Err(Exit::Usage(anyhow::anyhow!(
                "--version stands alone; allowed is `makespan --version`, or a command without it"
            )));
        }
        error.exit()
    })
}

/// Carries out a bench target: `cargo bench` measures, `cargo test --benches` verifies. Paths are relative to `root`, because
/// cargo starts bench targets in the folder of their package.
///
/// What a bench target knows of `makespan` it does too: `cargo bench --bench mine -- gate` is `makespan gate` with the workloads and
/// strategies of that target. `target` is its name, where `-` may be `_`.
pub fn bench(registry: &Registry, root: &Path, target: &str) -> ExitCode {
    exit::code(role_or(registry, || {
        std::env::set_current_dir(root).map_err(|error| Exit::Crash(error.into()))?;
        if let Some(command) = cli::command_of_bench(target) {
            return command.carry_out(registry);
        }
        let arguments = BenchArguments::parse();
        output::set_colours(arguments.color);
        match arguments.measures() {
            true => commands::run::run(registry, &arguments.run),
            false => commands::verify::verify(registry, &arguments.run.select),
        }
    }))
}

fn role_or(registry: &Registry, work: impl FnOnce() -> Result<(), Exit>) -> Result<(), Exit> {
    match play_role(registry) {
        Some(played) => played.map_err(Exit::Crash),
        None => work(),
    }
}

/// The `main` of a bench target with workloads and strategies of its own beside those that makespan brings.
///
/// Without a scenario, its own workloads are measured with 20 units of 20 ms, and `core` with its own strategies too.
#[macro_export]
macro_rules! bench {
    (workloads: [$($work:ty),* $(,)?], strategies: [$($strategy:ty),* $(,)?] $(,)?) => {
        fn main() -> ::std::process::ExitCode {
            #[allow(unused_mut, reason = "both lists may be empty")]
            let mut registry = $crate::Registry::built_in();
            $(registry.add_strategy::<$strategy>();)*
            $crate::bench!(@pairs registry [$($work),*] [$($strategy),*]);
            $crate::bench(
                &registry,
                ::std::path::Path::new(env!("CARGO_MANIFEST_DIR")),
                env!("CARGO_CRATE_NAME"),
            )
        }
    };
    (@pairs $registry:ident [] [$($strategy:ty),*]) => {};
    (@pairs $registry:ident [$work:ty $(, $rest:ty)*] [$($strategy:ty),*]) => {
        $registry.add_workload::<$work>();
        $($registry.pair::<$strategy, $work>();)*
        $crate::bench!(@pairs $registry [$($rest),*] [$($strategy),*]);
    };
}
