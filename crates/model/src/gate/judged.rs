//! What follows for each row, from one look or two.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::gate::arms::row_name;
use crate::gate::counts::{Count, counts};
use crate::gate::kind::GateKind;
use crate::gate::look::{GateLook, look};
use crate::gate::margins::Margins;
use crate::gate::moved::{Moved, moved};
use crate::gate::paired::{Fate, PairedRow, paired};
use crate::{Percent, Recorded};

/// What a gate found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Gate {
    /// How much error all alarms have together.
    pub alpha: f64,
    /// Every row, in the order of the run.
    pub rows: Vec<GateRow>,
}

/// What a gate found of one row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GateRow {
    /// Name of the workload, with its swept sizes.
    pub workload: String,
    /// Name of the strategy.
    pub strategy: String,
    /// What follows.
    pub kind: GateKind,
    /// A slowdown up to this is no alarm.
    pub margin: Percent,
    /// Whether an alarm of it is told and turns nothing red.
    pub advisory: bool,
    /// What was measured: the first time, and again where it alarmed.
    pub looks: Vec<GateLook>,
    /// What is counted and not timed: each of these is the same in every sample of a build, in all looks.
    pub counts: Vec<Count>,
    /// What else differs between the builds, beside the makespan: told of rows that are not clean.
    #[serde(default)]
    pub moved: Vec<Moved>,
    /// Why it could not be judged, if it could not.
    pub reason: Option<String>,
}

impl GateRow {
    /// What the row is called, in tables and in a file of margins.
    pub fn name(&self) -> String {
        row_name(&self.workload, &self.strategy)
    }
}

/// The worst that a gate found, as its exit code has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Nothing to tell.
    Clean,
    /// A row could not be judged.
    Inconclusive,
    /// A row has no result with the head.
    Failed,
    /// A row regressed, or an exact count of it changed.
    Regressed,
}

impl Outcome {
    /// The name in files.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Clean => "clean",
            Outcome::Inconclusive => "inconclusive",
            Outcome::Failed => "failed",
            Outcome::Regressed => "regressed",
        }
    }
}

impl Gate {
    /// Judges the first measurement, and the second of those rows that alarmed in it, if that was taken.
    pub fn judge(first: &Recorded, second: Option<&Recorded>, margins: &Margins) -> Gate {
        let rows = paired(first);
        let again = second.map(paired).unwrap_or_default();
        let looks = look(&rows, margins);
        let confirmed = look(&again, margins);
        let row = |(row, first): (&PairedRow, Option<GateLook>)| {
            let margin = margins.of(row);
            let own = again.iter().zip(&confirmed);
            let second = own
                .filter(|(other, _)| other.names() == row.names())
                .find_map(|(_, look)| look.clone());
            let looks: Vec<GateLook> = first.into_iter().chain(second).collect();
            let other = again.iter().find(|other| other.names() == row.names());
            let counts = match other {
                Some(other) => in_both(counts(row), &counts(other)),
                None => counts(row),
            };
            let kind = kind(row, &looks, &counts);
            let told = matches!(
                kind,
                GateKind::Regressed | GateKind::Changed | GateKind::Improved
            );
            GateRow {
                workload: row.workload.clone(),
                strategy: row.strategy.clone(),
                moved: match told {
                    true => moved(other.unwrap_or(row)),
                    false => Vec::new(),
                },
                kind,
                margin: margin.percent,
                advisory: margin.advisory,
                reason: row.reason(),
                looks,
                counts,
            }
        };
        Gate {
            alpha: crate::ALPHA,
            rows: rows.iter().zip(looks).map(row).collect(),
        }
    }

    /// The rows that alarm at the first look: those to measure again.
    pub fn to_confirm(&self) -> impl Iterator<Item = &GateRow> {
        let slower = |row: &GateRow| row.looks.first().is_some_and(|look| look.alarms);
        let alarms = move |row: &&GateRow| slower(row) || row.counts.iter().any(Count::changed);
        self.rows.iter().filter(alarms)
    }

    /// The worst of all rows. What is advisory turns nothing red, but for exact counts, which no noise can change.
    pub fn outcome(&self) -> Outcome {
        let of = |row: &GateRow| match row.kind {
            GateKind::Regressed | GateKind::Changed => Outcome::Regressed,
            GateKind::Failed => Outcome::Failed,
            GateKind::Void | GateKind::Inconclusive => Outcome::Inconclusive,
            GateKind::New | GateKind::Improved | GateKind::Clean => Outcome::Clean,
        };
        let rows = self.rows.iter();
        let rows = rows.filter(|row| !row.advisory || row.kind == GateKind::Changed);
        rows.map(of).max().unwrap_or(Outcome::Clean)
    }
}

fn kind(row: &PairedRow, looks: &[GateLook], counts: &[Count]) -> GateKind {
    match row.fate {
        Fate::New(_) => return GateKind::New,
        Fate::Failed(_) => return GateKind::Failed,
        Fate::Incomparable(_) => return GateKind::Inconclusive,
        Fate::Measured => {}
    }
    if looks.iter().any(|look| look.again_alarms) {
        return GateKind::Void;
    }
    let Some(last) = looks.last() else {
        return GateKind::Inconclusive;
    };
    let changed = counts.iter().any(Count::changed);
    match (last.alarms, looks.len()) {
        (true, 1) => GateKind::Inconclusive,
        (true, _) => GateKind::Regressed,
        (false, 1) if changed => GateKind::Inconclusive,
        (false, _) if changed => GateKind::Changed,
        (false, _) => last.kind,
    }
}

/// Those of the counts that another look has as well, with the same numbers. What a row had by chance it does not have twice.
fn in_both(counts: Vec<Count>, others: &[Count]) -> Vec<Count> {
    let same = |count: &Count| others.contains(count);
    counts.into_iter().filter(same).collect()
}
