//! What can be asked for.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use mock_server::ServeArgs;
use workloads::{Latency, MOST_TASKS};

/// Which concurrency strategy should this work use, and how far is it from the best possible?
#[derive(Debug, Parser)]
#[command(name = "makespan", version, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Compare strategies: measure all cells of a scenario and write the tables
    Run(RunArguments),
    /// List strategies, workloads or scenarios, one per line: name, then one-line facts; or what runs what (--matrix)
    List(ListArguments),
    /// Take one checked sample of every cell, at 1 ms
    Verify(SelectArguments),
    /// Run one cell alone, in this process, for a profiler
    Cell(CellArguments),
    /// Print the tables of a stored run, or put them into a document
    Report(ReportArguments),
    /// Start the mock server and print its URL
    Serve(ServeArgs),
    /// Print the JSON Schema of summary.json
    Schema,
}

/// A latency; the error says all that is wrong with it.
fn latency(text: &str) -> Result<Latency, String> {
    text.parse::<Latency>()
        .map_err(|error| format!("{error:#}"))
}

/// A whole number from `low` to `high`.
fn number<T: TryFrom<u64>>(low: u64, high: u64) -> impl Fn(&str) -> Result<T, String> + Clone {
    move |text| {
        let number = text
            .parse()
            .ok()
            .filter(|number| (low..=high).contains(number));
        let number = number.and_then(|number| T::try_from(number).ok());
        number.ok_or_else(|| format!("allowed are {low} to {high}"))
    }
}

/// A name with one value or several.
fn setting(text: &str) -> Result<(String, Vec<u64>), String> {
    let allowed =
        || "allowed is a name with whole numbers, such as pages=3 or pages=3,6".to_owned();
    let (name, values) = text.split_once('=').ok_or_else(allowed)?;
    let values = values.split(',').map(|value| value.trim().parse());
    let values: Result<Vec<u64>, _> = values.collect();
    Ok((name.trim().to_owned(), values.map_err(|_| allowed())?))
}

/// Which cells.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct SelectArguments {
    /// Only these workloads of the scenario: a name, or a pattern with * and ?. Repeatable
    #[arg(long = "workload", value_name = "NAME")]
    pub(crate) workloads: Vec<String>,
    /// Only these strategies: a name, or a pattern with * and ?. Repeatable
    #[arg(long = "strategy", value_name = "NAME")]
    pub(crate) strategies: Vec<String>,
}

/// Other sizes than the scenario's.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct SizeArguments {
    /// Units of each workload. A list such as 1,10,100 makes a workload of each
    #[arg(long, value_name = "N", value_parser = number::<u64>(1, MOST_TASKS))]
    #[arg(allow_hyphen_values = true, value_delimiter = ',')]
    pub(crate) tasks: Vec<u64>,
    /// At most this many units in flight; a list as well
    #[arg(long, value_name = "C", value_parser = number::<usize>(1, 1_000_000))]
    #[arg(allow_hyphen_values = true, value_delimiter = ',')]
    pub(crate) concurrency: Vec<usize>,
    /// Worker threads of asynchronous runtimes; a list as well
    #[arg(long, value_name = "W", value_parser = number::<usize>(1, 1024))]
    #[arg(allow_hyphen_values = true, value_delimiter = ',')]
    pub(crate) workers: Vec<usize>,
    /// How long each wait lasts: 20ms, uniform:10ms,30ms or lognormal:20ms,80ms (median, p99). Repeatable
    #[arg(long, value_name = "LATENCY", allow_hyphen_values = true, value_parser = latency)]
    pub(crate) latency: Vec<Latency>,
    /// A size that only some workloads have (see list workloads), such as pages=3 or a list. Repeatable
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = setting)]
    pub(crate) numbers: Vec<(String, Vec<u64>)>,
    /// What all delays, bodies and orders are drawn from
    #[arg(long, value_name = "N", value_parser = number::<u64>(0, i64::MAX as u64))]
    #[arg(allow_hyphen_values = true)]
    pub(crate) seed: Option<u64>,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct RunArguments {
    /// A scenario by name (see list scenarios) or the path of a .toml file
    #[arg(value_name = "SCENARIO", default_value = "core")]
    pub(crate) scenario: String,
    #[command(flatten)]
    pub(crate) select: SelectArguments,
    #[command(flatten)]
    pub(crate) sizes: SizeArguments,
    /// Rounds that count; the scenario says how many of them also hold the long rows
    #[arg(long, value_name = "N", value_parser = number::<u32>(1, 100_000))]
    #[arg(allow_hyphen_values = true)]
    pub(crate) rounds: Option<u32>,
    /// The strategy whose makespan ratios are taken against
    #[arg(long, value_name = "NAME")]
    pub(crate) reference: Option<String>,
    /// The core workloads at small sizes, in at most 20 seconds
    #[arg(long, conflicts_with = "scenario")]
    pub(crate) quick: bool,
    /// Parent of the run folder
    #[arg(long, value_name = "DIR", default_value = "results")]
    pub(crate) out: PathBuf,
    /// Measure with a build without optimisation; every row is flagged
    #[arg(long, hide = true)]
    pub(crate) allow_debug: bool,
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
    /// Passed by cargo bench
    #[arg(long, hide = true)]
    bench: bool,
    /// One sample of everything, as in cargo bench -- --test
    #[arg(long, hide = true)]
    test: bool,
}

impl BenchArguments {
    /// Criterion's rule: cargo bench measures, anything else is a smoke test.
    pub(crate) fn measures(&self) -> bool {
        self.bench && !self.test
    }
}

#[derive(Args, Debug)]
pub(crate) struct ListArguments {
    /// What to list
    #[arg(required_unless_present = "matrix")]
    pub(crate) what: Option<Listed>,
    /// Which strategy can run which workload, and why not where it cannot
    #[arg(long, conflicts_with = "what")]
    pub(crate) matrix: bool,
    /// As JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Listed {
    Strategies,
    Workloads,
    Scenarios,
}

#[derive(Args, Debug)]
pub(crate) struct CellArguments {
    /// The workload
    #[arg(long, value_name = "NAME")]
    pub(crate) workload: String,
    /// The strategy
    #[arg(long, value_name = "NAME")]
    pub(crate) strategy: String,
    /// Samples to take
    #[arg(long, value_name = "N", default_value = "10", value_parser = number::<u32>(1, 1_000_000))]
    #[arg(allow_hyphen_values = true)]
    pub(crate) samples: u32,
    #[command(flatten)]
    pub(crate) sizes: SizeArguments,
}

#[derive(Args, Debug)]
pub(crate) struct ReportArguments {
    /// A run folder
    pub(crate) run: PathBuf,
    /// Only these workloads. Repeatable
    #[arg(long = "workload", value_name = "NAME")]
    pub(crate) workloads: Vec<String>,
    /// In Markdown
    #[arg(long)]
    pub(crate) markdown: bool,
    /// Put the Markdown into this file, between <!-- makespan:table --> and <!-- /makespan:table -->
    #[arg(long, value_name = "FILE")]
    pub(crate) splice: Option<PathBuf>,
}
