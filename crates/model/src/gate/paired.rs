//! The samples of one row, by build and round.

use std::collections::BTreeMap;

use crate::gate::arms::{AGAIN, BASE, HEAD, further};
use crate::spec::row::Arm;
use crate::statistics::{median, standard_deviation};
use crate::{Cell, Measurement, Recorded, SampleOutcome};

/// More builds of a side are not read.
const MOST_BUILDS: usize = 100;

/// One row of a gate.
pub(crate) struct PairedRow<'a> {
    pub(crate) workload: String,
    pub(crate) strategy: String,
    /// Whether its makespan is mostly waiting.
    pub(crate) waits: bool,
    pub(crate) fate: Fate,
    pub(crate) base: Side<'a>,
    pub(crate) head: Side<'a>,
    pub(crate) again: Side<'a>,
    /// Further builds of the base and of the head, in pairs.
    pub(crate) further: Vec<[Side<'a>; 2]>,
}

/// Whether a row can be judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Both builds have results.
    Measured,
    /// The base cannot run it, for this reason.
    New(String),
    /// The head cannot, and the base can.
    Failed(String),
    /// The base has a result that does not count.
    Incomparable(String),
}

/// The measurements of one build, by round.
#[derive(Clone, Default)]
pub(crate) struct Side<'a> {
    pub(crate) kept: BTreeMap<u32, &'a Measurement>,
    /// Why there is none.
    unsupported: Option<String>,
    /// Why those that there are do not count.
    failed: Option<String>,
}

impl PairedRow<'_> {
    pub(crate) fn names(&self) -> (&str, &str) {
        (&self.workload, &self.strategy)
    }

    /// The logarithms of the head's makespans over the base's, by round. Of several builds it is their mean: what one of them has by the
    /// place of its code counts less.
    pub(crate) fn ratios(&self) -> Vec<(u32, f64)> {
        let further: Vec<BTreeMap<u32, f64>> = self.each().into_iter().skip(1).collect();
        let mean = |(round, first): (u32, f64)| {
            let others = further.iter().map(|ratios| ratios.get(&round).copied());
            let others: Option<Vec<f64>> = others.collect();
            let sum: f64 = others?.iter().sum::<f64>() + first;
            Some((round, sum / (1 + further.len()) as f64))
        };
        self.head
            .over(&self.base)
            .into_iter()
            .filter_map(mean)
            .collect()
    }

    /// How far builds differ: the standard deviation of their median log ratios. None with one build of each side.
    pub(crate) fn between(&self) -> Option<f64> {
        let medians = self.each().into_iter().map(|ratios| {
            let ratios: Vec<f64> = ratios.into_values().collect();
            median(&ratios)
        });
        standard_deviation(&medians.collect::<Option<Vec<f64>>>()?)
    }

    /// The ratios of each pair of builds.
    fn each(&self) -> Vec<BTreeMap<u32, f64>> {
        let first = self.head.over(&self.base).into_iter().collect();
        let further = self.further.iter();
        let further = further.map(|[base, head]| head.over(base).into_iter().collect());
        std::iter::once(first).chain(further).collect()
    }

    /// Why it could not be judged.
    pub(crate) fn reason(&self) -> Option<String> {
        match &self.fate {
            Fate::Measured => None,
            Fate::New(reason) | Fate::Failed(reason) | Fate::Incomparable(reason) => {
                Some(reason.clone())
            }
        }
    }
}

impl Side<'_> {
    /// The logarithms of this side's makespans over another's, by round.
    pub(crate) fn over(&self, base: &Side) -> Vec<(u32, f64)> {
        let both = self.kept.iter().filter_map(|(round, own)| {
            let base = base.kept.get(round)?;
            Some((*round, (own.wall_ns as f64 / base.wall_ns as f64).ln()))
        });
        both.filter(|(_, ratio)| ratio.is_finite()).collect()
    }
}

/// All rows that a run has of two builds, in the order of its cells.
pub(crate) fn paired(recorded: &Recorded) -> Vec<PairedRow<'_>> {
    let mut rows: Vec<PairedRow> = Vec::new();
    for cell in &recorded.header.cells {
        let Arm::Build(build) = &cell.row.arm else {
            continue;
        };
        let names = (cell.workload.as_str(), cell.row.strategy.as_str());
        let at = rows.iter().position(|row| row.names() == names);
        let at = at.unwrap_or_else(|| {
            rows.push(PairedRow {
                workload: cell.workload.clone(),
                strategy: cell.row.strategy.clone(),
                waits: waits(cell),
                fate: Fate::Measured,
                base: Side::default(),
                head: Side::default(),
                again: Side::default(),
                further: Vec::new(),
            });
            rows.len() - 1
        });
        let side = side(recorded, cell);
        match build.as_str() {
            BASE => rows[at].base = side,
            HEAD => rows[at].head = side,
            AGAIN => rows[at].again = side,
            other => {
                let number = [BASE, HEAD].map(|name| further(name, other));
                for (place, number) in number.into_iter().enumerate() {
                    if let Some(number) = number.filter(|number| *number < MOST_BUILDS) {
                        let pairs = &mut rows[at].further;
                        pairs.resize_with(pairs.len().max(number + 1), Default::default);
                        pairs[number][place] = side.clone();
                    }
                }
            }
        }
    }
    for row in &mut rows {
        row.fate = fate(row);
    }
    rows
}

/// A row waits if its bound is mostly that of its waits.
fn waits(cell: &Cell) -> bool {
    cell.floor.is_some_and(|floor| !floor.is_zero()) && cell.computes.is_none()
}

fn side<'a>(recorded: &'a Recorded, cell: &Cell) -> Side<'a> {
    let mut side = Side {
        unsupported: cell.unsupported.clone(),
        ..Side::default()
    };
    let own = recorded.samples.iter();
    for sample in own.filter(|it| it.workload == cell.workload && it.row == cell.row) {
        match &sample.outcome {
            SampleOutcome::Measured(measured) if sample.kept => {
                side.kept.insert(sample.round, measured);
            }
            SampleOutcome::Measured(_) => {}
            SampleOutcome::Refused { reason, .. } | SampleOutcome::Failed { reason } => {
                side.failed.get_or_insert_with(|| reason.clone());
            }
        }
    }
    side
}

fn fate(row: &PairedRow) -> Fate {
    for [base, head] in &row.further {
        for (side, is_head) in [(base, false), (head, true)] {
            if let Some(reason) = side.unsupported.clone().or_else(|| side.failed.clone()) {
                return match is_head {
                    true => Fate::Failed(reason),
                    false => Fate::Incomparable(format!("a build of the base failed: {reason}")),
                };
            }
        }
    }
    let of = |side: &Side| side.unsupported.clone().or_else(|| side.failed.clone());
    match (&row.base.unsupported, &row.base.failed, of(&row.head)) {
        (Some(reason), _, None) => Fate::New(reason.clone()),
        (Some(reason), _, Some(_)) => Fate::Incomparable(reason.clone()),
        (None, None, Some(reason)) => Fate::Failed(reason),
        (None, Some(reason), _) => Fate::Incomparable(format!("the base failed: {reason}")),
        (None, None, None) => Fate::Measured,
    }
}
