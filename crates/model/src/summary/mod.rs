//! What is known after a run: `summary.json`, from the lines of `samples.jsonl` and nothing else.

pub(crate) mod axis;
pub(crate) mod bend;
pub(crate) mod calibration;
pub(crate) mod cell;
pub(crate) mod explained;
pub(crate) mod floors;
pub(crate) mod launch;
pub(crate) mod observed;
pub(crate) mod overall;
pub(crate) mod parallel;
pub(crate) mod quantiles;
pub(crate) mod series;
pub(crate) mod slope;
pub(crate) mod workload;

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::judge::disturbed::Disturbed;
use crate::judge::doubt;
use crate::judge::suspicion::spoilt;
use crate::judge::{Found, Judged, Makespans};
use crate::record::conditions::usual_spin;
use crate::statistics::{mean, median};
use crate::summary::calibration::calibration;
use crate::summary::cell::{NOT_REACHED, measured, row};
use crate::summary::explained::Explained;
use crate::summary::observed::Observed;
use crate::summary::parallel::each;
use crate::summary::series::{Compared, series};
use crate::{
    CalibrationRow, Cell, CellSummary, Conditions, End, Flag, Host, Launched, Load, Measurement,
    Outcome, Overall, Reason, Recorded, Row, SCHEMA_VERSION, Sample, Series, Spec, WorkloadSummary,
};

/// One run, cell by cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// See [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// Where and with what.
    pub host: Host,
    /// What was asked for, as run.
    pub spec: Spec,
    /// Whether the run ended before its plan did.
    pub interrupted: bool,
    /// Each time that it was interrupted and went on, with new workers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resumed: Vec<crate::Resumed>,
    /// What is wrong with the lines that this was computed from.
    pub troubles: Vec<String>,
    /// Timers and clients, as measured before the comparison.
    pub calibration: Vec<CalibrationRow>,
    /// What the rows of a workload share.
    pub workloads: Vec<WorkloadSummary>,
    /// All cells, by workload, in the order of the registry.
    pub cells: Vec<CellSummary>,
    /// Workloads over several sizes.
    pub series: Vec<Series>,
    /// Rows over all workloads; null where there are not several of both.
    pub overall: Option<Overall>,
    /// Lives of the worker processes.
    pub launches: Vec<Launched>,
}

impl Summary {
    /// Sums up a run. The order of its samples does not matter.
    pub fn new(recorded: &Recorded) -> Summary {
        let header = &recorded.header;
        let (host, spec) = (header.host.clone(), header.spec.clone());
        let (first, cells): (Vec<Cell>, Vec<Cell>) = header
            .cells
            .iter()
            .cloned()
            .partition(|cell| cell.calibration);
        let run = Run::new(recorded);
        let calibration = calibration(&spec, &first, &recorded.samples);
        let explained = Explained::new(recorded, &calibration);
        let mut rows = Vec::new();
        let mut workloads = Vec::new();
        let mut compared = Vec::new();
        // No workload knows of another, and each draws from a seed of its own.
        let groups: Vec<&[Cell]> = cells.chunk_by(|a, b| a.workload == b.workload).collect();
        for (own, workload) in each(&groups, |cells| run.workload(cells, &explained)) {
            rows.extend(own);
            if let Some((workload, rows)) = workload {
                workloads.push(workload);
                compared.push(rows);
            }
        }
        Summary {
            schema_version: SCHEMA_VERSION,
            interrupted: recorded.interrupted(),
            resumed: recorded.resumed.clone(),
            troubles: recorded.troubles.clone(),
            calibration,
            workloads,
            series: series(&spec, &rows, &compared),
            overall: Overall::of(&rows),
            launches: Launched::all(&recorded.samples),
            cells: rows,
            host,
            spec,
        }
    }

    /// What the samples of each row say beyond this, by workload.
    pub fn observed(recorded: &Recorded) -> BTreeMap<String, Vec<Observed>> {
        let run = Run::new(recorded);
        let mut workloads: BTreeMap<&str, Vec<Cell>> = BTreeMap::new();
        for cell in recorded.header.cells.iter().filter(|it| !it.calibration) {
            workloads
                .entry(&cell.workload)
                .or_default()
                .push(cell.clone());
        }
        let of_workload = |(label, cells): (&str, Vec<Cell>)| {
            let (_, _, dropped) = run.dropped(&cells);
            let counts = |sample: &&&Sample| sample.kept && !dropped.contains(&sample.round);
            let observed = |cell: &Cell| {
                let samples = run.samples_of(cell).iter().filter(counts);
                let samples: Vec<&Measurement> = samples.filter_map(|it| measured(it)).collect();
                Observed::of(cell, &samples)
            };
            (label.to_owned(), cells.iter().map(observed).collect())
        };
        workloads.into_iter().map(of_workload).collect()
    }

