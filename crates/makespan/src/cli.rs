//! The two command lines: that of the program, and that of a bench target.

use clap::{CommandFactory, Parser};

use crate::commands::Command;
use crate::flags::RunArguments;
use crate::output::{Colours, set_colours};

/// Which concurrency strategy should this work use, and how far is it from the best possible?
#[derive(Debug, Parser)]
#[command(name = "makespan", version, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// When tables have colours
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t)]
    pub(crate) color: Colours,
}

/// The flags of a bench target: those of `run`, and what cargo passes.
#[derive(Debug, Parser)]
#[command(
    name = "strategies",
    bin_name = "cargo bench --bench strategies --",
    version,
    max_term_width = 100
)]
#[command(about = "Compare strategies: measure all cells of a scenario and write the tables")]
pub(crate) struct BenchArguments {
    #[command(flatten)]
    pub(crate) run: RunArguments,
    /// When tables have colours
    #[arg(long, value_enum, value_name = "WHEN", default_value_t)]
    pub(crate) color: Colours,
    /// Passed by cargo bench
    #[arg(long, hide = true)]
    bench: bool,
    /// One sample of everything, as in cargo bench -- --test
    #[arg(long, hide = true)]
    test: bool,
}

/// The command that a bench target is asked for by name, if it is. Cargo's own flag comes last.
pub(crate) fn command_of_bench(target: &str) -> Option<Command> {
    let mut words: Vec<_> = std::env::args_os().collect();
    let first = words.get(1)?.to_str()?;
    Cli::command().find_subcommand(first)?;
    words.pop_if(|word| word == "--bench");
    let Cli { mut command, color } = Cli::parse_from(words);
    set_colours(color);
    match &mut command {
        Command::Gate(gate) => gate.of_bench(target),
        Command::Bisect(bisect) => bisect.of_bench(target),
        _ => {}
    }
    Some(command)
}

impl BenchArguments {
    /// Criterion's rule: cargo bench measures, anything else is a smoke test.
    pub(crate) fn measures(&self) -> bool {
        self.bench && !self.test
    }
}
