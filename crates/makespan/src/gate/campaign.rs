//! A trial of the gate: one commit is built several times, and its builds are compared again and again. What alarms then is known to be
//! false, or to be the delay that was put in.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use clap::Args;
use harness::{Interrupt, LoadProcess, Registry, host, store};
use model::gate::{AGAIN, BASE, GateRates, GateTrial, HEAD, Margins, Slower};
use model::{Host, Percent, Spec};

use crate::build::check_build;
use crate::exit::Exit;
use crate::flags::{SelectArguments, SizeArguments, number};
use crate::gate::looks::{Build, Looks, name};
use crate::gate::project::Project;
use crate::gate::side::Side;
use crate::lines::Lines;
use crate::{output, scenario};

/// The file of the gates, one on each line.
const GATES: &str = "gates.jsonl";

/// The flags that `gate-null` and `gate-power` share.
#[derive(Args, Clone, Debug)]
pub(crate) struct CampaignArguments {
    /// A scenario: a name of `list scenarios`, or the path of a .toml file
    #[arg(value_name = "SCENARIO", default_value = "gate-trial")]
    scenario: String,
    /// Gates in all, with those that the folder already has
    #[arg(long, value_name = "K", default_value = "20", value_parser = number::<u32>(1, 100_000))]
    #[arg(allow_hyphen_values = true)]
    pub(crate) runs: u32,
    #[command(flatten)]
    select: SelectArguments,
    /// Keep one processor busy with another process all the time
    #[arg(long)]
    loaded: bool,
    /// The commit that is built three times; by default the present one
    #[arg(long, value_name = "REV", default_value = "HEAD")]
    commit: String,
    /// Build this bench target, where the project has several that run cells
    #[arg(long, value_name = "NAME")]
    bench_target: Option<String>,
    /// Take these three executables as they are, and build nothing
    #[arg(long, value_name = "FILE,FILE,FILE", value_delimiter = ',', conflicts_with_all = ["commit", "bench_target"])]
    builds: Vec<PathBuf>,
    /// Keep every gate in this folder, and continue what is there. The default is a folder in results/trust
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Seed of the first gate. Each further gate adds 1
    #[arg(long, value_name = "N", value_parser = number::<u64>(0, 1 << 62), default_value = "1")]
    #[arg(allow_hyphen_values = true)]
    seed: u64,
    /// Print JSON. The folder is then named on standard error
    #[arg(long)]
    json: bool,
    /// Measure with a build without optimisation
    #[arg(long, hide = true)]
    allow_debug: bool,
}

/// One campaign: what all of its gates share.
pub(crate) struct Campaign<'a> {
    trial: String,
    command: String,
    registry: &'a Registry,
    arguments: &'a CampaignArguments,
    folder: PathBuf,
    spec: Spec,
    /// The rows, in the order in which they are made slower.
    rows: Vec<String>,
    /// By how much one row of the head is made slower; by nothing where this is empty.
    effects: &'a [Percent],
    host: Host,
}

impl<'a> Campaign<'a> {
    pub(crate) fn new(
        registry: &'a Registry,
        command: &str,
        effects: &'a [Percent],
        arguments: &'a CampaignArguments,
    ) -> Result<Self> {
        let host = host::host();
        check_build(&host, arguments.allow_debug)?;
        let given = arguments.builds.len();
        ensure!(
            given == 0 || given == 3,
            "--builds names {given} executables; allowed are three, for the base, the head and the base again"
        );
        let trial = command.to_owned() + if arguments.loaded { "-loaded" } else { "" };
        let sizes = SizeArguments::default();
        let spec = scenario::of(registry, &arguments.scenario, &sizes, &arguments.select)?;
        let cells = registry.prepare(&spec)?;
        let able = cells
            .iter()
            .filter(|it| it.cell.unsupported.is_none() && !it.cell.calibration);
        let folder = arguments.out.clone();
        Ok(Campaign {
            folder: folder.unwrap_or_else(|| Path::new("results/trust").join(&trial)),
            trial,
            command: command.to_owned(),
            rows: able.map(name).collect(),
            registry,
            arguments,
            spec,
            effects,
            host,
        })
    }

    /// Runs the gates that are missing, and returns all of them. Each is written to the file as soon as it is over.
    pub(crate) fn gates(&self, interrupt: &Interrupt) -> Result<Vec<GateTrial>, Exit> {
        let check = |index, trial: &GateTrial| self.check(index, trial);
        let mut lines = Lines::open(&self.folder.join(GATES), check).map_err(Exit::Usage)?;
        if lines.all.len() as u32 >= self.arguments.runs {
            return Ok(lines.all);
        }
        let (commit, builds) = self.builds(interrupt)?;
        let _load = self.arguments.loaded.then(LoadProcess::start).transpose()?;
        for number in lines.all.len() as u32..self.arguments.runs {
            if interrupt.is_set() {
                break;
            }
            let start = Instant::now();
            let (seed, slower) = self.drawn(number);
            let mut builds = builds.clone();
            builds[1].slower.clone_from(&slower);
            let looks = Looks {
                registry: self.registry,
                host: self.host.clone(),
                builds,
                interrupt,
                shown: false,
            };
            let spec = Spec {
                seed,
                ..self.spec.clone()
            };
            let gate = looks.gate(spec, &Margins::default(), None)?.gate;
            if interrupt.is_set() {
                break;
            }
            let trial = GateTrial {
                trial: self.trial.clone(),
                number,
                seed,
                commit: commit.clone(),
                slower,
                rows: GateTrial::rows(&gate),
                outcome: gate.outcome(),
                elapsed_ns: start.elapsed().as_nanos() as u64,
            };
            self.say(&trial);
            lines.push(trial)?;
        }
        Ok(lines.all)
    }

