//! What an idle unit costs in memory.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::CellSummary;
use crate::statistics::least_squares::least_squares;

/// Bytes of resident memory per unit, as the slope of a least-squares line through the peaks over the number of tasks. What a
/// process holds from the start is the same at every size, so it is not in the slope.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Slope {
    /// The strategy.
    pub strategy: String,
    /// The slope.
    pub bytes_per_unit: f64,
    /// Sizes it rests on.
    pub points: usize,
}

/// The slope of one row over its sizes; `None` with fewer than 3 of them.
pub(crate) fn slope(strategy: &str, row: &[(f64, &CellSummary)]) -> Option<Slope> {
    let points = row.iter();
    let points = points.filter_map(|(value, cell)| Some((*value, cell.rss_peak_bytes? as f64)));
    let (sizes, peaks): (Vec<f64>, Vec<f64>) = points.unzip();
    if sizes.len() < 3 {
        return None;
    }
    let (line, _) = least_squares(&[&vec![1.0; sizes.len()], &sizes], &peaks)?;
    Some(Slope {
        strategy: strategy.to_owned(),
        bytes_per_unit: line[1],
        points: sizes.len(),
    })
}
