//! Measures all cells of a scenario, and writes the run folder and the tables.

use anyhow::Context;
use clap::Args;
use harness::{Before, Interrupt, Job, Measured, Registry, RunFolder, affinity, fit, host, store};
use model::{Load, Plan, Recorded, Summary};
use report::Order;

use crate::build::check_build;
use crate::exit::Exit;
use crate::flags::RunArguments;
use crate::programs::{self, ProgramFiles};
use crate::progress::Progress;
use crate::runs::outlook::Outlook;
use crate::runs::shard::{self, Part, SHARD};
use crate::runs::{baseline, resume};
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
    measure(registry, arguments, &interrupt_on_signal()?)
}

/// The same, until the interrupt is set. Only one handler of signals can be installed.
pub(crate) fn measure(
    registry: &Registry,
    arguments: &RunArguments,
    interrupt: &Interrupt,
) -> Result<(), Exit> {
    let out = &arguments.out;
    // Before anything is measured: a name that does not exist would be found out too late.
    let baseline = arguments.baseline.as_deref();
    let baseline = baseline.map(|name| baseline::read(out, name)).transpose()?;
    let Some(mut begun) = begin(registry, arguments, interrupt)? else {
        eprintln!("makespan: the run is complete; there is nothing to resume");
        return Ok(());
    };
    let measured = begun.measure(interrupt);
    let folder = &begun.folder;
    let at = folder.path().display();
    let mut measured =
        measured.with_context(|| format!("nothing was measured; the run's folder is {at}"))?;
    if arguments.trace && !interrupt.is_set() {
        let timelines = begun.job.trace(interrupt)?;
        store::write_timelines(folder.path(), &timelines)?;
        measured.recorded.timelines = timelines;
    }
    let summary = Summary::new(&measured.recorded);
    let unkept = keep(folder, &summary, &measured.recorded, measured.unkept.take())?;
    match arguments.json {
        true => output::line(report::json(&summary)?.trim_end()),
        false => print(&summary, arguments.sort.order),
    }
    if let (Some(stored), Some(name)) = (baseline, &arguments.baseline) {
        baseline::compare(stored, name, (folder.path(), &summary), out)?;
    }
    if folder.path().exists() {
        output::kept_in(folder.path(), arguments.json);
    }
    say(&summary, &measured, &unkept);
    if interrupt.is_set() {
        let samples = measured.recorded.samples.len();
        let kept = match unkept.is_empty() {
            true => format!(", all kept in {at}; `makespan run --resume {at}` goes on"),
            false => String::new(),
        };
        eprintln!("makespan: interrupted after {samples} samples{kept}");
    }
    if let Some(name) = &arguments.save_baseline {
        baseline::ensure_complete(&summary)?;
        baseline::save(folder.path(), out, name)?;
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

/// A run that is about to be measured.
struct Begun {
    job: Job,
    plan: Plan,
    before: Option<Before>,
    folder: RunFolder,
    /// They go when this does.
    #[expect(dead_code, reason = "it is there to be dropped")]
    files: ProgramFiles,
}

impl Begun {
    fn measure(&mut self, interrupt: &Interrupt) -> anyhow::Result<Measured> {
        let mut progress = Progress::new(&self.plan, &self.job.cells);
        let journal = Some(&mut self.folder.journal);
        let before = self.before.as_ref();
        let measured = self
            .job
            .go_on(&self.plan, before, interrupt, journal, &mut |event| {
                progress.tell(event);
            });
        progress.finish();
        measured
    }
}

/// A new run, or one that goes on; nothing where that one is complete already.
fn begin(
    registry: &Registry,
    arguments: &RunArguments,
    interrupt: &Interrupt,
) -> Result<Option<Begun>, Exit> {
    if let Some(path) = &arguments.resume {
        check_build(&host::host(), arguments.allow_debug).map_err(Exit::Usage)?;
        let resumed = resume::open(registry, path, interrupt)?;
        return Ok(resumed.map(|it| Begun {
            job: it.job,
            plan: it.plan,
            before: Some(it.before),
            folder: it.folder,
            files: it.files,
        }));
    }
    let (mut job, part, files) = job(registry, arguments).map_err(Exit::Usage)?;
    let folder = RunFolder::create(&arguments.out, &job.host, &job.spec).map_err(Exit::Usage)?;
    if let Some(part) = &part {
        folder.write_json(SHARD, part)?;
    }
    let plan = job.plan(interrupt);
    Ok(Some(Begun {
        job,
        plan,
        before: None,
        folder,
        files,
    }))
}

/// Writes the files that follow from the samples. Returns why files, or samples, could not be written.
fn keep(
    folder: &RunFolder,
    summary: &Summary,
    recorded: &Recorded,
    journal: Option<anyhow::Error>,
) -> anyhow::Result<Vec<anyhow::Error>> {
    let mut unkept: Vec<_> = journal.into_iter().collect();
    unkept.extend(folder.still_there().err());
    // A folder that somebody has removed is not made again.
    if folder.path().exists() {
        let files = report::files(summary)?;
        let write = |(name, text): &(&str, String)| folder.write(name, text).err();
        unkept.extend(files.iter().filter_map(write));
        let pages = report::pages(summary, recorded)?;
        let write = |(name, text): &(String, String)| folder.write(name, text).err();
        unkept.extend(pages.iter().filter_map(write));
    }
    Ok(unkept)
}

fn job(
    registry: &Registry,
    arguments: &RunArguments,
) -> anyhow::Result<(Job, Option<Part>, ProgramFiles)> {
    let mut host = resume::with_executable(host::host())?;
    check_build(&host, arguments.allow_debug)?;
    let asked = scenario::of_run(registry, arguments)?;
    let mut spec = asked.spec;
    let part = part(registry, arguments, &mut spec)?;
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
    Ok((Job { host, spec, cells }, part, files))
}

/// Leaves in the spec what this machine measures of it, where several share it.
fn part(
    registry: &Registry,
    arguments: &RunArguments,
    spec: &mut model::Spec,
) -> anyhow::Result<Option<Part>> {
    let Some(shard) = arguments.shard else {
        return Ok(None);
    };
    let (index, of) = shard.numbers(|name| std::env::var(name).ok())?;
    let whole = spec.clone();
    shard::deal(spec, &registry.prepare(&whole)?, index, of);
    anyhow::ensure!(
        !spec.workloads.is_empty(),
        "shard {index} of {of} has nothing to do, because there are fewer workloads than shards; allowed are fewer shards"
    );
    let names: Vec<String> = spec.workloads.iter().map(Load::label).collect();
    eprintln!(
        "makespan: shard {index} of {of} measures {}",
        names.join(", ")
    );
    Ok(Some(Part { index, of, whole }))
}

pub(crate) fn print(summary: &Summary, order: Order) {
    let screen = output::screen();
    for table in report::tables(&order.of(summary)) {
        output::line(report::terminal(&table, screen));
    }
    for answer in report::answers(summary) {
        output::line(report::wrap("", &answer));
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
