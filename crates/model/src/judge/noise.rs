//! The A/A pair of a workload: what differs where nothing does.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Ratio, Row};

/// One row that is measured as two, in two processes. Whatever differs is noise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Noise {
    /// The row.
    #[serde(rename = "strategy")]
    pub row: Row,
    /// Its second entry.
    pub twin: Row,
    /// Makespan of the second over that of the first.
    pub ratio: Ratio,
    /// How far the interval of that ratio reaches from 1, as a share of 1: the noise floor. Null where there is no interval.
    pub floor: Option<f64>,
}

impl Noise {
    pub(crate) fn new(row: &Row, twin: &Row, ratio: Ratio) -> Self {
        let reach = |end: f64| end.ln().abs();
        let floor = ratio.low.zip(ratio.high);
        Noise {
            row: row.clone(),
            twin: twin.clone(),
            floor: floor.map(|(low, high)| reach(low).max(reach(high)).exp() - 1.0),
            ratio,
        }
    }

    /// The noise floor as a logarithm.
    pub(crate) fn log(&self) -> Option<f64> {
        self.floor.map(f64::ln_1p)
    }
}
