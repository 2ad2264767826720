//! How much slower a row may be before it alarms.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Percent;
use crate::gate::arms::row_name;
use crate::gate::paired::PairedRow;

/// The margins of rows, as the null campaign finds them. The key is `workload/strategy`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Margins {
    /// By row.
    #[serde(default)]
    pub rows: BTreeMap<String, Percent>,
}

/// How much slower one row may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Margin {
    /// A slowdown up to this is no alarm.
    pub(crate) percent: Percent,
    /// Whether its alarm turns nothing red.
    pub(crate) advisory: bool,
}

/// The margin of a row that waits. No row has less.
pub const LEAST: Percent = Percent::of_hundredths(500);

/// The margin of a row that only computes or starts things, as long as nobody has calibrated it. Such a row is advisory.
pub const UNCALIBRATED: Percent = Percent::of_hundredths(1500);

/// A row whose margin is wider than this is advisory.
pub const WIDEST: Percent = Percent::of_hundredths(2500);

impl Margins {
    /// The margin of a row: three times the 99th percentile of how much two builds of the base differed, at least [`LEAST`].
    pub fn set(&mut self, row: &str, differences: &[f64]) {
        let Some(high) = highest(differences) else {
            return;
        };
        let hundredths = (3.0 * high * 10_000.0).ceil().clamp(0.0, 100_000.0) as u32;
        let margin = Percent::of_hundredths(hundredths).max(LEAST);
        self.rows.insert(row.to_owned(), margin);
    }

    pub(crate) fn of(&self, row: &PairedRow) -> Margin {
        match self.rows.get(&row_name(&row.workload, &row.strategy)) {
            Some(percent) => Margin {
                percent: *percent.max(&LEAST),
                advisory: *percent > WIDEST,
            },
            None if row.waits => Margin {
                percent: LEAST,
                advisory: false,
            },
            None => Margin {
                percent: UNCALIBRATED,
                advisory: true,
            },
        }
    }
}

/// The 99th percentile: the smallest value that at least 99 % of all do not exceed.
pub(crate) fn highest(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = (0.99 * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.checked_sub(1)?).copied()
}
