//! A table that somebody published, beside a run of the same work here.
//!
//! Absolute numbers of two machines say nothing about each other, so each line is compared as a ratio to another line of its table.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::across::published::{Published, PublishedLine, PublishedTable, Quantity};
use crate::judge::Makespans;
use crate::statistics::median;
use crate::{Measurement, Outcome, Ratio, Recorded, Row, Sample, SampleOutcome, Summary};

/// How far a ratio may be from the published one and still be called reproduced: by this factor, to either side.
pub const TOLERANCE: f64 = 1.25;

/// What a run says of what was published.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reproduction {
    /// What was published.
    pub published: Published,
    /// The factor within which a ratio counts as reproduced.
    pub tolerance: f64,
    /// Its tables, line by line.
    pub tables: Vec<ReproducedTable>,
}

/// How many lines came out in each way. Lines that others are compared with are not counted, unless they are missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Within the tolerance.
    pub reproduced: usize,
    /// Outside of it.
    pub not: usize,
    /// On its edge.
    pub unclear: usize,
    /// Without a number here.
    pub missing: usize,
}

/// A table beside the run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReproducedTable {
    /// What it shows.
    pub title: String,
    /// Which number.
    pub quantity: Quantity,
    /// The unit of the published numbers.
    pub unit: String,
    /// The line that the others are compared with.
    pub against: String,
    /// Its lines.
    pub lines: Vec<ReproducedLine>,
}

/// A line beside the run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReproducedLine {
    /// What was measured.
    pub what: String,
    /// The published number.
    pub theirs: f64,
    /// What is taken off it.
    pub theirs_before: f64,
    /// Over that of the line that it is compared with, both without what was there before.
    pub theirs_ratio: f64,
    /// The median here, in nanoseconds or bytes; null where there is none.
    pub ours: Option<f64>,
    /// Over that line here; null where either is missing.
    pub ours_ratio: Option<Ratio>,
    /// What follows.
    pub verdict: Reproduced,
}

/// Whether a line is reproduced.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Reproduced {
    /// It is the line that the others are compared with.
    Base,
    /// The whole interval is within the tolerance of the published ratio.
    Reproduced,
    /// The whole interval is outside of it, on the same side of 1 as the published ratio.
    OtherFactor {
        /// By how many times the ratio here is the published one.
        times: f64,
    },
    /// The whole interval is outside of it, and on the other side of 1.
    OtherOrder,
    /// The whole interval is outside of it, and holds 1: no order is seen.
    NoOrder,
    /// The interval reaches over the edge of the tolerance, or there is none.
    Unclear,
    /// There is no number here.
    Missing {
        /// Why not.
        reason: String,
    },
}

impl Reproduction {
    /// Holds a run against what was published. All samples that count are used; those of two lines are paired within rounds.
    pub fn new(published: &Published, recorded: &Recorded, summary: &Summary) -> Self {
        let run = Run { recorded, summary };
        let tables = published.tables.iter().map(|table| {
            tabled(table, |line, base| {
                reproduced(line, base, table.quantity, &run)
            })
        });
        Reproduction::of(published, tables.collect())
    }

    fn of(published: &Published, tables: Vec<ReproducedTable>) -> Self {
        Reproduction {
            published: published.clone(),
            tolerance: TOLERANCE,
            tables,
        }
    }

    /// What was published, where nothing was run.
    pub fn without_a_run(published: &Published) -> Self {
        let missing = |line: &PublishedLine, base: &PublishedLine| {
            let reason = line.absent.clone();
            let reason = reason.unwrap_or_else(|| "nothing was run".to_owned());
            ReproducedLine {
                what: line.what.clone(),
                theirs: line.theirs,
                theirs_before: line.before,
                theirs_ratio: line.grown() / base.grown(),
                ours: None,
                ours_ratio: None,
                verdict: Reproduced::Missing { reason },
            }
        };
        let tables = published.tables.iter();
        Reproduction::of(
            published,
            tables.map(|table| tabled(table, missing)).collect(),
        )
    }

    /// How many lines came out in each way.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for line in self.tables.iter().flat_map(|table| &table.lines) {
            match line.verdict {
                Reproduced::Base => {}
                Reproduced::Reproduced => counts.reproduced += 1,
                Reproduced::OtherFactor { .. } | Reproduced::OtherOrder | Reproduced::NoOrder => {
                    counts.not += 1;
                }
                Reproduced::Unclear => counts.unclear += 1,
                Reproduced::Missing { .. } => counts.missing += 1,
            }
        }
        counts
    }
}

/// A table with what `told` says of each line and of the line that it is compared with.
fn tabled(
    table: &PublishedTable,
    told: impl Fn(&PublishedLine, &PublishedLine) -> ReproducedLine,
) -> ReproducedTable {
    let base = table.lines.iter().find(|it| it.what == table.against);
    let lines = table.lines.iter();
    ReproducedTable {
        title: table.title.clone(),
        quantity: table.quantity,
        unit: table.unit.clone(),
        against: table.against.clone(),
        lines: lines.map(|line| told(line, base.unwrap_or(line))).collect(),
    }
}

