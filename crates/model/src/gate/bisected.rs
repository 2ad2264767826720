//! What a bisection found: the content of `bisect.json`.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::gate::bisection::Bisection;
use crate::gate::counts::Count;
use crate::gate::judged::GateRow;
use crate::gate::kind::GateKind;
use crate::gate::look::GateLook;

/// A bisection over the versions of a crate, or over commits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Bisected {
    /// The crate; none where commits were gone over.
    pub package: Option<String>,
    /// The row.
    pub row: String,
    /// What was gone over, in order. Everything is compared with the first.
    pub steps: Vec<BisectStep>,
    /// Where the change lies; none where the last step does not alarm against the first.
    pub culprit: Option<Change>,
    /// How long each build took, in nanoseconds.
    pub builds_ns: Vec<u64>,
}

/// One version or commit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BisectStep {
    /// What it is called.
    pub name: String,
    /// Every comparison with the first step.
    pub tests: Vec<BisectTest>,
    /// Why it could not be compared, if it could not.
    pub left_out: Option<String>,
    /// How probable it is that it is the first that is slower, or has another count; none before anything was compared.
    pub probability: Option<f64>,
}

/// One comparison.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BisectTest {
    /// What the gate said.
    pub kind: GateKind,
    /// What it measured last.
    pub look: GateLook,
    /// Exact counts that differ.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<Count>,
}

/// Where the change lies.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// The last step before it that was not left out.
    pub before: String,
    /// The first step that is slower, or has another count. Where steps before it were left out, the change may lie in them.
    pub first: String,
    /// How sure that is, from 0 to 1.
    pub probability: f64,
    /// Whether that is as sure as was asked for.
    pub is_sure: bool,
    /// Steps whose results do not fit: the history may go up and down.
    pub against: Vec<String>,
}

impl Bisected {
    /// Before anything is compared.
    pub fn new(package: Option<String>, row: String, steps: impl Iterator<Item = String>) -> Self {
        let step = |name| BisectStep {
            name,
            tests: Vec::new(),
            left_out: None,
            probability: None,
        };
        Bisected {
            package,
            row,
            steps: steps.map(step).collect(),
            culprit: None,
            builds_ns: Vec::new(),
        }
    }

    /// How many comparisons were made.
    pub fn tests(&self) -> usize {
        self.steps.iter().map(|step| step.tests.len()).sum()
    }

    /// A step was compared.
    pub fn saw(&mut self, step: usize, row: &GateRow) {
        let Some(look) = row.looks.last() else {
            return;
        };
        let changed = row.counts.iter().filter(|count| count.changed());
        self.steps[step].tests.push(BisectTest {
            kind: row.kind,
            look: look.clone(),
            changed: changed.cloned().collect(),
        });
    }

    /// A step cannot be compared.
    pub fn left_out(&mut self, step: usize, reason: &str) {
        self.steps[step].left_out = Some(reason.to_owned());
    }

    /// Takes over what the search knows.
    pub fn conclude(&mut self, search: &Bisection, builds: &[Duration]) {
        self.builds_ns = builds.iter().map(|it| it.as_nanos() as u64).collect();
        let last = self.steps.last().and_then(|step| step.tests.first());
        if last.is_none_or(|test| !test.kind.alarms()) {
            return;
        }
        for (step, probability) in self.steps[1..].iter_mut().zip(search.probabilities()) {
            step.probability = Some(probability);
        }
        let name = |version: usize| self.steps[version + 1].name.clone();
        self.culprit = search.culprit().map(|culprit| Change {
            before: self.steps[culprit.from].name.clone(),
            first: name(culprit.to),
            probability: culprit.probability,
            is_sure: search.is_sure(),
            against: search.contradictions().into_iter().map(name).collect(),
        });
    }
}
