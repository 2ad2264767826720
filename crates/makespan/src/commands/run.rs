//! Measures all cells of a scenario, and writes the run folder and the tables.

use anyhow::Context;
use clap::Args;
use harness::{Job, Measured, Registry, RunFolder, affinity, fit, host};
use model::{Load, Summary};

use crate::build::check_build;
use crate::exit::Exit;
use crate::flags::RunArguments;
use crate::outlook::Outlook;
use crate::programs::{self, ProgramFiles};
use crate::progress::Progress;
use crate::signal::interrupt_on_signal;
use crate::{output, scenario};

/// Compare strategies: measure all cells of a scenario and write the tables
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    #[command(flatten)]
    run: RunArguments,
}

pub(crate) fn carry_out(registry: &Registry, arguments: &Arguments) -> Result<(), Exit> {
    run(registry, &arguments.run)
}

/// The whole of `run`. A bench target does the same.
pub(crate) fn run(registry: &Registry, arguments: &RunArguments) -> Result<(), Exit> {
    let (mut job, _files) = job(registry, arguments).map_err(Exit::Usage)?;
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
    let mut measured =
        measured.with_context(|| format!("nothing was measured; the run's folder is {at}"))?;
    let summary = Summary::new(&measured.recorded);
    let unkept = keep(&folder, &summary, measured.unkept.take())?;
    print(&summary);
    if folder.path().exists() {
        output::line(&at);
    }
    say(&summary, &measured, &unkept);
    if interrupt.is_set() {
        let samples = measured.recorded.samples.len();
        let kept = match unkept.is_empty() {
            true => format!(", all kept in {at}"),
            false => String::new(),
        };
        eprintln!("makespan: interrupted after {samples} samples{kept}");
    }
    let lost = measured.failure.is_some() || !measured.server_losses.is_empty();
    if !unkept.is_empty() || lost && !interrupt.is_set() {
        Err(Exit::Rows)
    } else if interrupt.is_set() {
        Err(Exit::Interrupted)
    } else if summary.failures().next().is_some() {
        Err(Exit::Rows)
    } else {
        Ok(())
    }
}

/// Writes the files that follow from the samples. Returns why files, or samples, could not be written.
fn keep(
    folder: &RunFolder,
    summary: &Summary,
    journal: Option<anyhow::Error>,
) -> anyhow::Result<Vec<anyhow::Error>> {
    let mut unkept: Vec<_> = journal.into_iter().collect();
    unkept.extend(folder.still_there().err());
    // A folder that somebody has removed is not made again.
    if folder.path().exists() {
        let files = report::files(summary)?;
        let write = |(name, text): &(&str, String)| folder.write(name, text).err();
        unkept.extend(files.iter().filter_map(write));
    }
    Ok(unkept)
}

fn job(registry: &Registry, arguments: &RunArguments) -> anyhow::Result<(Job, ProgramFiles)> {
    let mut host = host::host();
    check_build(&host, arguments.allow_debug)?;
    let asked = scenario::of_run(registry, arguments)?;
    let mut spec = asked.spec;
    // Workloads that ask what happens take no times, so timers need no calibration.
    let asks = |load: &Load| {
        registry
            .workload(&load.name)
            .is_ok_and(|entry| entry.facts.asks)
    };
    spec.calibration &= !spec.workloads.iter().all(asks);
    spec.calibrate();
    if let Some(cpus) = spec.cpus {
        host.computer.placement = Some(affinity::keep_to(cpus)?);
    }
    harness::calibrate(registry, &mut spec)?;
    let mut cells = registry.prepare(&spec)?;
    let files = programs::find(&mut cells, asked.folder.as_deref())?;
    fit::apply(&mut cells, &host.computer.limits)?;
    let outlook = Outlook::of(&spec, &cells);
    if !arguments.yes && !asked.as_it_comes {
        outlook.check(arguments.budget)?;
    }
    let notes = asked.notes.iter().map(ToString::to_string);
    for line in notes.chain(outlook.warnings(&spec, &cells)) {
        eprintln!("makespan: {line}");
    }
    Ok((Job { host, spec, cells }, files))
}

pub(crate) fn print(summary: &Summary) {
    let width = output::width();
    for table in report::tables(summary) {
        output::line(report::terminal(&table, width));
    }
}

/// Prints what a reader must know beside the tables: failures, caveats, losses.
fn say(summary: &Summary, measured: &Measured, unkept: &[anyhow::Error]) {
    for cell in summary.failures() {
        let reason = cell.reason.as_deref().unwrap_or("for no stated reason");
        let row = format!("{}/{} failed: {reason}", cell.workload, cell.row);
        output::complain(report::one_line(&row));
    }
    for caveat in report::caveats(summary) {
        output::complain(report::one_line(&caveat.to_string()));
    }
    for (launch, reason) in &measured.server_losses {
        eprintln!(
            "makespan: rows that need the server lack samples of launch {}, which lost it: {reason}",
            launch + 1
        );
    }
    if let Some(failure) = &measured.failure {
        eprintln!("makespan: the run ended before its plan: {failure:#}");
    }
    for error in unkept {
        eprintln!("makespan: not kept: {error:#}");
    }
}