/// The run that is held against it.
struct Run<'a> {
    recorded: &'a Recorded,
    summary: &'a Summary,
}

fn reproduced(
    line: &PublishedLine,
    base: &PublishedLine,
    quantity: Quantity,
    run: &Run,
) -> ReproducedLine {
    let theirs_ratio = line.grown() / base.grown();
    let mut told = ReproducedLine {
        what: line.what.clone(),
        theirs: line.theirs,
        theirs_before: line.before,
        theirs_ratio,
        ours: None,
        ours_ratio: None,
        verdict: Reproduced::Base,
    };
    let own = match values(line, quantity, run) {
        Ok(own) => own,
        Err(reason) => {
            told.verdict = Reproduced::Missing { reason };
            return told;
        }
    };
    let numbers: Vec<f64> = own.by_round.values().map(|(_, value)| *value).collect();
    told.ours = median(&numbers);
    if line.what == base.what {
        return told;
    }
    let Ok(base) = values(base, quantity, run) else {
        told.verdict = Reproduced::Missing {
            reason: format!("there is no number of {}", base.what),
        };
        return told;
    };
    told.ours_ratio = own
        .makespans()
        .over(&base.makespans(), run.summary.spec.seed);
    told.verdict = verdict(theirs_ratio, told.ours_ratio.as_ref());
    told
}

/// Where an interval lies, against the published ratio.
fn verdict(theirs: f64, ours: Option<&Ratio>) -> Reproduced {
    let Some(ours) = ours else {
        let reason = "the two lines share no round".to_owned();
        return Reproduced::Missing { reason };
    };
    let Some((low, high)) = ours.low.zip(ours.high) else {
        return Reproduced::Unclear;
    };
    let (least, most) = (theirs / TOLERANCE, theirs * TOLERANCE);
    if low >= least && high <= most {
        Reproduced::Reproduced
    } else if high >= least && low <= most {
        Reproduced::Unclear
    } else if (theirs > 1.0 && low > 1.0) || (theirs < 1.0 && high < 1.0) {
        Reproduced::OtherFactor {
            times: ours.estimate / theirs,
        }
    } else if low <= 1.0 && high >= 1.0 {
        Reproduced::NoOrder
    } else {
        Reproduced::OtherOrder
    }
}

/// The numbers of one row of one workload.
struct Values {
    row: Row,
    by_round: BTreeMap<u32, (u32, f64)>,
}

impl Values {
    fn makespans(&self) -> Makespans<'_> {
        Makespans {
            row: &self.row,
            walls: self.by_round.clone(),
        }
    }
}

/// The numbers of a line, or why there are none.
fn values(line: &PublishedLine, quantity: Quantity, run: &Run) -> Result<Values, String> {
    let (Some(row), Some(workload)) = (&line.row, &line.workload) else {
        let absent = line.absent.clone();
        return Err(absent.unwrap_or_else(|| "there is no such row here".to_owned()));
    };
    let row: Row = row.parse().map_err(|error| format!("{error}"))?;
    let mut values = of_cell(&row, workload, quantity, run)?;
    if let Some(before) = &line.before_workload {
        let before = of_cell(&row, before, quantity, run)?;
        values.retain(|round, _| before.contains_key(round));
        for (round, (_, value)) in &mut values {
            *value -= before.get(round).map_or(0.0, |(_, before)| *before);
        }
        // Of what did not grow, no ratio can be taken.
        values.retain(|_, (_, value)| *value > 0.0);
    }
    match values.is_empty() {
        true => Err(format!("{workload}/{row} has no such number")),
        false => Ok(Values {
            row,
            by_round: values,
        }),
    }
}

/// The numbers of a row of a workload, by round: the launch, and the number.
fn of_cell(
    row: &Row,
    workload: &str,
    quantity: Quantity,
    run: &Run,
) -> Result<BTreeMap<u32, (u32, f64)>, String> {
    let mut cells = run.summary.cells.iter();
    let cell = cells.find(|cell| cell.row == *row && cell.workload == workload);
    match cell {
        None => return Err(format!("the run has no {workload}/{row}")),
        // What a row did before it failed is no number of it.
        Some(cell) if cell.outcome != Outcome::Measured => {
            let reason = cell.reason.clone();
            return Err(reason.unwrap_or_else(|| "it has no result".to_owned()));
        }
        Some(_) => {}
    }
    let own = |sample: &&Sample| sample.kept && sample.row == *row && sample.workload == workload;
    let number = |sample: &Sample| {
        let SampleOutcome::Measured(measured) = &sample.outcome else {
            return None;
        };
        Some((sample.round, (sample.launch, of(quantity, measured)?)))
    };
    let samples = run.recorded.samples.iter().filter(own);
    Ok(samples.filter_map(number).collect())
}

/// The number, where it is one that ratios can be taken of.
fn of(quantity: Quantity, measured: &Measurement) -> Option<f64> {
    let value = match quantity {
        Quantity::Makespan => measured.wall_ns,
        Quantity::Cpu => measured.cpu_ns,
        Quantity::Memory => measured.rss_peak_bytes?,
    };
    (value > 0).then_some(value as f64)
}

#[cfg(test)]
mod tests;
