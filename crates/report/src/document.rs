//! A run's README: what, where, the tables, and how to read them.

use model::{CellSummary, Host, Launched, Summary};

use crate::format::{duration, percent};
use crate::{all_tables, computing, markdown};

/// The whole document, in GitHub's Markdown.
pub fn document(summary: &Summary) -> String {
    let spec = &summary.spec;
    let mut text = format!("# {}, {}\n\n", spec.name, summary.host.started);
    if summary.interrupted {
        text += "**This run was interrupted: the tables hold what was measured until then.**\n\n";
    }
    for table in all_tables(summary) {
        text += &markdown(&table);
        text.push('\n');
    }
    for trouble in &summary.troubles {
        text += &format!("**{trouble}**\n\n");
    }
    text += &reading(&spec.reference);
    text += &time(summary);
    let seen = |cell: &CellSummary| cell.latencies.is_some() || cell.heartbeat.is_some();
    if summary.cells.iter().any(seen) {
        text += QUANTILES;
    }
    text += &machine(&summary.host);
    text += &format!(
        "Seed {}, {} worker threads, {} launches were planned, {} rounds ({} with the long rows) after one discarded per launch. \
         `spec.toml` is the whole specification, `samples.jsonl` every sample, from which `makespan analyze` computes all else; \
         `summary.json` and `summary.csv` have every number.\n",
        spec.seed, spec.workers, spec.launches, spec.rounds, spec.long_rounds
    );
    text
}

fn reading(reference: &str) -> String {
    format!(
        "Columns: *median* is the time until all units are done. *ratio* is that time over the one of `{reference}`: the median \
         of the ratios within rounds, with a distribution-free 95 % interval. *verdict* is at 99 % for all rows of the table \
         together: *same* within 5 % of 1, else *faster* or *slower* if the ratio excludes 1 and lies beyond the noise floor, else \
         *unclear*, with about how many more rounds would tell. Rows that share a letter under *ties* cannot be told apart. \
         *floor* is the median over the lower bound that no schedule can beat, *excess/unit* what each unit adds to it. *CPU* is \
         the median processor time of the client process, *waits* and *preempt* how often its threads gave up the processor or lost \
         it, *thr* its most threads, *memory* what it grew by, *n* the samples. A row with `#2` is another row entered again: \
         what differs between the two is noise. Each sample was checked against a computed tally and, where there is one, against \
         the server's own account.\n\n"
    )
}

const QUANTILES: &str = "*p50* and *p99* are quantiles over the observations of all samples, with a distribution-free 95 % \
    interval, and *max* is the largest; the files also have *p90*. Observations within a sample are not independent, so these intervals are a little narrow.\n\n";

/// How launches spent their time.
fn time(summary: &Summary) -> String {
    let launch = |it: &Launched| {
        let (inside, whole) = (percent(it.in_samples), duration(it.elapsed_ns));
        format!("{inside} of {whole}")
    };
    let launches: Vec<String> = summary.launches.iter().map(launch).collect();
    match launches.is_empty() {
        true => String::new(),
        false => format!(
            "Time inside samples, by launch: {}.\n\n",
            launches.join("; ")
        ),
    }
}

fn machine(host: &Host) -> String {
    let packages: Vec<_> = host
        .packages
        .iter()
        .map(|(name, version)| format!("{name} {version}"))
        .collect();
    let kernel = host.kernel.as_deref().unwrap_or("unknown kernel");
    let cpu = host.cpu.as_deref().unwrap_or("unknown processor");
    let commit = host.commit.as_deref().unwrap_or("unknown");
    let placed = computing::placed(host).map(|it| format!(" ({it})"));
    format!(
        "Machine: {} processors{}, {cpu}, {} with {kernel}. Build: {}, {}, commit {commit}. Packages: {}. \
         Absolute times hold for this machine alone.\n\n",
        host.processors,
        placed.unwrap_or_default(),
        host.system,
        host.rustc,
        host.profile,
        packages.join(", ")
    )
}
