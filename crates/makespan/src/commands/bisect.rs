//! Finds the version of a crate, or the commit, that made a row slower.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, ensure};
use clap::Args;
use harness::{Interrupt, Registry, RunFolder, host};
use model::Spec;
use model::gate::{BASE, Bisected, Bisection, Gate, GateKind, HEAD, Margins};

use crate::build::check_build;
use crate::exit::Exit;
use crate::flags::{SelectArguments, SizeArguments, number};
use crate::gate::looks::{Build, Looks};
use crate::gate::project::Project;
use crate::gate::published::Kinds;
use crate::gate::steps::{Step, Workshop, steps};
use crate::signal::interrupt_on_signal;
use crate::{output, scenario};

/// Find the version of a crate, or the commit, that made a row slower or changed one of its exact counts
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Go over the published versions of this crate; without it, over commits
    #[arg(long = "crate", value_name = "NAME")]
    package: Option<String>,
    /// A version, or a commit, in which the row is as it should be
    #[arg(long, value_name = "VERSION|REV")]
    good: String,
    /// A later one, in which it is slower
    #[arg(long, value_name = "VERSION|REV")]
    bad: String,
    /// The row, such as spawn/tokio
    #[arg(long, value_name = "WORKLOAD/STRATEGY")]
    cell: String,
    #[command(flatten)]
    sizes: SizeArguments,
    /// Rounds that count in each comparison
    #[arg(long, value_name = "N", default_value = "40", value_parser = number::<u32>(12, 100_000), allow_hyphen_values = true)]
    rounds: u32,
    /// Lives of the worker processes in each comparison
    #[arg(long, value_name = "N", default_value = "4", value_parser = number::<u32>(1, 1000), allow_hyphen_values = true)]
    launches: u32,
    /// Also go over versions that were withdrawn
    #[arg(long, requires = "package")]
    yanked: bool,
    /// Also go over pre-releases
    #[arg(long, requires = "package")]
    pre_releases: bool,
    /// Build this bench target, where the project has several that run cells
    #[arg(long, value_name = "NAME")]
    bench_target: Option<String>,
    /// End when the answer is this probable
    #[arg(long, value_name = "PERCENT", default_value = "95", value_parser = number::<u32>(50, 99), allow_hyphen_values = true)]
    confidence: u32,
    /// Print what was found as JSON
    #[arg(long)]
    json: bool,
    /// Parent of the run folder
    #[arg(long, value_name = "DIR", default_value = "results")]
    out: PathBuf,
    /// Measure with a build without optimisation
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
    check_build(&host::host(), arguments.allow_debug).map_err(Exit::Usage)?;
    let spec = asked(registry, arguments).map_err(Exit::Usage)?;
    let (project, steps) = project(arguments).map_err(Exit::Usage)?;
    let interrupt = interrupt_on_signal()?;
    let host = host::host();
    let folder = RunFolder::create(&arguments.out, &host, &spec).map_err(Exit::Usage)?;
    let mut search = Search {
        registry,
        arguments,
        spec,
        interrupt: &interrupt,
        workshop: Workshop::open(&project)?,
        wanted: None,
        bisection: Bisection::new(steps.len() - 1, f64::from(arguments.confidence) / 100.0),
        found: Bisected::new(
            arguments.package.clone(),
            arguments.cell.clone(),
            steps.iter().map(Step::name),
        ),
        folder,
        steps,
    };
    let found = search.carry_out();
    // What was measured is kept, however the search ended.
    search.keep()?;
    found?;
    match interrupt.is_set() {
        true => Err(Exit::Interrupted),
        false => Ok(()),
    }
}

fn project(arguments: &Arguments) -> Result<(Project, Vec<Step>)> {
    let project = Project::of(&std::env::current_dir()?, arguments.bench_target.as_deref())?;
    let kinds = Kinds {
        yanked: arguments.yanked,
        pre_releases: arguments.pre_releases,
    };
    let package = arguments.package.as_deref();
    let steps = steps(&project, package, &arguments.good, &arguments.bad, kinds)?;
    Ok((project, steps))
}

fn asked(registry: &Registry, arguments: &Arguments) -> Result<Spec> {
    let (workload, strategy) = arguments.cell.split_once('/').with_context(|| {
        format!(
            "--cell `{}` is no row; allowed is WORKLOAD/STRATEGY, such as spawn/tokio",
            arguments.cell
        )
    })?;
    let choice = SelectArguments {
        workloads: vec![workload.to_owned()],
        strategies: vec![strategy.to_owned()],
    };
    let mut spec = scenario::of(registry, "gate", &arguments.sizes, &choice)?;
    ensure!(
        spec.workloads.len() == 1 && spec.strategies.len() == 1,
        "--cell `{}` is more than one row; allowed is one workload with one size, and one strategy",
        arguments.cell
    );
    (spec.rounds, spec.long_rounds, spec.launches) =
        (arguments.rounds, arguments.rounds, arguments.launches);
    Ok(spec)
}

