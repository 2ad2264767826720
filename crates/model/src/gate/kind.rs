//! What a gate says of a row.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What follows for one row.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum GateKind {
    /// The head is slower by more than the margin, twice measured.
    Regressed,
    /// The head has another number of something that is the same in every sample of a build, twice measured.
    Changed,
    /// The head has no result where the base has one.
    Failed,
    /// Two builds of the base differ too: nothing can be said of the head.
    Void,
    /// The interval reaches beyond the margin, so a slowdown can neither be told nor excluded.
    Inconclusive,
    /// The base does not have this row.
    New,
    /// The head is faster by more than the margin.
    Improved,
    /// A slowdown beyond the margin is excluded.
    Clean,
}

impl GateKind {
    /// All of them, the most important first.
    pub const ALL: [GateKind; 8] = [
        GateKind::Regressed,
        GateKind::Changed,
        GateKind::Failed,
        GateKind::Void,
        GateKind::Inconclusive,
        GateKind::New,
        GateKind::Improved,
        GateKind::Clean,
    ];

    /// Whether it is an alarm of the gate: a claim that the head is not as the base.
    pub fn alarms(self) -> bool {
        matches!(self, GateKind::Regressed | GateKind::Changed)
    }

    /// The name in files and tables.
    pub fn name(self) -> &'static str {
        match self {
            GateKind::Regressed => "regressed",
            GateKind::Changed => "changed",
            GateKind::Failed => "failed",
            GateKind::Void => "void",
            GateKind::Inconclusive => "inconclusive",
            GateKind::New => "new",
            GateKind::Improved => "improved",
            GateKind::Clean => "clean",
        }
    }
}
