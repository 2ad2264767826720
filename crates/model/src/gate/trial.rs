//! Trials of the gate: builds of which the truth is known are judged again and again.

use serde::{Deserialize, Serialize};

use crate::Percent;
use crate::gate::counts::Count;
use crate::gate::judged::{Gate, GateRow, Outcome};
use crate::gate::kind::GateKind;
use crate::gate::look::GateLook;
use crate::gate::margins::{Margins, highest};
use crate::statistics::{clopper_pearson, median, median_interval, standard_deviation};

/// One whole gate of a trial. A line of `gates.jsonl`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GateTrial {
    /// What was tried: gates of different trials are never counted together.
    pub trial: String,
    /// Its number, from 0.
    pub number: u32,
    /// What its delays, bodies and orders were drawn from.
    pub seed: u64,
    /// The commit that every side is built from.
    pub commit: String,
    /// The row whose head really waits longer, if one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slower: Option<Slower>,
    /// What was said of each row.
    pub rows: Vec<TrialRow>,
    /// What the exit code would say.
    pub outcome: Outcome,
    /// How long it took, with the second look if there was one.
    pub elapsed_ns: u64,
}

/// A row of the head whose waits really last longer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slower {
    /// The name of the row.
    pub row: String,
    /// By how much.
    pub by: Percent,
}

/// What was said of one row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrialRow {
    /// The name of the row.
    pub row: String,
    /// What followed.
    pub kind: GateKind,
    /// The looks at it.
    pub looks: Vec<GateLook>,
    /// Exact counts that differ.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<Count>,
    /// Why it could not be judged, if it could not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl TrialRow {
    /// What a trial keeps of a row.
    pub fn of(row: &GateRow) -> TrialRow {
        let changed = row.counts.iter().filter(|count| count.changed());
        TrialRow {
            row: row.name(),
            kind: row.kind,
            looks: row.looks.clone(),
            changed: changed.cloned().collect(),
            reason: row.reason.clone(),
        }
    }
}

/// How often something happened.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Often {
    /// So often.
    pub hits: u64,
    /// Out of so many.
    pub trials: u64,
    /// 95 % interval of the rate (Clopper and Pearson, Biometrika 1934).
    pub interval: (f64, f64),
}

impl Often {
    fn of(hits: usize, trials: usize) -> Often {
        let (hits, trials) = (hits as u64, trials as u64);
        Often {
            hits,
            trials,
            interval: clopper_pearson(hits, trials, 0.95),
        }
    }
}

/// What trials of the gate say together.
#[derive(Clone, Debug, PartialEq)]
pub struct GateRates {
    /// Gates in which a row alarmed that was not made slower.
    pub false_alarms: Often,
    /// Gates in which such a row alarmed at the first look. Most of these alarms do not come again.
    pub first_alarms: Often,
    /// Gates with a row in which the base differed from itself.
    pub void: Often,
    /// Gates with a row that has no result.
    pub failed: Often,
    /// Gates whose slower row alarmed, by how much slower it was.
    pub found: Vec<(Percent, Often)>,
    /// By row.
    pub rows: Vec<RowRate>,
}

/// One row in all trials.
#[derive(Clone, Debug, PartialEq)]
pub struct RowRate {
    /// Its name.
    pub row: String,
    /// Gates that have ratios of it in which the head is not slower.
    pub gates: u64,
    /// Median over the gates of head over base, with its 95 % interval. What is left of 1 is between the two builds: noise has no
    /// side.
    pub head: Option<(f64, f64, f64)>,
    /// The same of the second build of the base.
    pub again: Option<(f64, f64, f64)>,
    /// Standard deviation over the gates of the logarithm of head over base.
    pub spread: Option<f64>,
    /// 99th percentile over the gates of how far such a ratio is from 1, of both comparisons.
    pub differs: Option<f64>,
    /// The slower heads of this row that alarmed, by how much slower they were.
    pub found: Vec<(Percent, Often)>,
}

