//! How a strategy goes about its units, as far as that explains numbers.

use serde::{Deserialize, Serialize};

/// What a strategy declares of its way of working. A rule of the [reasons](crate::REASONS) may rest on it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Manner {
    /// What all its units pass through one at a time when they run: one thread, or one task. None if there is no such thing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub funnel: Option<String>,
    /// Whether it is asynchronous and nevertheless polls a unit for the first time only when the one before has ended.
    pub awaits_each: bool,
    /// How many futures may become ready in one poll of the one task that holds all units. None if there is no such budget.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget: Option<u64>,
    /// Whether its idle threads look for work in a loop before they sleep.
    pub spins: bool,
    /// Whether it starts as many units as the limit together, and the next ones only when all of these have ended.
    pub waves: bool,
}

impl Manner {
    /// Whether nothing is declared.
    pub(crate) fn is_plain(&self) -> bool {
        *self == Manner::default()
    }
}
