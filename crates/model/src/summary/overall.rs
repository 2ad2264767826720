//! Rows over all workloads.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{CellSummary, Outcome, Row};

/// How rows stand over several workloads, by those that all of them share: a mean over different workloads would compare nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Overall {
    /// The workloads.
    pub workloads: Vec<String>,
    /// Rows with a result in each of them, the best first.
    pub rows: Vec<OverallRow>,
    /// Rows without a result in at least one of them.
    pub left_out: Vec<Row>,
}

/// One row over all workloads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OverallRow {
    /// The row.
    #[serde(rename = "strategy")]
    pub row: Row,
    /// Geometric mean over the workloads of its ratio to the best row of each; 1 is the best in all.
    pub geometric_mean: f64,
    /// The largest of these ratios.
    pub worst: f64,
    /// Where it has that.
    pub worst_in: String,
}

impl Overall {
    /// `None` below two workloads or two rows that are in all of them.
    pub(crate) fn of(cells: &[CellSummary]) -> Option<Self> {
        let counts = |cell: &&CellSummary| {
            cell.outcome == Outcome::Measured
                && cell.row.twin_of().is_none()
                && cell.ratio.is_some()
        };
        let cells: Vec<&CellSummary> = cells.iter().filter(counts).collect();
        let workloads = distinct(cells.iter().map(|cell| &cell.workload));
        let rows = distinct(cells.iter().map(|cell| &cell.row));
        let ratio = |row: &Row, workload: &str| {
            let here = |cell: &&&CellSummary| cell.row == *row && cell.workload == workload;
            Some(cells.iter().find(here)?.ratio.as_ref()?.estimate)
        };
        let ratios = |row: &Row| -> Option<Vec<f64>> {
            workloads
                .iter()
                .map(|workload| ratio(row, workload))
                .collect()
        };
        let (shared, left_out): (Vec<_>, Vec<_>) = rows
            .into_iter()
            .map(|row| (ratios(&row), row))
            .partition(|(ratios, _)| ratios.is_some());
        if workloads.len() < 2 || shared.len() < 2 {
            return None;
        }
        let best = |index: usize| {
            let here = shared
                .iter()
                .filter_map(|(ratios, _)| Some(ratios.as_ref()?[index]));
            here.fold(f64::INFINITY, f64::min)
        };
        let best: Vec<f64> = (0..workloads.len()).map(best).collect();
        let ranked = |(ratios, row): &(Option<Vec<f64>>, Row)| {
            let times = ratios
                .iter()
                .flatten()
                .zip(&best)
                .map(|(ratio, best)| ratio / best);
            let times: Vec<f64> = times.collect();
            let worst = (0..times.len()).max_by(|a, b| times[*a].total_cmp(&times[*b]))?;
            let logs: f64 = times.iter().map(|times| times.ln()).sum();
            Some(OverallRow {
                row: row.clone(),
                geometric_mean: (logs / times.len() as f64).exp(),
                worst: times[worst],
                worst_in: workloads[worst].clone(),
            })
        };
        let mut rows: Vec<OverallRow> = shared.iter().filter_map(ranked).collect();
        rows.sort_by(|a, b| a.geometric_mean.total_cmp(&b.geometric_mean));
        Some(Overall {
            workloads,
            rows,
            left_out: left_out.into_iter().map(|(_, row)| row).collect(),
        })
    }
}

/// Each value once, in the order of its first appearance.
fn distinct<'a, T: PartialEq + Clone + 'a>(values: impl Iterator<Item = &'a T>) -> Vec<T> {
    let mut distinct = Vec::new();
    for value in values {
        if !distinct.contains(value) {
            distinct.push(value.clone());
        }
    }
    distinct
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Ratio, fixtures};

    fn cell(workload: &str, strategy: &str, estimate: f64) -> CellSummary {
        let blank = fixtures::cell(strategy);
        let mut cell = fixtures::summary(&[blank], &[]).cells[0].clone();
        cell.workload = workload.into();
        cell.outcome = Outcome::Measured;
        cell.ratio = Some(Ratio {
            estimate,
            low: None,
            high: None,
            reference: crate::fixtures::row("sequential"),
            pairs: 9,
        });
        cell
    }

    #[test]
    fn rows_are_ordered_by_their_mean_distance_from_the_best() {
        let mut cells = vec![
            cell("sleep", "sequential", 1.0),
            cell("sleep", "tokio", 0.1),
            cell("sleep", "smol", 0.2),
            cell("get", "sequential", 1.0),
            cell("get", "tokio", 0.5),
            cell("get", "smol", 0.25),
            // Only in one of them, and best there.
            cell("get", "threads", 0.01),
        ];
        let overall = Overall::of(&cells).unwrap();
        assert_eq!(overall.left_out, [Row::plain("threads")]);
        let rows: Vec<_> = overall
            .rows
            .iter()
            .map(|row| (row.row.to_string(), row.geometric_mean, row.worst))
            .collect();
        // Twice the best in one workload and the best in the other: the root of two.
        let root = 2f64.sqrt();
        assert_eq!(rows.len(), 3);
        assert!(
            rows[..2]
                .iter()
                .all(|(_, mean, worst)| (mean - root).abs() < 1e-12 && (worst - 2.0).abs() < 1e-12),
            "{rows:?}"
        );
        assert_eq!(rows[2].0, "sequential");
        assert_eq!(overall.rows[2].worst_in, "sleep");
        // What is entered a second time is no row of its own, and one workload is no several.
        cells[1].row.arm = crate::Arm::Twin(2);
        assert!(
            Overall::of(&cells)
                .unwrap()
                .rows
                .iter()
                .all(|row| row.row.strategy != "tokio")
        );
        assert_eq!(Overall::of(&cells[3..]), None);
    }
}