impl GateRates {
    /// Counts.
    pub fn of(trials: &[GateTrial]) -> GateRates {
        let is_slower = |trial: &GateTrial, row: &TrialRow| {
            let slower = trial.slower.as_ref();
            slower.is_some_and(|slower| slower.row == row.row)
        };
        let often = |is: &dyn Fn(&TrialRow) -> bool| {
            let any = |trial: &&GateTrial| {
                let rows = trial.rows.iter();
                rows.filter(|row| !is_slower(trial, row)).any(is)
            };
            Often::of(trials.iter().filter(any).count(), trials.len())
        };
        let first = |row: &TrialRow| row.looks.first().is_some_and(|look| look.alarms);
        let mut names: Vec<&str> = Vec::new();
        for row in trials.iter().flat_map(|trial| &trial.rows) {
            if !names.contains(&row.row.as_str()) {
                names.push(&row.row);
            }
        }
        GateRates {
            false_alarms: often(&|row| row.kind.alarms()),
            first_alarms: often(&first),
            void: often(&|row| row.kind == GateKind::Void),
            failed: often(&|row| row.reason.is_some()),
            found: found(trials, None),
            rows: names.iter().map(|name| RowRate::of(trials, name)).collect(),
        }
    }

    /// The margins that follow from the differences between equal builds.
    pub fn margins(trials: &[GateTrial]) -> Margins {
        let mut margins = Margins::default();
        for row in GateRates::of(trials).rows {
            margins.set(&row.row, &differences(trials, &row.row));
        }
        margins
    }
}

impl RowRate {
    fn of(trials: &[GateTrial], name: &str) -> RowRate {
        let looks = || first_looks(trials, name);
        let heads: Vec<f64> = looks().map(|look| look.ratio.ln()).collect();
        let again = looks().filter_map(|look| look.again_ratio);
        let again: Vec<f64> = again.map(f64::ln).collect();
        RowRate {
            row: name.to_owned(),
            gates: heads.len() as u64,
            head: centre(&heads),
            again: centre(&again),
            spread: standard_deviation(&heads),
            differs: highest(&differences(trials, name)),
            found: found(trials, Some(name)),
        }
    }
}

/// The first looks at a row, where its head is not slower.
fn first_looks<'a>(trials: &'a [GateTrial], name: &'a str) -> impl Iterator<Item = &'a GateLook> {
    let equal = trials.iter().filter(move |trial| {
        let slower = trial.slower.as_ref();
        slower.is_none_or(|slower| slower.row != name)
    });
    let rows = equal.flat_map(|trial| &trial.rows);
    rows.filter(move |row| row.row == name)
        .filter_map(|row| row.looks.first())
}

/// How far ratios of equal builds were from 1, in logarithms without their sign.
fn differences(trials: &[GateTrial], name: &str) -> Vec<f64> {
    let ratios = first_looks(trials, name)
        .flat_map(|look| [Some(look.ratio), look.again_ratio].into_iter().flatten());
    ratios.map(|ratio| ratio.ln().abs()).collect()
}

fn centre(logs: &[f64]) -> Option<(f64, f64, f64)> {
    let (low, high) = median_interval(logs, 0.95)?;
    Some((median(logs)?.exp(), low.exp(), high.exp()))
}

/// How often a slower row alarmed, by how much slower it was: of one row, or of all.
fn found(trials: &[GateTrial], name: Option<&str>) -> Vec<(Percent, Often)> {
    let mut effects: Vec<(Percent, usize, usize)> = Vec::new();
    for trial in trials {
        let Some(slower) = &trial.slower else {
            continue;
        };
        if name.is_some_and(|name| name != slower.row) {
            continue;
        }
        let at = effects.iter().position(|effect| effect.0 == slower.by);
        let at = at.unwrap_or_else(|| {
            effects.push((slower.by, 0, 0));
            effects.len() - 1
        });
        let alarmed = trial
            .rows
            .iter()
            .any(|row| row.row == slower.row && row.kind == GateKind::Regressed);
        effects[at].1 += usize::from(alarmed);
        effects[at].2 += 1;
    }
    effects.sort_by_key(|effect| effect.0);
    let often = effects.into_iter();
    often
        .map(|(by, hits, all)| (by, Often::of(hits, all)))
        .collect()
}

impl GateTrial {
    /// What a trial keeps of a gate.
    pub fn rows(gate: &Gate) -> Vec<TrialRow> {
        gate.rows.iter().map(TrialRow::of).collect()
    }
}