/// A search under way.
struct Search<'a> {
    registry: &'a Registry,
    arguments: &'a Arguments,
    spec: Spec,
    interrupt: &'a Interrupt,
    workshop: Workshop<'a>,
    bisection: Bisection,
    /// The kind of alarm that is looked for, once it is known.
    wanted: Option<GateKind>,
    found: Bisected,
    folder: RunFolder,
    /// The good one first. Those after it are counted from 0 in the bisection.
    steps: Vec<Step>,
}

impl Search<'_> {
    fn carry_out(&mut self) -> Result<(), Exit> {
        let good = self.steps[0].clone();
        let base = self.workshop.build(&good);
        if self.interrupt.is_set() {
            return Ok(());
        }
        let base = base.with_context(|| format!("--good {} does not build", good.name()))?;
        let last = self.steps.len() - 1;
        let Some(bad) = self.test(&base, last)? else {
            return match self.interrupt.is_set() {
                true => Ok(()),
                false => Err(Exit::Crash(anyhow!(
                    "--bad {} does not build or has no result, so there is nothing to look for",
                    self.steps[last].name()
                ))),
            };
        };
        if !bad.alarms() {
            eprintln!(
                "makespan: --bad {} is {} against --good {}: there is no alarm to look for",
                self.steps[last].name(),
                bad.name(),
                good.name()
            );
            return Ok(());
        }
        while let Some(next) = self.bisection.next() {
            self.test(&base, next + 1)?;
            if self.interrupt.is_set() {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Compares a step with the good one; none where it cannot be built or run, or where somebody interrupted.
    fn test(&mut self, base: &Path, at: usize) -> Result<Option<GateKind>, Exit> {
        let name = self.steps[at].name();
        let built = self.workshop.build(&self.steps[at]);
        if self.interrupt.is_set() {
            return Ok(None);
        }
        let head = match built {
            Ok(head) => head,
            Err(error) => {
                self.leave_out(at, &format!("{error:#}"));
                return Ok(None);
            }
        };
        // Each comparison has a seed of its own, or it would repeat the one before.
        let number = self.found.tests() as u64;
        let spec = Spec {
            seed: self.spec.seed.wrapping_add(number) & i64::MAX as u64,
            ..self.spec.clone()
        };
        let looks = Looks {
            registry: self.registry,
            host: host::host(),
            builds: vec![Build::new(BASE, base.to_owned()), Build::new(HEAD, head)],
            interrupt: self.interrupt,
            shown: false,
        };
        let gate = looks
            .gate(spec, &Margins::default(), Some(self.folder.path()))?
            .gate;
        if self.interrupt.is_set() {
            return Ok(None);
        }
        Ok(self.learn(at, &name, &gate))
    }

    /// What a comparison says of a step.
    fn learn(&mut self, at: usize, name: &str, gate: &Gate) -> Option<GateKind> {
        let row = gate.rows.first()?;
        let Some(look) = row.looks.last() else {
            let reason = row.reason.as_deref().unwrap_or("it has no result");
            self.leave_out(at, reason);
            return None;
        };
        eprintln!(
            "makespan: {name} is {}, {:.3} times the makespan of {}",
            row.kind.name(),
            look.ratio,
            self.steps[0].name()
        );
        self.found.saw(at, row);
        // What the bad end alarms with is what is looked for: a slowdown, or another count.
        let wanted = *self.wanted.get_or_insert(row.kind);
        match row.kind {
            kind if kind == wanted => self.bisection.saw(at - 1, true),
            GateKind::Clean | GateKind::Improved | GateKind::Changed | GateKind::Regressed => {
                self.bisection.saw(at - 1, false);
            }
            // It says nothing for either side, so the same version may be chosen again, with another seed.
            _ => self.bisection.saw_nothing(at - 1),
        }
        Some(row.kind)
    }

    fn leave_out(&mut self, at: usize, reason: &str) {
        eprintln!("makespan: {} is left out: {reason}", self.steps[at].name());
        self.found.left_out(at, reason);
        if at > 0 {
            self.bisection.leave_out(at - 1);
        }
    }

    /// Writes and prints what was found so far.
    fn keep(&mut self) -> Result<()> {
        self.found.conclude(&self.bisection, &self.workshop.took);
        let table = report::bisect(&self.found);
        self.folder.write_json("bisect.json", &self.found)?;
        self.folder.write("bisect.md", &report::markdown(&table))?;
        match self.arguments.json {
            true => output::line(report::json(&self.found)?.trim_end()),
            false => {
                output::line(report::terminal(&table, output::screen()));
                output::line(self.folder.path().display());
            }
        }
        Ok(())
    }
}
