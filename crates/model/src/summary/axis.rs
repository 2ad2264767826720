//! Which loads of a sweep are one series, and how many units are in flight in each.

use std::collections::BTreeSet;

use crate::{CAPPED, CellSummary, Load, Swept};

/// Where a load stands in a series.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Axis {
    /// The workload that all points of the series share: with the other sizes that are swept, so that no two series become one.
    pub(crate) workload: String,
    /// The size that differs.
    pub(crate) parameter: String,
    /// That size here; a time in milliseconds.
    pub(crate) value: f64,
}

impl Axis {
    /// The place of a load; none where it is alone. Of several swept sizes the latency is the axis, with a series for each value of
    /// the others; where it is not among them there is no series.
    pub(crate) fn of(load: &Load) -> Option<Axis> {
        let mut sizes = load.swept.as_ref()?.sizes().to_vec();
        let index = match sizes.len() {
            1 => 0,
            _ => sizes.iter().position(|size| size.name == "latency")?,
        };
        let size = sizes.remove(index);
        let others = (!sizes.is_empty()).then_some(Swept::Sizes(sizes));
        Some(Axis {
            workload: Load {
                swept: others,
                ..load.clone()
            }
            .label(),
            parameter: size.name,
            value: size.value.number(),
        })
    }
}

/// Throughput of a row by how many units are in flight, for its limits in rising order.
///
/// There are never more in flight than there are units, so every limit above that is the same concurrency: the first counts. A
/// limit that the row cannot use is no concurrency of it.
pub(crate) fn throughput(row: &[(f64, &CellSummary)], loads: &[Load]) -> Vec<(f64, f64)> {
    let mut seen = BTreeSet::new();
    let point = |(limit, cell): &(f64, &CellSummary)| {
        let load = loads.iter().find(|load| load.label() == cell.workload)?;
        if cell.reasons.iter().any(|it| it.id == CAPPED) {
            return None;
        }
        let in_flight = limit.min(load.tasks as f64);
        let per_second = load.tasks as f64 * 1e9 / cell.wall_ns?.median as f64;
        seen.insert(in_flight as u64)
            .then_some((in_flight, per_second))
    };
    row.iter().filter_map(point).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Outcome, Spread, fixtures};

    fn load(swept: &str) -> Load {
        Load {
            swept: Some(swept.parse().unwrap()),
            ..fixtures::spec(&["get"]).workloads[0].clone()
        }
    }

    fn axis(load: &Load) -> Option<(String, String, f64)> {
        Axis::of(load).map(|axis| (axis.workload, axis.parameter, axis.value))
    }

    #[test]
    fn two_swept_sizes_are_a_series_of_latencies_for_each_value_of_the_other() {
        let of = |swept| axis(&load(swept));
        let get = |workload: &str, parameter: &str, value| {
            Some((workload.to_owned(), parameter.to_owned(), value))
        };
        assert_eq!(of("tasks=10"), get("get", "tasks", 10.0));
        assert_eq!(of("latency=20ms"), get("get", "latency", 20.0));
        let by_tasks = get("get(tasks=10)", "latency", 20.0);
        assert_eq!(of("tasks=10,latency=20ms"), by_tasks);
        let before = of("latency=uniform:10ms,30ms,concurrency=4");
        assert_eq!(before, get("get(concurrency=4)", "latency", 20.0));
        assert_eq!(of("tasks=10,concurrency=4"), None);
        assert_eq!(of("timer,1ms"), None);
        assert_eq!(axis(&fixtures::spec(&["get"]).workloads[0]), None);
        assert_eq!(of("compute=1ms500us"), get("get", "compute", 1.5));
    }

    /// A row of `get` with these limits.
    fn row(limits: &[usize], tasks: u64) -> (Vec<Load>, Vec<CellSummary>) {
        let load = |limit: &usize| Load {
            tasks,
            concurrency: Some(*limit),
            ..self::load(&format!("concurrency={limit}"))
        };
        let loads: Vec<Load> = limits.iter().map(load).collect();
        let cell = |load: &Load| {
            let summary = fixtures::summary(&[fixtures::cell("tokio")], &[]);
            let median = 1_000_000_000;
            CellSummary {
                workload: load.label(),
                outcome: Outcome::Measured,
                wall_ns: Some(Spread {
                    median,
                    low: None,
                    high: None,
                    mad: 0,
                    min: median,
                    max: median,
                }),
                ..summary.cells[0].clone()
            }
        };
        let cells = loads.iter().map(cell).collect();
        (loads, cells)
    }

    fn in_flight(limits: &[usize], change: impl Fn(&mut Vec<CellSummary>)) -> Vec<f64> {
        let (loads, mut cells) = row(limits, 60);
        change(&mut cells);
        let row: Vec<(f64, &CellSummary)> = limits
            .iter()
            .map(|limit| *limit as f64)
            .zip(&cells)
            .collect();
        let points = throughput(&row, &loads);
        assert!(points.iter().all(|(_, x)| (x - 60.0).abs() < 1e-9));
        points.iter().map(|(n, _)| *n).collect()
    }

    #[test]
    fn no_more_are_in_flight_than_there_are_units_and_each_concurrency_counts_once() {
        let limits = [1, 4, 16, 64, 256, 1024];
        assert_eq!(in_flight(&limits, |_| {}), [1.0, 4.0, 16.0, 60.0]);
        // A row with one in flight whatever the limit has one concurrency.
        let capped = |cells: &mut Vec<CellSummary>| {
            for cell in &mut cells[1..] {
                let reason = crate::Reason {
                    id: CAPPED.into(),
                    text: String::new(),
                    detail: String::new(),
                    source: String::new(),
                };
                cell.reasons = vec![reason];
            }
        };
        assert_eq!(in_flight(&limits, capped), [1.0]);
    }
}
