//! Measures two builds side by side, and says which rows of the second are slower.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, ensure};
use clap::Args;
use harness::{Interrupt, Registry, RunFolder, affinity, host};
use model::gate::{AGAIN, BASE, Gate, GateRow, HEAD, Margins, Outcome, build_name};
use model::{Budget, Spec};

use crate::build::check_build;
use crate::exit::Exit;
use crate::flags::{RunArguments, SelectArguments, SizeArguments, number, quantity};
use crate::gate::budget::Time;
use crate::gate::looks::{Build, Gated, Looks};
use crate::gate::sides::{SideArguments, Sides};
use crate::gate::surfaces::SurfaceArguments;
use crate::signal::interrupt_on_signal;
use crate::{output, scenario};

/// Compare two builds: is the head slower than the base? Exits with 3 if it is
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// A scenario: a name of `list scenarios`, or the path of a .toml file
    #[arg(value_name = "SCENARIO", default_value = SCENARIO)]
    scenario: String,
    #[command(flatten)]
    sides: SideArguments,
    /// Build the base a second time, in another folder, even if that does not fit into the budget: a row in which the two differ is void
    #[arg(long)]
    again: bool,
    /// Do not build the base a second time, even if that fits
    #[arg(long, conflicts_with = "again")]
    no_again: bool,
    /// Build both sides so often, each time in another folder, and judge the mean over all pairs: what one build has by the place of its code
    /// counts less
    #[arg(long, value_name = "N", default_value = "1", value_parser = number::<usize>(1, 9), allow_hyphen_values = true)]
    builds: usize,
    #[command(flatten)]
    select: SelectArguments,
    #[command(flatten)]
    sizes: SizeArguments,
    /// Rounds that count; by default those of the scenario, or as many of them as fit into the budget
    #[arg(long, value_name = "N", value_parser = number::<u32>(6, 100_000), allow_hyphen_values = true)]
    rounds: Option<u32>,
    /// Lives of the worker processes, over which the rounds are spread
    #[arg(long, value_name = "N", value_parser = number::<u32>(1, 1000), allow_hyphen_values = true)]
    launches: Option<u32>,
    /// About how long building and the first measurement may take together. At least 12 rounds are measured in any case
    #[arg(long, value_name = "TIME", default_value = "5m", value_parser = quantity::<Budget>, allow_hyphen_values = true)]
    budget: Budget,
    /// 12 rounds, in one life of the workers, and the base is built once: to try something out
    #[arg(long, conflicts_with_all = ["rounds", "launches"])]
    quick: bool,
    /// Keep the workers to this many processors, and the server to another one if one is left
    #[arg(long, value_name = "N", value_parser = number::<usize>(1, 4096), allow_hyphen_values = true)]
    cpus: Option<usize>,
    /// How much slower rows may be: a JSON file such as {"rows": {"get/tokio": "6%"}}. gate-null writes one
    #[arg(long, value_name = "FILE")]
    margins: Option<PathBuf>,
    #[command(flatten)]
    surfaces: SurfaceArguments,
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

/// The scenario of a gate that names none.
const SCENARIO: &str = "gate";

/// The rounds and launches of --quick.
const QUICK: (u32, u32) = (12, 1);

impl Arguments {
    /// In a bench target, that target is what is built.
    pub(crate) fn of_bench(&mut self, target: &str) {
        let named = &mut self.sides.bench_target;
        named.get_or_insert_with(|| target.to_owned());
    }
}

pub(crate) fn carry_out(registry: &Registry, arguments: &Arguments) -> Result<(), Exit> {
    let time = Time::new(arguments.budget);
    let margins = margins(arguments).map_err(Exit::Usage)?;
    let sides = Sides::of(&arguments.sides).map_err(Exit::Usage)?;
    let mut host = host::host();
    check_build(&host, arguments.allow_debug).map_err(Exit::Usage)?;
    let mut spec = asked(registry, arguments).map_err(Exit::Usage)?;
    let interrupt = interrupt_on_signal()?;
    let building = Instant::now();
    let mut builds = sides.builds(arguments.builds, &interrupt)?;
    // The second build of the base takes about as long as one of the two.
    let once = building.elapsed() / (2 * arguments.builds as u32);
    // After building, which may use every processor.
    if let Some(cpus) = spec.cpus {
        host.computer.placement = Some(affinity::keep_to(cpus).map_err(Exit::Usage)?);
    }
    harness::calibrate(registry, &mut spec)?;
    if wants_again(registry, arguments, &time, once, &spec)? {
        let built = sides.base.build(sides.project.as_ref(), AGAIN);
        if interrupt.is_set() {
            return Err(Exit::Interrupted);
        }
        builds.push(Build::new(AGAIN, built?.0));
    }
    if arguments.rounds.is_none() && !arguments.quick {
        let cells = registry.prepare(&spec)?;
        spec.rounds = time.rounds(&spec, &cells, builds.len() as u32);
        spec.long_rounds = spec.rounds;
    }
    let looks = Looks {
        registry,
        host,
        builds,
        interrupt: &interrupt,
        shown: true,
    };
    let gated = looks.gate(spec, &margins, Some(&arguments.out))?;
    say(arguments, &gated, &looks.builds)?;
    ended(arguments, &gated.gate, &interrupt)
}

