//! makespan answers one question: which concurrency strategy should this work use, and how far is it from the best possible?
//!
//! # Work and strategies of your own
//!
//! A bench target with `harness = false` and makespan as a dev-dependency measures its own beside the built-in ones, with every
//! flag, check and table:
//!
//! ```no_run
#![doc = include_str!("../docs/mine.rs")]
//! ```
//!
//! `cargo bench --bench mine` measures, `cargo bench --bench mine -- --help` lists the flags, and `cargo test --benches` takes one
//! checked sample of every cell. A runtime of one's own needs a [`seam::Runtime`](strategy::seam::Runtime); `runtime.rs` beside that
//! file is a whole one.
//!
//! # Layout
//!
//! - [`workload`] and [`strategy`] are what one's own must implement; [`bench!`] puts them beside the built-in ones.
//! - [`main`] is the command line, [`bench()`] the same for a bench target. Both take a [`Registry`], so that an executable can
//!   bring strategies and workloads of its own.
//! - `cli` says what can be asked for; `scenario` turns it into a spec, `locate` finds their files; `commands` carry it out, one
//!   file each.
//! - `stored` is a run that is over, and whether it can be believed.
//! - `job` is one comparison, from cells to everything that was recorded; `outlook` says how long it will take,
//!   and `progress` is what a person sees meanwhile.
//!
//! # Invariants
//!
//! - Everything that can be wrong with a command line is found before a process is started or a folder made.
//! - Exit codes: 0 done, 1 a row or the program failed, or results could not be kept or printed, 2 the command line cannot be carried out, 130 interrupted.
//! - Results go to standard output, everything else to standard error.

#![forbid(unsafe_code)]

mod build;
mod cli;
mod commands;
mod exit;
mod locate;
mod outlook;
mod output;
mod progress;
mod scenario;
mod stored;

use std::path::Path;
use std::process::ExitCode;

/// What a workload is made of.
pub mod workload {
    pub use anyhow::Result;
    pub use bytes::Bytes;
    pub use workloads::{
        Answer, Done, Facts, Histogram, Io, Latency, Means, Need, Number, Outline, Params,
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

use crate::cli::{BenchArguments, Cli, Command};
use crate::exit::Exit;

/// Carries out the command line of this process with the strategies and workloads of `registry`.
pub fn main(registry: &Registry) -> ExitCode {
    exit::code(role_or(registry, || match parsed()?.command {
        Command::Run(arguments) => commands::run(registry, &arguments),
        Command::List(arguments) => commands::list(registry, &arguments),
        Command::Verify(arguments) => {
            commands::verify(registry, &arguments.select, arguments.external)
        }
        Command::Cell(arguments) => commands::cell(registry, &arguments),
        Command::Report(arguments) => commands::report(&arguments),
        Command::Analyze(arguments) => commands::analyze(&arguments),
        Command::Compare(arguments) => commands::compare(&arguments),
        Command::Null(arguments) => commands::null(registry, &arguments),
        Command::Power(arguments) => commands::power(registry, &arguments),
        Command::Simulate(arguments) => commands::simulate(&arguments),
        Command::Serve(arguments) => mock_server::run(arguments).map_err(Exit::Usage),
        Command::Doctor(arguments) => commands::doctor(&arguments),
        Command::Schema => commands::schema(),
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
pub fn bench(registry: &Registry, root: &Path) -> ExitCode {
    exit::code(role_or(registry, || {
        std::env::set_current_dir(root).map_err(|error| Exit::Crash(error.into()))?;
        let arguments = BenchArguments::parse();
        match arguments.measures() {
            true => commands::run(registry, &arguments.run),
            false => commands::verify(registry, &arguments.run.select, false),
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
            $crate::bench(&registry, ::std::path::Path::new(env!("CARGO_MANIFEST_DIR")))
        }
    };
    (@pairs $registry:ident [] [$($strategy:ty),*]) => {};
    (@pairs $registry:ident [$work:ty $(, $rest:ty)*] [$($strategy:ty),*]) => {
        $registry.add_workload::<$work>();
        $($registry.pair::<$strategy, $work>();)*
        $crate::bench!(@pairs $registry [$($rest),*] [$($strategy),*]);
    };
}
