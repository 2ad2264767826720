//! Measures two builds side by side, and says which rows of the second are slower.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use clap::Args;
use harness::{Interrupt, Job, Prepared, Registry, RunFolder, affinity, fit, host};
use model::gate::{AGAIN, BASE, Gate, GateRow, HEAD, Margins, Outcome};
use model::{Host, Recorded, Spec};

use crate::build::check_build;
use crate::exit::Exit;
use crate::flags::{RunArguments, SelectArguments, SizeArguments, number};
use crate::gate::project::Project;
use crate::gate::side::Side;
use crate::progress::Progress;
use crate::signal::interrupt_on_signal;
use crate::{output, scenario};

/// Compare two builds: is the head slower than the base? Exits with 3 if it is
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// A scenario: a name of `list scenarios`, or the path of a .toml file
    #[arg(value_name = "SCENARIO", default_value = "gate")]
    scenario: String,
    /// What to compare with: a commit, or an executable; by default where the present commit left the default branch
    #[arg(long, value_name = "REV|FILE")]
    base: Option<String>,
    /// What to judge: a commit, or an executable; by default the working tree
    #[arg(long, value_name = "REV|FILE")]
    head: Option<String>,
    /// Build this bench target, where the project has several that run cells
    #[arg(long, value_name = "NAME")]
    bench_target: Option<String>,
    /// Also build the base a second time, in another folder: a row in which the two differ is void
    #[arg(long)]
    again: bool,
    #[command(flatten)]
    select: SelectArguments,
    #[command(flatten)]
    sizes: SizeArguments,
    /// Rounds that count
    #[arg(long, value_name = "N", value_parser = number::<u32>(6, 100_000), allow_hyphen_values = true)]
    rounds: Option<u32>,
    /// Lives of the worker processes, over which the rounds are spread
    #[arg(long, value_name = "N", value_parser = number::<u32>(1, 1000), allow_hyphen_values = true)]
    launches: Option<u32>,
    /// Keep the workers to this many processors, and the server to another one if one is left
    #[arg(long, value_name = "N", value_parser = number::<usize>(1, 4096), allow_hyphen_values = true)]
    cpus: Option<usize>,
    /// How much slower rows may be: a JSON file such as {"rows": {"get/tokio": "6%"}}
    #[arg(long, value_name = "FILE")]
    margins: Option<PathBuf>,
    /// Exit with 4 if a row could not be judged, instead of 0
    #[arg(long)]
    strict: bool,
    /// Print what was found as JSON
    #[arg(long)]
    json: bool,
    /// Parent of the run folder
    #[arg(long, value_name = "DIR", default_value = "results")]
    out: PathBuf,
    /// Measure with a build without optimisation; every row is flagged
    #[arg(long, hide = true)]
    allow_debug: bool,
}

impl Arguments {
    /// In a bench target, that target is what is built.
    pub(crate) fn of_bench(&mut self, target: &str) {
        self.bench_target.get_or_insert_with(|| target.to_owned());
    }
}

pub(crate) fn carry_out(registry: &Registry, arguments: &Arguments) -> Result<(), Exit> {
    let margins = margins(arguments).map_err(Exit::Usage)?;
    let (base, head, project) = sides(arguments).map_err(Exit::Usage)?;
    let mut host = host::host();
    check_build(&host, arguments.allow_debug).map_err(Exit::Usage)?;
    let mut spec = asked(registry, arguments).map_err(Exit::Usage)?;
    let interrupt = interrupt_on_signal()?;
    let builds = builds(arguments, &base, &head, project.as_ref());
    if interrupt.is_set() {
        return Err(Exit::Interrupted);
    }
    let builds = builds?;
    eprintln!("makespan: base is {}, head is {}", base.name(), head.name());
    // After building, which may use every processor.
    if let Some(cpus) = spec.cpus {
        host.computer.placement = Some(affinity::keep_to(cpus).map_err(Exit::Usage)?);
    }
    harness::calibrate(registry, &mut spec)?;
    let looks = Looks {
        registry,
        host,
        builds,
        interrupt,
    };
    let first = looks.take(spec.clone(), &arguments.out, None)?;
    let mut gate = Gate::judge(&first.recorded, None, &margins);
    let alarmed: Vec<&GateRow> = gate.to_confirm().collect();
    if !alarmed.is_empty() && !looks.interrupt.is_set() {
        let names: Vec<_> = alarmed.iter().map(|row| row.name()).collect();
        eprintln!("makespan: measured again: {}", names.join(", "));
        let second = looks.take(again(spec), first.folder.path(), Some(&alarmed))?;
        gate = Gate::judge(&first.recorded, Some(&second.recorded), &margins);
    }
    first.folder.write_json("gate.json", &gate)?;
    say(arguments, &gate, &first.folder, &looks.builds)?;
    ended(arguments, &gate, &looks.interrupt)
}

/// The spec of the second look: other delays and orders, and twice the rounds.
fn again(spec: Spec) -> Spec {
    Spec {
        seed: (spec.seed ^ 0x5EED) & i64::MAX as u64,
        rounds: spec.rounds * 2,
        ..spec
    }
}

fn say(arguments: &Arguments, gate: &Gate, folder: &RunFolder, builds: &[Build]) -> Result<()> {
    let repeat = |row: &GateRow| {
        format!(
            "makespan gate {} --base {} --head {} --workload '{}' --strategy {}",
            arguments.scenario,
            builds[0].1.display(),
            builds[1].1.display(),
            row.workload,
            row.strategy
        )
    };
    let table = report::gate(gate, repeat);
    folder.write("gate.md", &report::markdown(&table))?;
    if arguments.json {
        output::line(report::json(gate)?.trim_end());
    } else {
        output::line(report::terminal(&table, output::width()));
        output::line(folder.path().display());
    }
    Ok(())
}

