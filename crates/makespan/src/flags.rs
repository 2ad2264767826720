//! Flags that several commands share, and how their values are read.
//!
//! A flag that only one command has stands in the file of that command.

use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use model::{Budget, ComputeTime, Percent};
use report::{ORDERS, Order};
use workloads::{Latency, MOST_TASKS};

use crate::runs::baseline;
use crate::runs::shard::Shard;

/// Reads a percentage or a span of time. The error says all that is wrong with it.
pub(crate) fn quantity<T: std::str::FromStr<Err = anyhow::Error>>(text: &str) -> Result<T, String> {
    text.parse::<T>().map_err(|error| format!("{error:#}"))
}

/// Reads a whole number from `low` to `high`.
pub(crate) fn number<T: TryFrom<u64>>(
    low: u64,
    high: u64,
) -> impl Fn(&str) -> Result<T, String> + Clone {
    move |text| {
        let number = text
            .parse()
            .ok()
            .filter(|number| (low..=high).contains(number));
        let number = number.and_then(|number| T::try_from(number).ok());
        number.ok_or_else(|| format!("allowed are {low} to {high}"))
    }
}

/// Reads a name with one value or several.
fn setting(text: &str) -> Result<(String, Vec<u64>), String> {
    let allowed =
        || "allowed is a name with whole numbers, such as pages=3 or pages=3,6".to_owned();
    let (name, values) = text.split_once('=').ok_or_else(allowed)?;
    let values = values.split(',').map(|value| value.trim().parse());
    let values: Result<Vec<u64>, _> = values.collect();
    Ok((name.trim().to_owned(), values.map_err(|_| allowed())?))
}

/// Which rows and workloads.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct SelectArguments {
    /// Only these workloads: names, or patterns with * and ?, separated by commas. Repeatable. Without a scenario it takes any workload
    /// of `list workloads`
    #[arg(long = "workload", value_name = "NAME")]
    pub(crate) workloads: Vec<String>,
    /// Only these strategies of `list strategies`: names, or patterns with * and ?, separated by commas. Repeatable
    #[arg(long = "strategy", value_name = "NAME")]
    pub(crate) strategies: Vec<String>,
}

/// Sizes that replace those of the scenario.
#[derive(Args, Clone, Debug, Default, PartialEq)]
pub(crate) struct SizeArguments {
    /// Units of each workload, or a list such as 1,10,100
    #[arg(long, value_name = "N", value_parser = number::<u64>(1, MOST_TASKS))]
    #[arg(allow_hyphen_values = true, value_delimiter = ',')]
    pub(crate) tasks: Vec<u64>,
    /// At most this many units in flight, or a list
    #[arg(long, value_name = "C", value_parser = number::<usize>(1, 1_000_000))]
    #[arg(allow_hyphen_values = true, value_delimiter = ',')]
    pub(crate) concurrency: Vec<usize>,
    /// Worker threads of asynchronous runtimes, or a list
    #[arg(long, value_name = "W", value_parser = number::<usize>(1, 1024))]
    #[arg(allow_hyphen_values = true, value_delimiter = ',')]
    pub(crate) workers: Vec<usize>,
    /// How long each wait lasts: 20ms, uniform:10ms,30ms or lognormal:20ms,80ms (median, p99). Repeatable
    #[arg(long, value_name = "LATENCY", allow_hyphen_values = true, value_parser = quantity::<Latency>)]
    pub(crate) latency: Vec<Latency>,
    /// How long each unit of a computing workload computes, such as 2ms, or a list. The run measures at its start how many steps that
    /// is. --set rounds=N asks for a number of steps instead
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, value_parser = quantity::<ComputeTime>)]
    #[arg(value_delimiter = ',')]
    pub(crate) compute: Vec<ComputeTime>,
    /// A size that only some workloads have (see list workloads), such as pages=3 or a list. Repeatable
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = setting)]
    pub(crate) numbers: Vec<(String, Vec<u64>)>,
    /// Seed of all delays, bodies and orders
    #[arg(long, value_name = "N", value_parser = number::<u64>(0, i64::MAX as u64))]
    #[arg(allow_hyphen_values = true)]
    pub(crate) seed: Option<u64>,
}

/// In which order rows are printed.
#[derive(Args, Clone, Debug)]
pub(crate) struct SortArguments {
    /// Print the rows by this number, the smallest first, or as the scenario names them. Files keep the order of the scenario
    #[arg(long = "sort", value_name = "NUMBER", default_value = ORDERS[0].name, value_parser = order())]
    pub(crate) order: Order,
}

/// The name of an order in the list of all.
fn order() -> impl TypedValueParser<Value = Order> {
    let named = |name: String| ORDERS.into_iter().find(|order| order.name == name);
    PossibleValuesParser::new(ORDERS.map(|order| order.name))
        .try_map(move |name| named(name).ok_or("no such order"))
}

impl Default for SortArguments {
    fn default() -> Self {
        SortArguments { order: ORDERS[0] }
    }
}

