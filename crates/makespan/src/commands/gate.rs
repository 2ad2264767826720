//! Measures two builds side by side, and says which rows of the second are slower.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use clap::Args;
use harness::{Interrupt, Job, Prepared, Registry, RunFolder, affinity, fit, host, probe};
use model::gate::{AGAIN, BASE, Gate, GateRow, HEAD, Margins, Outcome};
use model::{Plan, Recorded, Spec};

use crate::build::check_build;
use crate::exit::Exit;
use crate::flags::{RunArguments, SelectArguments, SizeArguments, number};
use crate::gate::project::Project;
use crate::gate::side::Side;
use crate::programs::{self, ProgramFiles};
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
    let asked = asked(registry, arguments).map_err(Exit::Usage)?;
    let interrupt = interrupt_on_signal()?;
    let builds = builds(arguments, &base, &head, project.as_ref());
    if interrupt.is_set() {
        return Err(Exit::Interrupted);
    }
    let builds = builds?;
    eprintln!("makespan: base is {}, head is {}", base.name(), head.name());
    let first = measure(registry, arguments, &asked, &builds, &interrupt, None)?;
    let gate = Gate::judge(&first.recorded, None, &margins);
    let alarmed: Vec<&GateRow> = gate.to_confirm().collect();
    let second = match alarmed.is_empty() || interrupt.is_set() {
        true => None,
        false => {
            let names: Vec<_> = alarmed.iter().map(|row| name(row)).collect();
            eprintln!("makespan: measured again: {}", names.join(", "));
            let again = Some((&alarmed[..], &first));
            Some(measure(
                registry, arguments, &asked, &builds, &interrupt, again,
            )?)
        }
    };
    let gate = Gate::judge(
        &first.recorded,
        second.as_ref().map(|it| &it.recorded),
        &margins,
    );
    first.folder.write_json("gate.json", &gate)?;
    say(arguments, &gate, &first)?;
    ended(arguments, &gate, &interrupt)
}

fn say(arguments: &Arguments, gate: &Gate, first: &Measured) -> Result<()> {
    let repeat = |row: &GateRow| {
        format!(
            "makespan gate {} --base {} --head {} --workload '{}' --strategy {}",
            arguments.scenario,
            first.builds[0].1.display(),
            first.builds[1].1.display(),
            row.workload,
            row.strategy
        )
    };
    let table = report::gate(gate, repeat);
    first.folder.write("gate.md", &report::markdown(&table))?;
    if arguments.json {
        output::line(serde_json::to_string_pretty(gate)?);
    } else {
        output::line(report::terminal(&table, output::width()));
        output::line(first.folder.path().display());
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

/// What was measured at one look.
struct Measured {
    recorded: Recorded,
    folder: RunFolder,
    builds: Vec<(&'static str, PathBuf)>,
}

/// The builds by their names in rows.
fn builds(
    arguments: &Arguments,
    base: &Side,
    head: &Side,
    project: Option<&Project>,
) -> Result<Vec<(&'static str, PathBuf)>> {
    if let Some(project) = project {
        fs::create_dir_all(&project.builds)
            .with_context(|| format!("cannot make {}", project.builds.display()))?;
    }
    let mut builds = vec![(BASE, base.build(project, BASE)?)];
    if arguments.again {
        builds.push((AGAIN, base.build(project, AGAIN)?));
    }
    builds.insert(1, (HEAD, head.build(project, HEAD)?));
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
fn asked(registry: &Registry, arguments: &Arguments) -> Result<scenario::Asked> {
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
    check_build(&host::host(), arguments.allow_debug)?;
    let asked = scenario::of_run(registry, &run)?;
    let program = asked.spec.programs.first();
    ensure!(
        program.is_none(),
        "program `{}` is part of no build, so a gate cannot compare it; allowed are strategies",
        program.map_or("", |program| &program.name)
    );
    Ok(asked)
}

/// Takes one look at all rows, or a second one at those that alarmed: with a new seed, and with twice the rounds.
fn measure(
    registry: &Registry,
    arguments: &Arguments,
    asked: &scenario::Asked,
    builds: &[(&'static str, PathBuf)],
    interrupt: &Interrupt,
    again: Option<(&[&GateRow], &Measured)>,
) -> Result<Measured, Exit> {
    let mut spec = asked.spec.clone();
    let mut host = host::host();
    if let Some(cpus) = spec.cpus {
        host.computer.placement = Some(affinity::keep_to(cpus).map_err(Exit::Usage)?);
    }
    if again.is_some() {
        spec.seed = (spec.seed ^ 0x5EED) & i64::MAX as u64;
        spec.rounds *= 2;
    }
    harness::calibrate(registry, &mut spec)?;
    let (cells, _files) = cells(registry, &spec, asked, builds, again.map(|it| it.0))?;
    let mut cells = cells;
    fit::apply(&mut cells, &host.computer.limits).map_err(Exit::Usage)?;
    probe(&mut cells, interrupt);
    let parent = again.map_or(arguments.out.as_path(), |(_, first)| first.folder.path());
    let mut folder = RunFolder::create(parent, &host, &spec).map_err(Exit::Usage)?;
    let names: Vec<_> = cells.iter().map(|cell| cell.cell.clone()).collect();
    let plan = Plan::balanced(&spec, &names);
    let mut progress = Progress::new(&plan, &cells);
    let job = Job { host, spec, cells };
    let measured = job.measure(&plan, interrupt, Some(&mut folder.journal), &mut |event| {
        progress.tell(event);
    });
    progress.finish();
    let measured = measured?;
    if let Some(failure) = measured.failure {
        return Err(Exit::Crash(failure));
    }
    Ok(Measured {
        recorded: measured.recorded,
        folder,
        builds: builds.to_vec(),
    })
}

/// Each cell once per build, as rows of their own.
fn cells(
    registry: &Registry,
    spec: &Spec,
    asked: &scenario::Asked,
    builds: &[(&'static str, PathBuf)],
    only: Option<&[&GateRow]>,
) -> Result<(Vec<Prepared>, ProgramFiles)> {
    let mut all = registry.prepare(spec)?;
    let wanted = |cell: &Prepared| {
        let same =
            |row: &&&GateRow| row.workload == cell.cell.workload && cell.cell.row.is(&row.strategy);
        only.is_none_or(|rows| rows.iter().any(|row| same(&row)))
    };
    all.retain(|cell| !cell.cell.calibration && wanted(cell));
    let files = programs::find(&mut all, asked.folder.as_deref())?;
    let built = |cell: &Prepared| {
        let each = builds.iter();
        each.map(|(name, path)| cell.in_build(path, name))
            .collect::<Vec<_>>()
    };
    Ok((all.iter().flat_map(built).collect(), files))
}

fn name(row: &GateRow) -> String {
    format!("{}/{}", row.workload, row.strategy)
}