    fn say(&self, trial: &GateTrial) {
        let alarms = trial.rows.iter().filter(|row| row.kind.alarms());
        let alarms: Vec<String> = alarms
            .map(|row| format!(", {} {}", row.row, row.kind.name()))
            .collect();
        let (number, all) = (trial.number + 1, self.arguments.runs);
        eprintln!("gate {number} of {all}{}", alarms.concat());
    }

    /// The seed of a gate, and the row that is made slower in it. Rows take turns, and then effects.
    fn drawn(&self, number: u32) -> (u64, Option<Slower>) {
        let index = number as usize;
        let slower = (!self.effects.is_empty()).then(|| Slower {
            row: self.rows[index % self.rows.len()].clone(),
            by: self.effects[index / self.rows.len() % self.effects.len()],
        });
        (self.arguments.seed + u64::from(number), slower)
    }

    /// Refuses a gate that this campaign would not have run in that place.
    fn check(&self, index: usize, trial: &GateTrial) -> Result<()> {
        ensure!(
            trial.trial == self.trial && trial.number as usize == index,
            "it is gate {} of the trial `{}`, not {index} of `{}`; allowed is another folder with --out",
            trial.number,
            trial.trial,
            self.trial
        );
        let (seed, slower) = self.drawn(index as u32);
        let rows: Vec<&String> = trial.rows.iter().map(|row| &row.row).collect();
        ensure!(
            trial.seed == seed
                && trial.slower == slower
                && rows == self.rows.iter().collect::<Vec<_>>(),
            "it has another seed, effect or other rows; allowed are the same flags as before, or another folder with --out"
        );
        Ok(())
    }

    /// The same commit, built in three folders.
    fn builds(&self, interrupt: &Interrupt) -> Result<(String, Vec<Build>), Exit> {
        let names = [BASE, HEAD, AGAIN];
        if !self.arguments.builds.is_empty() {
            let given = names.iter().zip(&self.arguments.builds);
            let given = given.map(|(name, path)| {
                let path = path
                    .canonicalize()
                    .with_context(|| format!("cannot find the executable {}", path.display()));
                Ok(Build::new(*name, path?))
            });
            let builds = given.collect::<Result<Vec<_>>>().map_err(Exit::Usage)?;
            return Ok(("unknown".to_owned(), builds));
        }
        let project = || -> Result<(Project, String)> {
            let folder = std::env::current_dir()?;
            let project = Project::of(&folder, self.arguments.bench_target.as_deref())?;
            let commit = project.git.commit(&self.arguments.commit)?;
            Ok((project, commit))
        };
        let (project, commit) = project().map_err(Exit::Usage)?;
        let mut builds = Vec::new();
        for name in names {
            eprintln!("makespan: building {name}");
            let built = Side::Commit(commit.clone()).build(Some(&project), name);
            // Cargo is interrupted too, and then it seems that nothing builds.
            if interrupt.is_set() {
                return Err(Exit::Interrupted);
            }
            let (executable, _) = built?;
            builds.push(Build::new(name, executable));
        }
        Ok((commit, builds))
    }

    /// Writes and prints the tables. Where the campaign was interrupted, a line says how to go on.
    pub(crate) fn conclude(&self, gates: &[GateTrial]) -> Result<(), Exit> {
        let rates = GateRates::of(gates);
        let tables = report::gate_trials(&rates, gates);
        let text =
            report::gate_trial_document(&tables, gates, &self.host, &self.typed(), &self.spec);
        store::write(&self.folder.join("README.md"), &text)?;
        if self.effects.is_empty() {
            let margins = report::json(&GateRates::margins(gates))?;
            store::write(&self.folder.join("margins.json"), &margins)?;
        }
        output::tables(&tables, &self.folder, self.arguments.json)?;
        if (gates.len() as u32) < self.arguments.runs {
            eprintln!(
                "makespan: interrupted after {} gates, all kept in {}; the same command goes on there",
                gates.len(),
                self.folder.display()
            );
            return Err(Exit::Interrupted);
        }
        Ok(())
    }

    /// The command line that makes this campaign.
    fn typed(&self) -> String {
        let arguments = self.arguments;
        let mut words = vec![format!("makespan {}", self.command)];
        if arguments.scenario != "gate-trial" {
            words.push(arguments.scenario.clone());
        }
        if !self.effects.is_empty() {
            let effects: Vec<String> = self.effects.iter().map(ToString::to_string).collect();
            words.push(format!("--effect {}", effects.join(",")));
        }
        words.push(format!("--runs {}", arguments.runs));
        words.extend(arguments.loaded.then(|| "--loaded".to_owned()));
        let select = &arguments.select;
        words.extend(
            select
                .workloads
                .iter()
                .map(|name| format!("--workload {name}")),
        );
        words.extend(
            select
                .strategies
                .iter()
                .map(|name| format!("--strategy {name}")),
        );
        if arguments.seed != 1 {
            words.push(format!("--seed {}", arguments.seed));
        }
        words.join(" ")
    }
}
