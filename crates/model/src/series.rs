//! One workload over several sizes: where rows change places, and what one unit more costs in memory.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::axis::{Axis, throughput};
use crate::statistics::{Usl, usl};
use crate::{CellSummary, Outcome, Spec};

/// A workload whose loads differ in one size.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Series {
    /// Name of the workload, with the other sizes that are swept: each of their values has a series of its own.
    pub workload: String,
    /// The size that differs.
    pub parameter: String,
    /// Its values in rising order, a time in milliseconds (of a latency the median), with the labels of their workloads.
    pub points: Vec<Point>,
    /// Rows against the reference.
    pub crossovers: Vec<Crossover>,
    /// What one unit more costs, where the number of tasks differs.
    pub slopes: Vec<Slope>,
    /// How throughput grows, where the number of units in flight differs.
    pub scaling: Vec<Scaling>,
}

/// One size of a series.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Point {
    /// The size.
    pub value: f64,
    /// The workload's label, as in the cells.
    pub label: String,
}

/// Where a strategy and the reference change places.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Crossover {
    /// The strategy.
    pub strategy: String,
    /// What it is compared with.
    pub reference: String,
    /// How they stand.
    pub place: Place,
    /// The size at which the ratio is 1, between two measured ones by a straight line through their logarithms.
    pub at: Option<f64>,
    /// The measured sizes around it whose intervals exclude 1 on either side; null where none does.
    pub between: Option<(f64, f64)>,
}

/// How a strategy and the reference stand over a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// It has the shorter makespan at every size.
    AlwaysFaster,
    /// It has the longer one at every size.
    AlwaysSlower,
    /// It becomes faster as the size grows.
    BecomesFaster,
    /// It becomes slower as the size grows.
    BecomesSlower,
    /// It changes places more than once, or there are too few sizes.
    Unclear,
}

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

/// How a strategy's throughput grows with the units in flight: the Universal Scalability Law, fitted to its medians.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Scaling {
    /// The strategy.
    pub strategy: String,
    /// The law's parameters.
    pub law: Usl,
}

/// All series of a run.
pub(crate) fn series(spec: &Spec, cells: &[CellSummary]) -> Vec<Series> {
    let mut all: Vec<Series> = Vec::new();
    for load in &spec.workloads {
        let Some(axis) = Axis::of(load) else {
            continue;
        };
        let point = Point {
            value: axis.value,
            label: load.label(),
        };
        let same = |series: &&mut Series| {
            series.workload == axis.workload && series.parameter == axis.parameter
        };
        match all.iter_mut().find(same) {
            Some(series) => series.points.push(point),
            None => all.push(Series {
                workload: axis.workload,
                parameter: axis.parameter,
                points: vec![point],
                crossovers: Vec::new(),
                slopes: Vec::new(),
                scaling: Vec::new(),
            }),
        }
    }
    for series in &mut all {
        series.points.sort_by(|a, b| a.value.total_cmp(&b.value));
        for strategy in &spec.strategies {
            let cell = |point: &Point| {
                cells.iter().find(|cell| {
                    cell.workload == point.label
                        && cell.strategy == *strategy
                        && cell.outcome == Outcome::Measured
                })
            };
            let row: Vec<_> = series
                .points
                .iter()
                .filter_map(|point| Some((point.value, cell(point)?)))
                .collect();
            if *strategy != spec.reference {
                series
                    .crossovers
                    .extend(crossover(strategy, &spec.reference, &row));
            }
            if series.parameter == "concurrency" {
                let law = usl(&throughput(&row, &spec.workloads));
                series.scaling.extend(law.map(|law| Scaling {
                    strategy: strategy.clone(),
                    law,
                }));
            }
            if series.parameter == "tasks" {
                series.slopes.extend(slope(strategy, &row));
            }
        }
    }
    all
}

fn crossover(strategy: &str, reference: &str, row: &[(f64, &CellSummary)]) -> Option<Crossover> {
    let ratios: Vec<_> = row
        .iter()
        .filter_map(|(value, cell)| Some((*value, cell.ratio.as_ref()?)))
        .collect();
    let logs: Vec<_> = ratios
        .iter()
        .map(|(value, ratio)| (*value, ratio.estimate.ln()))
        .collect();
    let changes: Vec<_> = logs
        .windows(2)
        .filter(|pair| (pair[0].1 < 0.0) != (pair[1].1 < 0.0))
        .collect();
    let (first, last) = (logs.first()?.1, logs.last()?.1);
    let place = match (changes.len(), first < 0.0, last < 0.0) {
        (0, true, _) => Place::AlwaysFaster,
        (0, false, _) => Place::AlwaysSlower,
        (1, false, true) => Place::BecomesFaster,
        (1, true, false) => Place::BecomesSlower,
        _ => Place::Unclear,
    };
    let at = match changes[..] {
        [pair] => Some(root(pair[0], pair[1])),
        _ => None,
    };
    // From the last size at which one is surely ahead to the first at which the other is.
    let sure = |ratio: &crate::Ratio| match (ratio.low, ratio.high) {
        (Some(low), _) if low > 1.0 => Some(false),
        (_, Some(high)) if high < 1.0 => Some(true),
        _ => None,
    };
    let known: Vec<_> = ratios
        .iter()
        .filter_map(|(value, ratio)| Some((*value, sure(ratio)?)))
        .collect();
    let turns: Vec<_> = known
        .windows(2)
        .filter(|pair| pair[0].1 != pair[1].1)
        .collect();
    let between = match turns[..] {
        [pair] => Some((pair[0].0, pair[1].0)),
        _ => None,
    };
    Some(Crossover {
        strategy: strategy.to_owned(),
        reference: reference.to_owned(),
        place,
        at,
        between,
    })
}