impl Sides {
    /// Base and head, each built so often.
    fn builds(&self, often: usize, interrupt: &Interrupt) -> Result<Vec<Build>, Exit> {
        if often > 1 && !(self.base.is_taken_out() && self.head.is_taken_out()) {
            return Err(Exit::Usage(anyhow!(
                "--builds {often}: an executable or the working tree is there once; allowed are two commits"
            )));
        }
        let mut builds = Vec::new();
        let sides = [(BASE, &self.base), (HEAD, &self.head)];
        let all = (1..=often)
            .flat_map(|number| sides.map(|(name, side)| (build_name(name, number), side)));
        for (name, side) in all {
            let built = side.build(self.project.as_ref(), &name);
            // Cargo is interrupted too, and then it seems that nothing builds.
            if interrupt.is_set() {
                return Err(Exit::Interrupted);
            }
            let (executable, what) = built?;
            eprintln!("makespan: {name} is {what}");
            builds.push(Build::new(name, executable));
        }
        if let (Some(project), Some(different)) = (&self.project, self.rustc()?) {
            let [base, head] = different;
            eprintln!(
                "makespan: {} is built by two compilers, {base} for the base and {head} for the head: what differs may be theirs",
                project.target()
            );
        }
        same_file(&builds)?;
        Ok(builds)
    }
}

/// Equal files are no experiment: two versions may be the same one, and then nothing is compared.
fn same_file(builds: &[Build]) -> Result<(), Exit> {
    let read = |build: &Build| fs::read(&build.executable);
    if let [base, head, ..] = builds
        && matches!((read(base), read(head)), (Ok(base), Ok(head)) if base == head)
    {
        eprintln!(
            "makespan: base and head are the same executable, byte for byte; what differs is noise"
        );
    }
    Ok(())
}

/// Whether the base is built a second time: if that was asked for, or if there is time for it.
fn wants_again(
    registry: &Registry,
    arguments: &Arguments,
    time: &Time,
    once: Duration,
    spec: &Spec,
) -> Result<bool> {
    if arguments.again || arguments.no_again || arguments.quick {
        return Ok(arguments.again);
    }
    if !arguments.sides.are_built() {
        return Ok(false);
    }
    let fits = time.has_third(once, spec, &registry.prepare(spec)?);
    if !fits {
        eprintln!(
            "makespan: there is no time to build the base twice in --budget {}; --again builds it all the same",
            arguments.budget
        );
    }
    Ok(fits)
}

fn say(arguments: &Arguments, gated: &Gated, builds: &[Build]) -> Result<()> {
    let scenario = match arguments.scenario.as_str() {
        SCENARIO => String::new(),
        other => format!(" {other}"),
    };
    let repeat = |row: &GateRow| {
        format!(
            "makespan gate{scenario} --base {} --head {} --workload '{}' --strategy {}",
            builds[0].executable.display(),
            builds[1].executable.display(),
            row.workload,
            row.strategy
        )
    };
    let table = report::gate(&gated.gate, repeat);
    if let Some(folder) = &gated.folder {
        folder.write_json("gate.json", &gated.gate)?;
        folder.write("gate.md", &report::markdown(&table))?;
    }
    match arguments.json {
        true => output::line(report::json(&gated.gate)?.trim_end()),
        false => output::line(report::terminal(&table, output::screen())),
    }
    let folder = gated.folder.as_ref().map(RunFolder::path);
    let told = report::Told {
        gate: &gated.gate,
        repeat: &repeat,
    };
    let outcome = gated.gate.outcome().name();
    arguments.surfaces.show(&told, folder, outcome)?;
    if let (Some(folder), false) = (folder, arguments.json) {
        output::line(folder.display());
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

fn margins(arguments: &Arguments) -> Result<Margins> {
    let Some(path) = &arguments.margins else {
        return Ok(Margins::default());
    };
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} holds no margins", path.display()))
}

/// The spec, as `run` would have it of the same flags.
fn asked(registry: &Registry, arguments: &Arguments) -> Result<Spec> {
    let (rounds, launches) = match arguments.quick {
        true => (Some(QUICK.0), Some(QUICK.1)),
        false => (arguments.rounds, arguments.launches),
    };
    let run = RunArguments {
        scenario: Some(arguments.scenario.clone()),
        select: arguments.select.clone(),
        sizes: arguments.sizes.clone(),
        cpus: arguments.cpus,
        rounds,
        launches,
        no_precision: true,
        yes: true,
        no_calibration: true,
        out: arguments.out.clone(),
        allow_debug: arguments.allow_debug,
        ..RunArguments::default()
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
