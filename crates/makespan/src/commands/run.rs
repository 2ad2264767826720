//! The main job: measure all cells of a scenario and write the tables.

use std::path::Path;

use anyhow::{Context, ensure};
use harness::{Event, Interrupt, Prepared, RunFolder, Taken, host, limits, probe};
use model::{Cell, Host, Plan, Spec, Summary};

use super::interrupt_on_signal;
use crate::Registry;
use crate::cli::RunArguments;
use crate::exit::Exit;
use crate::output;
use crate::progress::Progress;
use crate::scenario;

pub(crate) fn run(registry: &Registry, arguments: &RunArguments) -> Result<(), Exit> {
    let job = Job::new(registry, arguments);
    let mut job =
        job.map_err(|error| Exit::Usage(scenario::located(&arguments.scenario, error)))?;
    let interrupt = interrupt_on_signal()?;
    let mut folder =
        RunFolder::create(&arguments.out, &job.host, &job.spec).map_err(Exit::Usage)?;
    let plan = job.plan(&interrupt);
    let mut progress = Progress::new(&plan, &job.cells);
    let taken = harness::run(&plan, &job.cells, &interrupt, &mut |event| {
        progress.tell(&event);
        match event {
            Event::Sampled(sample) => folder.append(sample),
            _ => Ok(()),
        }
    });
    progress.finish();
    let at = folder.path().display();
    let taken = taken.with_context(|| format!("nothing was measured; the run's folder is {at}"))?;
    let summary = job.summary(&taken);
    write(&folder, &summary)?;
    print(&summary);
    output::line(&at);
    if let Some(failure) = taken.failure {
        return Err(failure
            .context(format!("{at} holds what was measured until then"))
            .into());
    }
    conclude(&summary, folder.path(), taken.samples.len())
}

/// Everything that is known before a process is started.
struct Job {
    host: Host,
    spec: Spec,
    cells: Vec<Prepared>,
}

impl Job {
    fn new(registry: &Registry, arguments: &RunArguments) -> anyhow::Result<Self> {
        let host = host::host();
        ensure!(
            host.profile != "debug" || arguments.allow_debug,
            "this is a debug build, whose times mean nothing; use `cargo bench` or `cargo run --release`"
        );
        let spec = scenario::of_run(registry, arguments)?;
        let mut cells = registry.prepare(&spec)?;
        limits::apply(&mut cells, &host.limits)?;
        Ok(Job { host, spec, cells })
    }

    /// Plans what can run here. That of programs is known only once they have been started.
    fn plan(&mut self, interrupt: &Interrupt) -> Plan {
        probe(&self.spec.programs, &mut self.cells, interrupt);
        Plan::new(&self.spec, &self.cells())
    }

    fn cells(&self) -> Vec<Cell> {
        self.cells.iter().map(|cell| cell.cell.clone()).collect()
    }

    fn summary(&self, taken: &Taken) -> Summary {
        Summary::new(
            self.host.clone(),
            self.spec.clone(),
            taken.interrupted || taken.failure.is_some(),
            &self.cells(),
            &taken.samples,
        )
    }
}

fn write(folder: &RunFolder, summary: &Summary) -> anyhow::Result<()> {
    folder.write_json("summary.json", summary)?;
    folder.write("summary.csv", &report::csv(summary)?)?;
    folder.write("README.md", &report::document(summary))
}

fn print(summary: &Summary) {
    for table in report::tables(summary) {
        output::line(format_args!("{}", report::terminal(&table)));
    }
}

fn conclude(summary: &Summary, folder: &Path, samples: usize) -> Result<(), Exit> {
    for cell in summary.failures() {
        let reason = cell.reason.as_deref().unwrap_or("for no stated reason");
        eprintln!(
            "makespan: {}/{} failed: {reason}",
            cell.workload, cell.strategy
        );
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