fn ended(arguments: &Arguments, gate: &Gate, interrupt: &Interrupt) -> Result<(), Exit> {
    if interrupt.is_set() {
        return Err(Exit::Interrupted);
    }
    match gate.outcome() {
        Outcome::Regressed => Err(Exit::Regressed),
        Outcome::Failed => Err(Exit::Rows),
        Outcome::Inconclusive if arguments.strict => Err(Exit::Inconclusive),
        Outcome::Inconclusive | Outcome::Clean => Ok(()),
    }
}

/// A build, by its name in rows.
type Build = (&'static str, PathBuf);

/// The builds: base and head, then the base again where that is asked for.
fn builds(
    arguments: &Arguments,
    base: &Side,
    head: &Side,
    project: Option<&Project>,
) -> Result<Vec<Build>> {
    let mut builds = vec![
        (BASE, base.build(project, BASE)?),
        (HEAD, head.build(project, HEAD)?),
    ];
    if arguments.again {
        builds.push((AGAIN, base.build(project, AGAIN)?));
    }
    Ok(builds)
}

fn margins(arguments: &Arguments) -> Result<Margins> {
    let Some(path) = &arguments.margins else {
        return Ok(Margins::default());
    };
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} holds no margins", path.display()))
}

fn sides(arguments: &Arguments) -> Result<(Side, Side, Option<Project>)> {
    let typed = |typed: &Option<String>| typed.as_deref().and_then(Side::executable);
    if let (Some(base), Some(head)) = (typed(&arguments.base), typed(&arguments.head)) {
        differ(&base, base == head)?;
        return Ok((base, head, None));
    }
    let folder = std::env::current_dir()?;
    let project = Project::of(&folder, arguments.bench_target.as_deref())?;
    let side = |text: &str| match Side::executable(text) {
        Some(side) => Ok(side),
        None => project.git.commit(text).map(Side::Commit),
    };
    let head = arguments
        .head
        .as_deref()
        .map_or(Ok(Side::WorkingTree), side)?;
    let base = match &arguments.base {
        Some(text) => side(text)?,
        None => Side::Commit(project.git.merge_base()?),
    };
    let same = match (&base, &head) {
        (Side::Commit(base), Side::WorkingTree) => {
            *base == project.git.commit("HEAD")? && !project.git.is_dirty()?
        }
        _ => base == head,
    };
    differ(&base, same)?;
    Ok((base, head, Some(project)))
}

fn differ(base: &Side, same: bool) -> Result<()> {
    ensure!(
        !same,
        "base and head are the same: {}; --base names another one",
        base.name()
    );
    Ok(())
}

/// The spec, as `run` would have it of the same flags.
fn asked(registry: &Registry, arguments: &Arguments) -> Result<Spec> {
    let run = RunArguments {
        scenario: Some(arguments.scenario.clone()),
        select: arguments.select.clone(),
        sizes: arguments.sizes.clone(),
        cpus: arguments.cpus,
        rounds: arguments.rounds,
        launches: arguments.launches,
        precision: None,
        budget: None,
        no_precision: true,
        yes: true,
        no_calibration: true,
        reference: None,
        quick: false,
        out: arguments.out.clone(),
        allow_debug: arguments.allow_debug,
    };
    let spec = scenario::of_run(registry, &run)?.spec;
    let program = spec.programs.first();
    ensure!(
        program.is_none(),
        "program `{}` is part of no build, so a gate cannot compare it; allowed are strategies",
        program.map_or("", |program| &program.name)
    );
    Ok(spec)
}

/// What all looks of a gate share.
struct Looks<'a> {
    registry: &'a Registry,
    host: Host,
    builds: Vec<Build>,
    interrupt: Interrupt,
}

/// What was measured at one look.
struct Look {
    recorded: Recorded,
    folder: RunFolder,
}

impl Looks<'_> {
    /// Measures all rows, or only these, and keeps the samples in a new folder below `parent`.
    fn take(&self, spec: Spec, parent: &Path, only: Option<&[&GateRow]>) -> Result<Look, Exit> {
        let mut cells = self.cells(&spec, only)?;
        fit::apply(&mut cells, &self.host.computer.limits).map_err(Exit::Usage)?;
        let mut folder = RunFolder::create(parent, &self.host, &spec).map_err(Exit::Usage)?;
        let mut job = Job {
            host: self.host.clone(),
            spec,
            cells,
        };
        let plan = job.plan_balanced(&self.interrupt);
        let mut progress = Progress::new(&plan, &job.cells);
        let journal = Some(&mut folder.journal);
        let measured = job.measure(&plan, &self.interrupt, journal, &mut |event| {
            progress.tell(event);
        });
        progress.finish();
        let measured = measured?;
        match measured.failure {
            Some(failure) => Err(Exit::Crash(failure)),
            None => Ok(Look {
                recorded: measured.recorded,
                folder,
            }),
        }
    }

    /// Each cell once per build, as rows of their own.
    fn cells(&self, spec: &Spec, only: Option<&[&GateRow]>) -> Result<Vec<Prepared>> {
        let is = |row: &GateRow, prepared: &Prepared| {
            let cell = &prepared.cell;
            row.workload == cell.workload && cell.row.is(&row.strategy)
        };
        let wanted = |cell: &Prepared| only.is_none_or(|rows| rows.iter().any(|row| is(row, cell)));
        let mut all = self.registry.prepare(spec)?;
        all.retain(|cell| !cell.cell.calibration && wanted(cell));
        let cells = all.iter().flat_map(|cell| {
            let builds = self.builds.iter();
            builds.map(|(name, path)| cell.in_build(path, name))
        });
        Ok(cells.collect())
    }
}
