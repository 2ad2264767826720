//! Whether a build is slower than another one: base against head, row by row, in one run.
//!
//! Each row is entered once per build: `tokio@base` and `tokio@head` meet the same server, round by round, in a balanced order. A third
//! entry, `tokio@again`, is the base built a second time, in another folder: it shows what only differs between two builds of the same
//! sources. [`Gate::judge`] says what follows. A row that alarms is measured again in fresh workers; only what alarms twice is
//! [regressed](GateKind::Regressed).
//!
//! The test is the sign test of the median log ratio against the margin of the row, with Holm's adjustment over all rows at
//! [`ALPHA`](crate::ALPHA). So, if rounds are independent, a gate of unchanged rows alarms with a chance of at most 1 %, and the second
//! measurement can only lower that.

mod arms;
mod counts;
mod kind;
mod look;
mod margins;
mod paired;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use arms::name;
pub use arms::{AGAIN, BASE, HEAD};
pub use counts::Count;
pub use kind::GateKind;
pub use look::GateLook;
pub use margins::{LEAST, Margins, UNCALIBRATED, WIDEST};

use crate::gate::counts::counts;
use crate::gate::look::look;
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
    /// What is counted and not timed: each of these is the same in every sample of a build.
    pub counts: Vec<Count>,
    /// Why it could not be judged, if it could not.
    pub reason: Option<String>,
}

impl GateRow {
    /// What the row is called, in tables and in a file of margins.
    pub fn name(&self) -> String {
        name(&self.workload, &self.strategy)
    }
}

/// The worst that a gate found, as its exit code has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Nothing to tell.
    Clean,
    /// A row could not be judged.
    Inconclusive,
    /// A row has no result with the head.
    Failed,
    /// A row regressed.
    Regressed,
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
            let counts = counts(row);
            GateRow {
                workload: row.workload.clone(),
                strategy: row.strategy.clone(),
                kind: kind(row, &looks, &counts),
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
        let alarms = |row: &&GateRow| row.looks.first().is_some_and(|look| look.alarms);
        self.rows.iter().filter(alarms)
    }

    /// The worst of all rows that are not advisory.
    pub fn outcome(&self) -> Outcome {
        let of = |row: &GateRow| match row.kind {
            GateKind::Regressed => Outcome::Regressed,
            GateKind::Failed => Outcome::Failed,
            GateKind::Void | GateKind::Inconclusive => Outcome::Inconclusive,
            GateKind::New | GateKind::Improved | GateKind::Clean => Outcome::Clean,
        };
        let rows = self.rows.iter().filter(|row| !row.advisory);
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
    if counts.iter().any(Count::grew) {
        return GateKind::Regressed;
    }
    let Some(last) = looks.last() else {
        return GateKind::Inconclusive;
    };
    match (last.alarms, looks.len()) {
        (true, 1) => GateKind::Inconclusive,
        (true, _) => GateKind::Regressed,
        (false, _) => last.kind,
    }
}

#[cfg(test)]
mod tests;
