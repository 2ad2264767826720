//! Where the makespan of a row begins to grow, or ceases to fall, over a series.

use crate::statistics::knee;
use crate::{CellSummary, Outcome, Series};

/// A smaller bend is called none.
const LEAST: f64 = 1.25;

/// Where the curve of a row over a series bends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bend {
    /// The measured size at which it does so.
    pub value: f64,
    /// The measured sizes beside it: the bend may be anywhere between them.
    pub between: (f64, f64),
}

impl Bend {
    /// The rule in words.
    pub const RULE: &str = "the measured size at which a curve is farthest from the straight line between its ends, at least 1.25 times \
        even at the nearer end of its interval (Kneedle, Satopaa et al. 2011)";

    /// The bend of a strategy's curve; none where it has fewer than 4 sizes above 0, or is nearly straight.
    pub fn of(series: &Series, cells: &[CellSummary], strategy: &str) -> Option<Bend> {
        let spread = |label: &str| {
            let own = |cell: &&CellSummary| {
                cell.workload == label && cell.row.is(strategy) && cell.outcome == Outcome::Measured
            };
            cells.iter().find(own)?.wall_ns
        };
        let points = series.points.iter().filter(|point| point.value > 0.0);
        let points: Vec<_> = points
            .filter_map(|point| Some((point.value, spread(&point.label)?)))
            .collect();
        if points.len() < 4 {
            return None;
        }
        let medians = points
            .iter()
            .map(|(value, wall)| (*value, wall.median as f64));
        let mut medians: Vec<(f64, f64)> = medians.collect();
        let (index, _) = knee(&medians)?;
        // Either end of its interval in the place of the median.
        let (value, wall) = points[index];
        for end in [wall.low, wall.high].into_iter().flatten() {
            medians[index].1 = end as f64;
            let still = knee(&medians).filter(|(found, away)| *found == index && *away >= LEAST);
            still?;
        }
        medians[index].1 = wall.median as f64;
        let (_, away) = knee(&medians)?;
        (away >= LEAST).then_some(Bend {
            value,
            between: (points[index - 1].0, points[index + 1].0),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Point, Spread, fixtures};

    fn bend(walls: &[(f64, u64)], reach: f64) -> Option<Bend> {
        let label = |value: &f64| format!("get(tasks={value})");
        let points = walls.iter().map(|(value, _)| Point {
            value: *value,
            label: label(value),
        });
        let series = Series {
            workload: "get".into(),
            parameter: "tasks".into(),
            points: points.collect(),
            crossovers: Vec::new(),
            slopes: Vec::new(),
            scaling: Vec::new(),
        };
        let cell = |(value, median): &(f64, u64)| {
            let end = |times: f64| Some((*median as f64 * times) as u64);
            CellSummary {
                workload: label(value),
                outcome: Outcome::Measured,
                wall_ns: Some(Spread {
                    median: *median,
                    low: end(1.0 / reach),
                    high: end(reach),
                    mad: 0,
                    min: *median,
                    max: *median,
                }),
                ..fixtures::summary(&[fixtures::cell("tokio")], &[]).cells[0].clone()
            }
        };
        let cells: Vec<CellSummary> = walls.iter().map(cell).collect();
        Bend::of(&series, &cells, "tokio")
    }

    #[test]
    fn a_bend_is_a_measured_size_between_its_neighbours() {
        let walls = [(1.0, 5000), (4.0, 5100), (16.0, 5200), (64.0, 20_800)];
        let found = Bend {
            value: 16.0,
            between: (4.0, 64.0),
        };
        assert_eq!(bend(&walls, 1.01), Some(found));
        // 0 has no place on a logarithmic scale.
        let with_0 = [&[(0.0, 5000)][..], &walls].concat();
        assert_eq!(bend(&with_0, 1.01), Some(found));
        assert_eq!(bend(&with_0[1..4], 1.01), None, "of three sizes");
    }

    #[test]
    fn what_noise_could_make_is_no_bend() {
        let walls = [(1.0, 5000), (4.0, 5100), (16.0, 5200), (64.0, 20_800)];
        assert_eq!(bend(&walls, 3.0), None);
        let straight = [(1.0, 100), (4.0, 410), (16.0, 1590), (64.0, 6400)];
        assert_eq!(bend(&straight, 1.001), None);
    }
}