/// Where the line through two points, with the logarithm of their sizes, is 0.
fn root((x0, y0): (f64, f64), (x1, y1): (f64, f64)) -> f64 {
    let share = y0 / (y0 - y1);
    match x0 > 0.0 {
        true => (x0.ln() + share * (x1.ln() - x0.ln())).exp(),
        false => x0 + share * (x1 - x0),
    }
}

fn slope(strategy: &str, row: &[(f64, &CellSummary)]) -> Option<Slope> {
    let points: Vec<_> = row
        .iter()
        .filter_map(|(value, cell)| Some((*value, cell.rss_peak_bytes? as f64)))
        .collect();
    if points.len() < 3 {
        return None;
    }
    let count = points.len() as f64;
    let mean_x = points.iter().map(|(x, _)| x).sum::<f64>() / count;
    let mean_y = points.iter().map(|(_, y)| y).sum::<f64>() / count;
    let spread: f64 = points.iter().map(|(x, _)| (x - mean_x).powi(2)).sum();
    let shared: f64 = points
        .iter()
        .map(|(x, y)| (x - mean_x) * (y - mean_y))
        .sum();
    Some(Slope {
        strategy: strategy.to_owned(),
        bytes_per_unit: shared / spread,
        points: points.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Ratio, fixtures};

    /// A row of two strategies over tasks = 1, 10, 100 with these ratios and this memory.
    fn rows(ratios: [f64; 3], peak: [u64; 3]) -> Vec<Series> {
        let mut spec = fixtures::spec(&["get", "get", "get"]);
        spec.strategies = vec!["sequential".into(), "tokio".into()];
        let mut cells = Vec::new();
        for (index, tasks) in [1, 10, 100].into_iter().enumerate() {
            let load = &mut spec.workloads[index];
            load.swept = Some(format!("tasks={tasks}"));
            load.tasks = tasks;
            let blank = fixtures::cell("tokio");
            let summary = fixtures::summary(&[blank], &[]);
            let mut cell = summary.cells[0].clone();
            cell.workload = spec.workloads[index].label();
            cell.outcome = Outcome::Measured;
            cell.rss_peak_bytes = Some(peak[index]);
            cell.ratio = Some(Ratio {
                estimate: ratios[index],
                low: Some(ratios[index] * 0.95),
                high: Some(ratios[index] * 1.05),
                reference: "sequential".into(),
                pairs: 9,
            });
            cells.push(cell);
        }
        series(&spec, &cells)
    }

    #[test]
    fn a_row_that_becomes_faster_does_so_between_two_sizes() {
        let series = rows([2.0, 0.5, 0.1], [1000, 4600, 40_600]);
        assert_eq!(series.len(), 1);
        let crossover = &series[0].crossovers[0];
        assert_eq!(crossover.place, Place::BecomesFaster);
        // Twice as long at 1 and half as long at 10: even at the middle of their logarithms.
        assert!((crossover.at.unwrap() - 10f64.sqrt()).abs() < 1e-9);
        assert_eq!(crossover.between, Some((1.0, 10.0)));
        let slope = &series[0].slopes[0];
        assert!((slope.bytes_per_unit - 400.0).abs() < 1e-9, "{slope:?}");
    }

    #[test]
    fn a_row_that_is_always_ahead_has_no_crossover() {
        let crossover = &rows([0.9, 0.5, 0.1], [1, 2, 3])[0].crossovers[0];
        assert_eq!((crossover.place, crossover.at), (Place::AlwaysFaster, None));
        let crossover = &rows([0.9, 1.5, 0.1], [1, 2, 3])[0].crossovers[0];
        assert_eq!((crossover.place, crossover.at), (Place::Unclear, None));
    }

    #[test]
    fn throughput_over_the_limit_follows_the_scalability_law() {
        let mut spec = fixtures::spec(&["get"; 5]);
        spec.strategies = vec!["tokio".into()];
        let mut cells = Vec::new();
        for (load, limit) in spec.workloads.iter_mut().zip([1u32, 2, 4, 8, 16]) {
            load.swept = Some(format!("concurrency={limit}"));
            load.tasks = 100;
            let mut cell = fixtures::summary(&[fixtures::cell("tokio")], &[]).cells[0].clone();
            (cell.workload, cell.outcome) = (load.label(), Outcome::Measured);
            // 50 units per second with one in flight, a tenth of each is spent alone.
            let n = f64::from(limit);
            let median = (100.0 / (50.0 * n / (1.0 + 0.1 * (n - 1.0))) * 1e9) as u64;
            cell.wall_ns = Some(crate::Spread {
                median,
                low: None,
                high: None,
                mad: 0,
                min: median,
                max: median,
            });
            cells.push(cell);
        }
        let all = series(&spec, &cells);
        let law = &all[0].scaling[0].law;
        assert!((law.lambda_per_second - 50.0).abs() < 1e-3, "{law:?}");
        assert!(
            (law.sigma - 0.1).abs() < 1e-4 && law.kappa < 1e-6,
            "{law:?}"
        );
    }
}
