//! How a gate is measured: all rows once, and what alarms once more.

use std::path::{Path, PathBuf};

use anyhow::Context;
use harness::{Interrupt, Job, Prepared, Registry, RunFolder, fit};
use model::gate::{Gate, GateRow, Margins, Slower};
use model::{Host, Recorded, Spec};

use crate::exit::Exit;
use crate::progress::Progress;

/// A build, and what its rows are called.
#[derive(Clone, Debug)]
pub(crate) struct Build {
    pub(crate) name: String,
    pub(crate) executable: PathBuf,
    /// A row of it whose waits are made longer, to see whether that is found.
    pub(crate) slower: Option<Slower>,
}

impl Build {
    /// A build as it is.
    pub(crate) fn new(name: impl Into<String>, executable: PathBuf) -> Build {
        Build {
            name: name.into(),
            executable,
            slower: None,
        }
    }
}

/// What all looks of a gate share.
pub(crate) struct Looks<'a> {
    pub(crate) registry: &'a Registry,
    pub(crate) host: Host,
    pub(crate) builds: Vec<Build>,
    pub(crate) interrupt: &'a Interrupt,
    /// Whether progress is shown.
    pub(crate) shown: bool,
}

/// What a gate found, and where its samples are kept, if they are.
pub(crate) struct Gated {
    pub(crate) gate: Gate,
    pub(crate) folder: Option<RunFolder>,
}

/// What was measured at one look.
struct Look {
    recorded: Recorded,
    folder: Option<RunFolder>,
}

impl Looks<'_> {
    /// Measures all rows, then once more those that alarm, and judges. Samples are kept in a new folder below `parent`, if one is named.
    pub(crate) fn gate(
        &self,
        spec: Spec,
        margins: &Margins,
        parent: Option<&Path>,
    ) -> Result<Gated, Exit> {
        let first = self.take(spec.clone(), parent, None)?;
        let mut gate = Gate::judge(&first.recorded, None, margins);
        let alarmed: Vec<&GateRow> = gate.to_confirm().collect();
        if !alarmed.is_empty() && !self.interrupt.is_set() {
            if self.shown {
                let names: Vec<_> = alarmed.iter().map(|row| row.name()).collect();
                eprintln!("makespan: measured again: {}", names.join(", "));
            }
            let below = first.folder.as_ref().map(RunFolder::path);
            let second = self.take(again(spec), below, Some(&alarmed))?;
            // What was interrupted is no second look.
            if !self.interrupt.is_set() {
                gate = Gate::judge(&first.recorded, Some(&second.recorded), margins);
            }
        }
        Ok(Gated {
            gate,
            folder: first.folder,
        })
    }

    /// Measures all rows, or only these.
    fn take(
        &self,
        spec: Spec,
        parent: Option<&Path>,
        only: Option<&[&GateRow]>,
    ) -> Result<Look, Exit> {
        let mut cells = self.cells(&spec, only)?;
        fit::apply(&mut cells, &self.host.computer.limits).map_err(Exit::Usage)?;
        let create = |parent| RunFolder::create(parent, &self.host, &spec);
        let mut folder = parent.map(create).transpose().map_err(Exit::Usage)?;
        let mut job = Job {
            host: self.host.clone(),
            spec,
            cells,
        };
        let plan = job.plan_balanced(self.interrupt);
        let mut progress = self.shown.then(|| Progress::new(&plan, &job.cells));
        let journal = folder.as_mut().map(|folder| &mut folder.journal);
        let measured = job.measure(&plan, self.interrupt, journal, &mut |event| {
            if let Some(progress) = &mut progress {
                progress.tell(event);
            }
        });
        if let Some(progress) = progress {
            progress.finish();
        }
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
    pub(crate) fn cells(
        &self,
        spec: &Spec,
        only: Option<&[&GateRow]>,
    ) -> anyhow::Result<Vec<Prepared>> {
        let is = |row: &GateRow, prepared: &Prepared| {
            let cell = &prepared.cell;
            row.workload == cell.workload && cell.row.is(&row.strategy)
        };
        let wanted = |cell: &Prepared| only.is_none_or(|rows| rows.iter().any(|row| is(row, cell)));
        let mut all = self.registry.prepare(spec)?;
        all.retain(|cell| !cell.cell.calibration && wanted(cell));
        let mut cells = Vec::new();
        for cell in &all {
            for build in &self.builds {
                let slower = build.slower.as_ref();
                let slower = slower.filter(|it| it.row == name(cell));
                let ready = match slower {
                    Some(slower) => self.longer(spec, cell, slower)?,
                    None => cell.clone(),
                };
                cells.push(ready.in_build(&build.executable, &build.name));
            }
        }
        Ok(cells)
    }

    /// The same cell with longer waits, in the units and in the server. Its own floor would be higher: the judgement must not learn of the
    /// delay from it.
    fn longer(&self, spec: &Spec, cell: &Prepared, slower: &Slower) -> anyhow::Result<Prepared> {
        let mut longer = spec.clone();
        for load in &mut longer.workloads {
            load.latency = load.latency.times(1.0 + slower.by.share());
        }
        let all = self.registry.prepare(&longer)?;
        let found = all.into_iter().find(|it| {
            !it.cell.calibration
                && it.cell.workload == cell.cell.workload
                && it.strategy == cell.strategy
        });
        let mut found = found.with_context(|| format!("{} cannot be made slower", name(cell)))?;
        found.cell.floor = cell.cell.floor;
        Ok(found)
    }
}

/// The name of the row that a cell is in.
pub(crate) fn name(cell: &Prepared) -> String {
    model::gate::row_name(&cell.cell.workload, &cell.strategy)
}

/// The spec of the second look: other delays and orders, and twice the rounds.
fn again(spec: Spec) -> Spec {
    Spec {
        seed: (spec.seed ^ 0x5EED) & i64::MAX as u64,
        rounds: spec.rounds * 2,
        ..spec
    }
}
