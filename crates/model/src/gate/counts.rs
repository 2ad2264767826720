//! What needs no statistics: counts that are the same in every sample.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Measurement;
use crate::gate::paired::{PairedRow, Side};

/// A count of one row in both builds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Count {
    /// What is counted, per sample.
    pub what: String,
    /// In every sample of the base.
    pub base: u64,
    /// In every sample of the head.
    pub head: u64,
}

impl Count {
    /// Whether the head has another number than the base.
    pub fn changed(&self) -> bool {
        self.head != self.base
    }
}

type Counter = fn(&Measurement) -> Option<u64>;

const COUNTERS: [(&str, Counter); 9] = [
    ("requests", |it| Some(it.witness.as_ref()?.requests)),
    ("connections opened", |it| {
        Some(it.witness.as_ref()?.connections_accepted)
    }),
    ("bytes served", |it| Some(it.witness.as_ref()?.bytes)),
    ("threads", |it| it.threads_peak),
    ("waits of threads", |it| Some(it.switches_voluntary)),
    ("allocations", |it| it.allocations),
    ("allocated bytes", |it| it.allocated_bytes),
    ("read calls", |it| it.read_syscalls),
    ("write calls", |it| it.write_syscalls),
];

/// The counts that are exact in both builds: the same in each of at least [`LEAST`] samples. Whatever differs between two samples of
/// one build says nothing without statistics, and is left out.
pub(crate) fn counts(row: &PairedRow) -> Vec<Count> {
    let exact = |(what, of): &(&str, Counter)| {
        Some(Count {
            what: (*what).to_owned(),
            base: always(&row.base, *of)?,
            head: always(&row.head, *of)?,
        })
    };
    COUNTERS.iter().filter_map(exact).collect()
}

/// Fewer samples could be alike by chance.
const LEAST: usize = 6;

fn always(side: &Side, of: Counter) -> Option<u64> {
    let mut values = side.kept.values().map(|it| of(it));
    let first = values.next()??;
    let same = values.all(|value| value == Some(first));
    (same && side.kept.len() >= LEAST).then_some(first)
}