/// What to measure, how long, and where to keep it: the flags of `run` and of a bench target.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct RunArguments {
    /// A scenario: a name of `list scenarios`, or the path of a .toml file. The default is core
    #[arg(value_name = "SCENARIO")]
    pub(crate) scenario: Option<String>,
    #[command(flatten)]
    pub(crate) select: SelectArguments,
    #[command(flatten)]
    pub(crate) sizes: SizeArguments,
    /// Keep the workers to this many processors, and the server to another one if one is left
    #[arg(long, value_name = "N", value_parser = number::<usize>(1, 4096), allow_hyphen_values = true)]
    pub(crate) cpus: Option<usize>,
    /// Rounds that count. Only a --budget adds more. The scenario says how many of them also hold the long rows
    #[arg(long, value_name = "N", value_parser = number::<u32>(1, 100_000))]
    #[arg(allow_hyphen_values = true)]
    pub(crate) rounds: Option<u32>,
    /// Launches, that is, lives of the worker processes. The rounds are spread over them. Only a --budget adds more
    #[arg(long, value_name = "N", value_parser = number::<u32>(1, 1000))]
    #[arg(allow_hyphen_values = true)]
    pub(crate) launches: Option<u32>,
    /// Add launches until every interval ends within this share of its ratio. Needs a budget: the scenario's, or --budget
    #[arg(long, value_name = "PERCENT", value_parser = quantity::<Percent>, allow_hyphen_values = true)]
    pub(crate) precision: Option<Percent>,
    /// Add no launch that would end later than this after the start, such as 5m
    #[arg(long, value_name = "TIME", value_parser = quantity::<Budget>, allow_hyphen_values = true)]
    pub(crate) budget: Option<Budget>,
    /// Add no launches, however wide the intervals are
    #[arg(long, conflicts_with_all = ["precision", "budget"])]
    pub(crate) no_precision: bool,
    /// Measure even if that waits for more than ten minutes
    #[arg(short, long)]
    pub(crate) yes: bool,
    /// Do not measure timers and clients first
    #[arg(long)]
    pub(crate) no_calibration: bool,
    /// Take ratios against this strategy; by default against the scenario's reference, or the first that --strategy names
    #[arg(long, value_name = "NAME")]
    pub(crate) reference: Option<String>,
    /// The core workloads at small sizes, in at most 20 seconds
    #[arg(long, conflicts_with = "scenario")]
    pub(crate) quick: bool,
    /// Go on with the run in this folder, which was interrupted. Everything else is as it was
    #[arg(long, value_name = "RUN")]
    #[arg(conflicts_with_all = ["scenario", "workloads", "strategies", "tasks", "concurrency", "workers", "latency", "compute", "numbers", "seed",
        "cpus", "rounds", "launches", "precision", "budget", "no_precision", "no_calibration", "reference", "quick", "shard"])]
    pub(crate) resume: Option<PathBuf>,
    /// Measure one part of the workloads: 2/3, or auto where the environment says which (GitLab, Slurm, Kubernetes), or auto/3.
    /// `makespan merge` joins the parts
    #[arg(long, value_name = "I/N", value_parser = quantity::<Shard>)]
    pub(crate) shard: Option<Shard>,
    /// Afterwards run each row once more with a recorder, and draw what each unit does and when (see `makespan trace`)
    #[arg(long)]
    pub(crate) trace: bool,
    /// Keep the run under this name, to compare later runs with it
    #[arg(long, value_name = "NAME", value_parser = baseline::name)]
    pub(crate) save_baseline: Option<String>,
    /// Compare with the run that was kept under this name
    #[arg(long, value_name = "NAME", value_parser = baseline::name)]
    pub(crate) baseline: Option<String>,
    #[command(flatten)]
    pub(crate) sort: SortArguments,
    /// Print summary.json instead of the tables. The folder of the run is then named on standard error
    #[arg(long)]
    pub(crate) json: bool,
    /// Parent folder of the run folder
    #[arg(long, value_name = "DIR", default_value = "results")]
    pub(crate) out: PathBuf,
    /// Measure with a build without optimisation; every row is flagged
    #[arg(long, hide = true)]
    pub(crate) allow_debug: bool,
}

/// The flags that `null` and `power` share.
#[derive(Args, Clone, Debug)]
pub(crate) struct TrialArguments {
    /// Judgements in all, with those that the folder already has
    #[arg(long, value_name = "K", default_value = "20", value_parser = number::<u32>(1, 100_000))]
    #[arg(allow_hyphen_values = true)]
    pub(crate) runs: u32,
    /// Take these strategies in turn: names or patterns, separated by commas. Repeatable
    #[arg(long = "strategy", value_name = "NAME")]
    pub(crate) strategies: Vec<String>,
    /// Keep one processor busy with another process all the time
    #[arg(long)]
    pub(crate) loaded: bool,
    /// Keep every judgement in this folder, and continue what is there. The default is a folder in results/trust
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Seed of the first judgement. Each further judgement adds 1
    #[arg(long, value_name = "N", value_parser = number::<u64>(0, 1 << 62), default_value = "1")]
    #[arg(allow_hyphen_values = true)]
    pub(crate) seed: u64,
    /// Print JSON. The folder is then named on standard error
    #[arg(long)]
    pub(crate) json: bool,
    /// Measure with a build without optimisation
    #[arg(long, hide = true)]
    pub(crate) allow_debug: bool,
}
