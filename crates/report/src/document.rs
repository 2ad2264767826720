//! A run's README: what, where, the tables, and how to read them.

use model::{CellSummary, Host, Summary};

use crate::{all_tables, markdown};

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
    text += &reading(&spec.reference);
    let seen = |cell: &CellSummary| cell.latencies.is_some() || cell.heartbeat.is_some();
    if summary.cells.iter().any(seen) {
        text += QUANTILES;
    }
    text += &machine(&summary.host);
    text += &format!(
        "Seed {}, {} worker threads, {} launches, {} rounds ({} with the long rows) after one discarded per launch. \
         `spec.toml` is the whole specification, `samples.jsonl` every sample, `summary.json` and `summary.csv` every number.\n",
        spec.seed, spec.workers, spec.launches, spec.rounds, spec.long_rounds
    );
    text
}

fn reading(reference: &str) -> String {
    format!(
        "Columns: *median* is the time until all units are done. *ratio* is that time over the one of `{reference}`: the median \
         of the ratios within rounds, with a distribution-free 95 % interval. *floor* is the median over the lower bound that \
         no schedule can beat. *CPU* is the median processor time of the client process, *thr* its most threads, *n* the \
         samples. Each sample was checked against a computed tally and, where there is one, against the server's own account.\n\n"
    )
}

const QUANTILES: &str = "*p50*, *p90* and *p99* are quantiles over the observations of all samples, with a distribution-free 95 % \
    interval; *max* is the largest. Observations within a sample are not independent, so these intervals are a little narrow.\n\n";

fn machine(host: &Host) -> String {
    let packages: Vec<_> = host
        .packages
        .iter()
        .map(|(name, version)| format!("{name} {version}"))
        .collect();
    let kernel = host.kernel.as_deref().unwrap_or("unknown kernel");
    let cpu = host.cpu.as_deref().unwrap_or("unknown processor");
    let commit = host.commit.as_deref().unwrap_or("unknown");
    format!(
        "Machine: {} processors, {cpu}, {} with {kernel}. Build: {}, {}, commit {commit}. Packages: {}. \
         Absolute times hold for this machine alone.\n\n",
        host.processors,
        host.system,
        host.rustc,
        host.profile,
        packages.join(", ")
    )
}
