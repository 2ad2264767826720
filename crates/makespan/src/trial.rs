//! A trial of the judgement: cells of which the truth is known are measured and judged again and again.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Result, bail, ensure};
use harness::{Interrupt, Job, LoadProcess, Prepared, Registry, fit, host, store};
use model::{Family, Host, Judgement, Row, Spec, Summary};

use crate::build::check_build;
use crate::exit::Exit;
use crate::flags::{SelectArguments, SizeArguments, TrialArguments};
use crate::lines::Lines;
use crate::{output, scenario};

/// The file of the judgements, one on each line.
const JUDGEMENTS: &str = "judgements.jsonl";

/// Makes the cells of one judgement. The spec has one strategy.
pub(crate) type MakeCells<'a> = dyn Fn(&Registry, &Spec) -> Result<Vec<Prepared>> + 'a;

/// One trial: what all of its judgements share.
pub(crate) struct Trial<'a> {
    name: String,
    registry: &'a Registry,
    arguments: &'a TrialArguments,
    folder: PathBuf,
    spec: Spec,
    host: Host,
}

impl<'a> Trial<'a> {
    pub(crate) fn new(
        registry: &'a Registry,
        name: &str,
        arguments: &'a TrialArguments,
    ) -> Result<Self> {
        let host = host::host();
        check_build(&host, arguments.allow_debug)?;
        let chosen = SelectArguments {
            workloads: Vec::new(),
            strategies: arguments.strategies.clone(),
        };
        let name = name.to_owned() + if arguments.loaded { "-loaded" } else { "" };
        let folder = arguments.out.clone();
        Ok(Trial {
            folder: folder.unwrap_or_else(|| Path::new("results/trust").join(&name)),
            spec: scenario::of(registry, "trial", &SizeArguments::default(), &chosen)?,
            registry,
            arguments,
            name,
            host,
        })
    }

    /// Makes the judgements that are missing, and returns all of them. Each is written to the file as soon as it is made.
    pub(crate) fn judgements(
        &self,
        interrupt: &Interrupt,
        cells: &MakeCells,
    ) -> Result<Vec<Judgement>, Exit> {
        let path = self.folder.join(JUDGEMENTS);
        let check = |index, judgement: &Judgement| self.check(index, judgement);
        let mut lines = Lines::open(&path, check).map_err(Exit::Usage)?;
        let _load = self.arguments.loaded.then(LoadProcess::start).transpose()?;
        for number in lines.all.len() as u32..self.arguments.runs {
            if interrupt.is_set() {
                break;
            }
            let Some(judgement) = self.judgement(number, interrupt, cells)? else {
                break;
            };
            lines.push(judgement)?;
            eprintln!("judgement {} of {}", number + 1, self.arguments.runs);
        }
        Ok(lines.all)
    }

    /// Writes and prints the tables. Where the trial was interrupted, a line says how to go on.
    pub(crate) fn conclude(
        &self,
        judgements: &[Judgement],
        tables: &[report::Table],
        command: &str,
    ) -> Result<(), Exit> {
        let text = report::trial_document(tables, judgements, &self.host, &self.typed(command));
        store::write(&self.folder.join("README.md"), &text)?;
        output::tables(tables, &self.folder, self.arguments.json)?;
        if (judgements.len() as u32) < self.arguments.runs {
            eprintln!(
                "makespan: interrupted after {} judgements, all kept in {}; the same command goes on there",
                judgements.len(),
                self.folder.display()
            );
            return Err(Exit::Interrupted);
        }
        Ok(())
    }

    /// Refuses a judgement that this trial would not have made in that place.
    fn check(&self, index: usize, judgement: &Judgement) -> Result<()> {
        ensure!(
            judgement.trial == self.name && judgement.number as usize == index,
            "it is judgement {} of the trial `{}`, not {index} of `{}`; allowed is another folder with --out",
            judgement.number,
            judgement.trial,
            self.name
        );
        let (seed, strategy) = self.drawn(index as u32);
        ensure!(
            judgement.seed == seed && judgement.strategy == strategy,
            "it judged {} with seed {}, not {strategy} with {seed}; allowed are the same --seed and --strategy, or another folder with --out",
            judgement.strategy,
            judgement.seed
        );
        Ok(())
    }

    /// The seed and the strategy of a judgement.
    fn drawn(&self, number: u32) -> (u64, &str) {
        let strategies = &self.spec.strategies;
        let strategy = &strategies[number as usize % strategies.len()];
        (self.arguments.seed + u64::from(number), strategy)
    }

    /// The command line that makes this trial.
    fn typed(&self, command: &str) -> String {
        let mut words = vec![
            command.to_owned(),
            format!("--runs {}", self.arguments.runs),
        ];
        words.extend(self.arguments.loaded.then(|| "--loaded".to_owned()));
        words.extend(
            self.arguments
                .strategies
                .iter()
                .map(|name| format!("--strategy {name}")),
        );
        if self.arguments.seed != 1 {
            words.push(format!("--seed {}", self.arguments.seed));
        }
        words.join(" ")
    }

    /// Makes one judgement; nothing if it was interrupted.
    fn judgement(
        &self,
        number: u32,
        interrupt: &Interrupt,
        cells: &MakeCells,
    ) -> Result<Option<Judgement>> {
        let start = Instant::now();
        let (seed, strategy) = self.drawn(number);
        let spec = Spec {
            seed,
            reference: Row::plain(strategy),
            anchor: strategy.to_owned(),
            strategies: vec![strategy.to_owned()],
            ..self.spec.clone()
        };
        let mut cells = cells(self.registry, &spec)?;
        fit::apply(&mut cells, &self.host.computer.limits)?;
        let mut job = Job {
            host: self.host.clone(),
            spec,
            cells,
        };
        let plan = job.plan(interrupt);
        let measured = job.measure(&plan, interrupt, None, &mut |_| {})?;
        if let Some(failure) = measured.failure {
            return Err(failure);
        }
        if let Some((_, reason)) = measured.server_losses.first() {
            bail!("the server was lost: {reason}");
        }
        if interrupt.is_set() {
            return Ok(None);
        }
        let summary = Summary::new(&measured.recorded);
        let machines = summary
            .workloads
            .iter()
            .filter_map(|it| it.machine.as_ref());
        Ok(Some(Judgement {
            trial: self.name.clone(),
            number,
            seed: job.spec.seed,
            commit: job.host.build.commit.clone(),
            strategy: strategy.to_owned(),
            rows: Judgement::rows(&summary),
            families: Family::all(&summary),
            elapsed_ns: start.elapsed().as_nanos() as u64,
            others_share: machines.filter_map(|it| it.others_share).reduce(f64::max),
        }))
    }
}
