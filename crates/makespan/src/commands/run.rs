//! The main job: measure all cells of a scenario and write the tables.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context;
use harness::{RunFolder, host, limits};
use model::{Load, Summary};

use super::{interrupt_on_signal, json};
use crate::Registry;
use crate::cli::RunArguments;
use crate::exit::Exit;
use crate::job::{Job, check_build};
use crate::progress::Progress;
use crate::{output, scenario};

pub(crate) fn run(registry: &Registry, arguments: &RunArguments) -> Result<(), Exit> {
    let job = job(registry, arguments);
    let mut job =
        job.map_err(|error| Exit::Usage(scenario::located(&arguments.scenario, error)))?;
    let interrupt = interrupt_on_signal()?;
    let mut folder =
        RunFolder::create(&arguments.out, &job.host, &job.spec).map_err(Exit::Usage)?;
    let plan = job.plan(&interrupt);
    let mut progress = Progress::new(&plan, &job.cells);
    let measured = job.measure(&plan, &interrupt, Some(&mut folder.journal), &mut |event| {
        progress.tell(event);
    });
    progress.finish();
    let at = folder.path().display();
    let measured =
        measured.with_context(|| format!("nothing was measured; the run's folder is {at}"))?;
    let summary = Summary::new(&measured.recorded);
    for (name, text) in files(&summary)? {
        folder.write(name, &text)?;
    }
    print(&summary);
    output::line(&at);
    if let Some(failure) = measured.failure {
        return Err(failure
            .context(format!("{at} holds what was measured until then"))
            .into());
    }
    conclude(&summary, folder.path(), measured.recorded.samples.len())
}

fn job(registry: &Registry, arguments: &RunArguments) -> anyhow::Result<Job> {
    let host = host::host();
    check_build(&host, arguments.allow_debug)?;
    let mut spec = scenario::of_run(registry, arguments)?;
    // What happens is not a matter of how late a timer is.
    let asks = |load: &Load| {
        registry
            .workload(&load.name)
            .is_ok_and(|entry| entry.facts.asks)
    };
    spec.calibration &= !spec.workloads.iter().all(asks);
    spec.calibrate();
    let mut cells = registry.prepare(&spec)?;
    limits::apply(&mut cells, &host.limits)?;
    Ok(Job { host, spec, cells })
}

/// The files of a run that follow from its samples, by name.
pub(crate) fn files(summary: &Summary) -> anyhow::Result<[(&'static str, String); 3]> {
    Ok([
        ("summary.json", json(summary)?),
        ("summary.csv", report::csv(summary)?),
        ("README.md", report::document(summary)),
    ])
}

pub(crate) fn print(summary: &Summary) {
    let width = output::width();
    for table in report::tables(summary) {
        output::line(report::terminal(&table, width));
    }
}

fn conclude(summary: &Summary, folder: &Path, samples: usize) -> Result<(), Exit> {
    for cell in summary.failures() {
        let reason = cell.reason.as_deref().unwrap_or("for no stated reason");
        let row = format!("{}/{} failed: {reason}", cell.workload, cell.strategy);
        output::complain(report::one_line(&row));
    }
    for line in caveats(summary) {
        output::complain(report::one_line(&line));
    }
    if summary.interrupted {
        eprintln!(
            "makespan: interrupted after {samples} samples, all kept in {}",
            folder.display()
        );
        return Err(Exit::Interrupted);
    }
    if summary.failures().next().is_some() {
        Err(Exit::Rows)
    } else {
        Ok(())
    }
}

/// What to know before quoting the run: the flags of whole workloads, and which rows have which.
fn caveats(summary: &Summary) -> Vec<String> {
    let mut caveats = Vec::new();
    for workload in &summary.workloads {
        let of = |flag| format!("{}: {flag}", workload.workload);
        caveats.extend(workload.flags.iter().map(of));
    }
    let mut rows: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for cell in &summary.cells {
        for flag in &cell.flags {
            let rows = rows.entry((&cell.workload, &flag.text)).or_default();
            rows.push(&cell.strategy);
        }
    }
    let of = |((label, text), rows): ((&str, &str), Vec<&str>)| {
        format!("{label}: {text}: {}", rows.join(", "))
    };
    caveats.extend(rows.into_iter().map(of));
    caveats
}
