//! What can be asked for.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use mock_server::ServeArgs;
use model::{Budget, ComputeTime, Percent};
use report::{FORMATS, Format};
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
    Verify(VerifyArguments),
    /// Run one cell alone, in this process, for a profiler
    Cell(CellArguments),
    /// Print the tables of a stored run, or put them into a document
    Report(ReportArguments),
    /// Compute all numbers and tables of a stored run anew, from its samples alone
    Analyze(AnalyzeArguments),
    /// Put two stored runs side by side
    Compare(CompareArguments),
    /// Judge identical cells again and again: how often is a difference seen that is none?
    Null(NullArguments),
    /// Judge rows that really wait longer again and again: how often is that seen?
    Power(PowerArguments),
    /// Judge made-up runs of which the truth is known: how often are verdicts, letters and intervals wrong?
    Simulate(SimulateArguments),
    /// Say what this machine can measure, what it cannot, and how to mend it; looks for about 3 seconds
    Doctor(DoctorArguments),
    /// Start the mock server and print its URL
    Serve(ServeArgs),
    /// Print the JSON Schema of summary.json
    Schema,
}

/// A percentage or a span of time; the error says all that is wrong with it.
fn written<T: std::str::FromStr<Err = anyhow::Error>>(text: &str) -> Result<T, String> {
    text.parse::<T>().map_err(|error| format!("{error:#}"))
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

/// The name of a format in the list of all.
fn format() -> impl TypedValueParser<Value = Format> {
    let named = |name: String| FORMATS.into_iter().find(|format| format.name == name);
    PossibleValuesParser::new(FORMATS.map(|format| format.name))
        .try_map(move |name| named(name).ok_or("no such format"))
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
    /// Only these workloads: names or patterns with * and ?, separated by commas. Where no scenario is named, any that `list
    /// workloads` shows: with the sizes it has in core, else 20 units of 20ms. Repeatable
    #[arg(long = "workload", value_name = "NAME")]
    pub(crate) workloads: Vec<String>,
    /// Only these strategies, of all that `list strategies` shows: names or patterns with * and ?, separated by commas. Repeatable
    #[arg(long = "strategy", value_name = "NAME")]
    pub(crate) strategies: Vec<String>,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct VerifyArguments {
    #[command(flatten)]
    pub(crate) select: SelectArguments,
    /// Also the programs in other languages that come with makespan: those of the scenario python
    #[arg(long)]
    pub(crate) external: bool,
}

/// Other sizes than the scenario's.
#[derive(Args, Clone, Debug, Default, PartialEq)]
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
    #[arg(long, value_name = "LATENCY", allow_hyphen_values = true, value_parser = written::<Latency>)]
    pub(crate) latency: Vec<Latency>,
    /// How long each unit computes, for workloads that compute: 2ms. As many steps as that is at the speed measured at the start;
    /// --set rounds=N asks for a number of steps instead. A list as well
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, value_parser = written::<ComputeTime>)]
    #[arg(value_delimiter = ',')]
    pub(crate) compute: Vec<ComputeTime>,
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
    /// A scenario by name (see list scenarios) or the path of a .toml file; by default core
    #[arg(value_name = "SCENARIO")]
    pub(crate) scenario: Option<String>,
    #[command(flatten)]
    pub(crate) select: SelectArguments,
    #[command(flatten)]
    pub(crate) sizes: SizeArguments,
    /// Keep the workers to so many processors, and the server to another one where one is left
    #[arg(long, value_name = "N", value_parser = number::<usize>(1, 4096), allow_hyphen_values = true)]
    pub(crate) cpus: Option<usize>,
    /// Rounds that count, and no more unless there is a --budget. The scenario says how many of them also hold the long rows, at most
    /// all
    #[arg(long, value_name = "N", value_parser = number::<u32>(1, 100_000))]
    #[arg(allow_hyphen_values = true)]
    pub(crate) rounds: Option<u32>,
    /// Lives of the worker processes, over which the rounds are spread, and no more unless there is a --budget
    #[arg(long, value_name = "N", value_parser = number::<u32>(1, 1000))]
    #[arg(allow_hyphen_values = true)]
    pub(crate) launches: Option<u32>,
    /// Add launches until no interval of a ratio reaches further than this from its estimate; needs a budget, of the scenario or with
    /// --budget
    #[arg(long, value_name = "PERCENT", value_parser = written::<Percent>, allow_hyphen_values = true)]
    pub(crate) precision: Option<Percent>,
    /// Add none that would end later than this after the start, such as 5m
    #[arg(long, value_name = "TIME", value_parser = written::<Budget>, allow_hyphen_values = true)]
    pub(crate) budget: Option<Budget>,
    /// Add no launches, however wide the intervals are
    #[arg(long, conflicts_with_all = ["precision", "budget"])]
    pub(crate) no_precision: bool,
    /// Also if it waits for more than ten minutes
    #[arg(short, long)]
    pub(crate) yes: bool,
    /// Do not measure timers and clients first
    #[arg(long)]
    pub(crate) no_calibration: bool,
    /// The strategy whose makespan ratios are taken against; by default the scenario's, or the first that --strategy names
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
pub(crate) struct DoctorArguments {
    /// As JSON, with all that was read and seen
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct ReportArguments {
    /// A run folder
    pub(crate) run: PathBuf,
    /// Only these workloads. Repeatable
    #[arg(long = "workload", value_name = "NAME")]
    pub(crate) workloads: Vec<String>,
    /// How to write: tables, for a terminal or in Markdown; or the whole run, as its files are written
    #[arg(long, value_name = "NAME", default_value = "terminal", value_parser = format())]
    pub(crate) format: Format,
    /// The same as --format markdown
    #[arg(long, conflicts_with = "format")]
    pub(crate) markdown: bool,
    /// Only the tables of makespans
    #[arg(long)]
    pub(crate) makespans: bool,
    /// Put the Markdown into this file: after each line <!-- makespan:table NAME --> that of the workload NAME, after <!--
    /// makespan:table --> that of all chosen ones; what stood there, up to the line <!-- /makespan:table -->, goes
    #[arg(long, value_name = "FILE", conflicts_with = "format")]
    pub(crate) splice: Option<PathBuf>,
    /// Show a run that was changed or cut off all the same, computed from the samples that are left; the output says so
    #[arg(long)]
    pub(crate) allow_damaged: bool,
}

#[derive(Args, Debug)]
pub(crate) struct AnalyzeArguments {
    /// A run folder
    pub(crate) run: PathBuf,
    /// Another strategy whose makespan ratios are taken against
    #[arg(long, value_name = "NAME")]
    pub(crate) reference: Option<String>,
    /// Write the files of the run anew where they are not what its samples say
    #[arg(long, conflicts_with = "reference")]
    pub(crate) write: bool,
}

#[derive(Args, Debug)]
pub(crate) struct CompareArguments {
    /// A run folder
    pub(crate) before: PathBuf,
    /// Another one
    pub(crate) after: PathBuf,
    /// The strategy whose makespan ratios are taken against; by default that of the first run
    #[arg(long, value_name = "NAME")]
    pub(crate) reference: Option<String>,
    /// Compare makespans too, which only means something on one and the same machine
    #[arg(long)]
    pub(crate) times: bool,
    /// In Markdown
    #[arg(long, conflicts_with = "json")]
    pub(crate) markdown: bool,
    /// As JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Compare runs that were changed or cut off all the same, by the samples that are left; the output says so
    #[arg(long)]
    pub(crate) allow_damaged: bool,
}

/// What trials of the judgement have in common.
#[derive(Args, Clone, Debug)]
pub(crate) struct TrialArguments {
    /// Judgements to make, those that the folder already has included
    #[arg(long, value_name = "K", default_value = "20", value_parser = number::<u32>(1, 100_000))]
    #[arg(allow_hyphen_values = true)]
    pub(crate) runs: u32,
    /// Take these strategies in turn: names or patterns, separated by commas. Repeatable
    #[arg(long = "strategy", value_name = "NAME")]
    pub(crate) strategies: Vec<String>,
    /// Let another process use a processor all the time
    #[arg(long)]
    pub(crate) loaded: bool,
    /// Keep every judgement in this folder, and go on where it ends; by default results/trust/null, results/trust/power and so on
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// What the first judgement draws its delays, bodies and orders from; each further one adds 1
    #[arg(long, value_name = "N", value_parser = number::<u64>(0, 1 << 62), default_value = "1")]
    #[arg(allow_hyphen_values = true)]
    pub(crate) seed: u64,
    /// Measure with a build without optimisation
    #[arg(long, hide = true)]
    pub(crate) allow_debug: bool,
}

#[derive(Args, Debug)]
pub(crate) struct NullArguments {
    #[command(flatten)]
    pub(crate) trial: TrialArguments,
}

/// What `power` tries if nothing else is asked for.
pub(crate) const POWER_EFFECTS: &str = "3%,5%,7%,10%";

#[derive(Args, Debug)]
pub(crate) struct PowerArguments {
    /// By how much all waits of a slower row are longer, in the server and in the units. A list makes a row of each
    #[arg(
        long = "effect",
        value_name = "PERCENT",
        default_value = "3%,5%,7%,10%"
    )]
    #[arg(value_parser = written::<Percent>, value_delimiter = ',', allow_hyphen_values = true)]
    pub(crate) effects: Vec<Percent>,
    #[command(flatten)]
    pub(crate) trial: TrialArguments,
}

#[derive(Args, Debug)]
pub(crate) struct SimulateArguments {
    /// Runs to make up of each kind: with rows that are equal, with rows that are 5.1 % slower, and with one that would usually be missed
    #[arg(long, value_name = "K", default_value = "1000", value_parser = number::<u32>(1, 1_000_000))]
    #[arg(allow_hyphen_values = true)]
    pub(crate) runs: u32,
    /// What they are drawn from
    #[arg(long, value_name = "N", value_parser = number::<u64>(0, 1 << 62), default_value = "1")]
    #[arg(allow_hyphen_values = true)]
    pub(crate) seed: u64,
    /// Keep the tables in this folder
    #[arg(long, value_name = "DIR", default_value = "results/trust/simulation")]
    pub(crate) out: PathBuf,
}