    /// Cells that failed; those that an interrupted run did not reach are not among them.
    pub fn failures(&self) -> impl Iterator<Item = &CellSummary> {
        let failed = |cell: &&CellSummary| cell.outcome == Outcome::Failed;
        self.cells
            .iter()
            .filter(failed)
            .filter(|cell| cell.reason.as_deref() != Some(NOT_REACHED))
    }

    /// How far the widest interval of a ratio reaches from its estimate; none where there is no ratio.
    pub fn widest(&self) -> Option<f64> {
        let ratios = self
            .cells
            .iter()
            .filter(|cell| cell.outcome == Outcome::Measured);
        let ratios = ratios.filter_map(|cell| {
            cell.ratio
                .as_ref()
                .filter(|ratio| ratio.reference != cell.row)
        });
        ratios.map(|ratio| ratio.reach()).reduce(f64::max)
    }

    /// What the rows of the workload of that label share.
    pub fn workload(&self, label: &str) -> Option<&WorkloadSummary> {
        self.workloads
            .iter()
            .find(|workload| workload.workload == label)
    }
}

/// The lines of a run, found by what they belong to.
struct Run<'a> {
    recorded: &'a Recorded,
    samples: BTreeMap<(&'a str, &'a Row), Vec<&'a Sample>>,
    blocks: BTreeMap<&'a str, Vec<&'a Conditions>>,
    usual_spin_ns: f64,
    alpha: f64,
}

impl<'a> Run<'a> {
    fn new(recorded: &'a Recorded) -> Self {
        let mut samples: BTreeMap<_, Vec<&Sample>> = BTreeMap::new();
        let mut kept = BTreeSet::new();
        for sample in &recorded.samples {
            let name = (sample.workload.as_str(), &sample.row);
            samples.entry(name).or_default().push(sample);
            if sample.kept {
                kept.insert((sample.workload.as_str(), sample.round));
            }
        }
        let mut blocks: BTreeMap<_, Vec<&Conditions>> = BTreeMap::new();
        for block in &recorded.conditions {
            if kept.contains(&(block.workload.as_str(), block.round)) {
                blocks
                    .entry(block.workload.as_str())
                    .or_default()
                    .push(block);
            }
        }
        Run {
            recorded,
            samples,
            blocks,
            usual_spin_ns: usual_spin(&recorded.conditions),
            alpha: alpha(recorded),
        }
    }

    /// The rows of one workload, and what they share; nothing where the question is what happens.
    fn workload<'c>(
        &'c self,
        cells: &'c [Cell],
        explained: &Explained,
    ) -> (Vec<CellSummary>, Option<(WorkloadSummary, Compared<'c>)>) {
        let label = cells[0].workload.as_str();
        let (disturbed, spoilt, dropped) = self.dropped(cells);
        let counts = |sample: &Sample| sample.kept && !dropped.contains(&sample.round);
        let optimised = self.recorded.header.host.build.profile != "debug";
        let interrupted = self.recorded.interrupted();
        let summed = cells
            .iter()
            .map(|cell| row(cell, self.samples_of(cell), counts, interrupted, optimised));
        let mut summed: Vec<CellSummary> = summed.collect();
        let why = cells.iter().enumerate().map(|(at, cell)| {
            let counted = self.samples_of(cell).iter().filter(|it| counts(it));
            let counted: Vec<_> = counted
                .filter_map(|it| Some((*it, measured(it)?)))
                .collect();
            explained.reasons(cell, at, &summed, &counted)
        });
        let why: Vec<Vec<Reason>> = why.collect();
        for (row, reasons) in summed.iter_mut().zip(why) {
            row.reasons = reasons;
        }
        if cells.iter().all(|cell| cell.asks) {
            return (summed, None);
        }
        let judged = self.judged(cells, &summed, |cell| {
            let walls = self.samples_of(cell).iter().filter(|sample| counts(sample));
            let walls =
                walls.filter_map(|it| Some((it.round, (it.launch, measured(it)?.wall_ns as f64))));
            walls.collect()
        });
        let pair = cells
            .iter()
            .find_map(|cell| Some((Row::plain(cell.row.twin_of()?), &cell.row)));
        let noise = pair.and_then(|(row, twin)| judged.noise(&row, twin));
        let found = judged.found(noise.as_ref());
        let over_rows = |value: fn(&Found) -> Option<f64>| -> Vec<f64> {
            found.iter().filter_map(value).collect()
        };
        let autocorrelation = mean(&over_rows(|it| it.autocorrelation));
        let p_of_launches = median(&over_rows(|it| it.p_of_launches));
        let fewest = found
            .iter()
            .filter(|it| it.verdict.is_some())
            .map(|it| it.rounds)
            .min();
        for (row, found) in judged.rows.iter().zip(found) {
            let cell = summed.iter_mut().find(|cell| cell.row == *row.row);
            let cell = cell.expect("every judged row is one of these");
            cell.flags.extend(doubt::skewed(found.skew, noise.as_ref()));
            (cell.ratio, cell.verdict, cell.tie) = (found.ratio, found.verdict, found.tie);
            cell.over_fastest = found.over_fastest;
            cell.autocorrelation = found.autocorrelation;
        }
        let rounds: BTreeSet<u32> = judged
            .rows
            .iter()
            .flat_map(|row| row.walls.keys().copied())
            .collect();
        let launches = judged
            .rows
            .iter()
            .flat_map(|row| row.walls.values().map(|(launch, _)| *launch));
        let launches = launches.collect::<BTreeSet<u32>>().len();
        let mut flags = Flag::of_workload(noise.as_ref(), &disturbed);
        flags.extend(doubt::few_launches(launches));
        flags.extend(doubt::launches_differ(p_of_launches));
        flags.extend(doubt::correlated(
            autocorrelation,
            fewest.unwrap_or_default(),
        ));
        let summary = WorkloadSummary {
            workload: label.to_owned(),
            rounds: rounds.len(),
            launches,
            autocorrelation,
            p_of_launches,
            dropped: disturbed.counts(spoilt),
            alpha: self.alpha,
            friedman: judged.friedman(),
            flags,
            noise: noise.clone(),
            computes: cells[0].computes.clone(),
            machine: disturbed.machine,
        };
        let compared = Compared {
            label,
            judged,
            noise,
        };
        (summed, Some((summary, compared)))
    }

    /// What the machine did to a workload, how many rounds were spoilt besides, and all rounds that do not count.
    fn dropped(&self, cells: &[Cell]) -> (Disturbed, usize, BTreeSet<u32>) {
        let blocks = self.blocks.get(cells[0].workload.as_str());
        let blocks = blocks.map_or(&[][..], Vec::as_slice);
        let disturbed = Disturbed::of(blocks, self.usual_spin_ns);
        let mut dropped: BTreeSet<u32> =
            disturbed.dropped.iter().map(|(round, _)| *round).collect();
        let spoilt = spoilt(cells.iter().map(|cell| self.samples_of(cell)));
        let spoilt: Vec<u32> = spoilt.difference(&dropped).copied().collect();
        dropped.extend(&spoilt);
        (disturbed, spoilt.len(), dropped)
    }

    fn samples_of<'s>(&'s self, cell: &'s Cell) -> &'s [&'a Sample] {
        let own = self.samples.get(&(cell.workload.as_str(), &cell.row));
        own.map_or(&[], Vec::as_slice)
    }

    /// The rows that have a result.
    fn judged<'c>(
        &'c self,
        cells: &'c [Cell],
        summed: &[CellSummary],
        walls: impl Fn(&'c Cell) -> BTreeMap<u32, (u32, f64)>,
    ) -> Judged<'c> {
        let measured = cells
            .iter()
            .zip(summed)
            .filter(|(_, row)| row.outcome == Outcome::Measured);
        let row = |(cell, _): (&'c Cell, _)| Makespans {
            row: &cell.row,
            walls: walls(cell),
        };
        let rows: Vec<Makespans> = measured.map(row).collect();
        let spec = &self.recorded.header.spec;
        Judged {
            reference: rows.iter().position(|row| *row.row == spec.reference),
            rows,
            alpha: self.alpha,
            seed: spec.seed,
        }
    }
}

/// The error that the verdicts of a workload may have together.
fn alpha(recorded: &Recorded) -> f64 {
    let spec = &recorded.header.spec;
    let launches = || {
        let first = |sample: &&Sample| {
            let load = |load: &&Load| load.calibration && load.label() == sample.workload;
            !spec.workloads.iter().any(|it| load(&it))
        };
        let launches = recorded
            .samples
            .iter()
            .filter(first)
            .map(|sample| sample.launch);
        launches.collect::<BTreeSet<u32>>().len()
    };
    let end = recorded.end.clone();
    end.unwrap_or_else(|| End::missing(spec.launches, launches()))
        .alpha()
}
