//! One workload over several sizes: where rows change places, and what one unit more costs in memory.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::judge::{Judged, Pair, verdicts};
use crate::statistics::{Usl, usl};
use crate::summary::axis::{Axis, throughput};
use crate::summary::slope::{Slope, slope};
use crate::{CellSummary, Noise, Outcome, Ratio, Row, Spec, Verdict, VerdictKind};

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

/// How a strategy and the reference stand over a series. All verdicts of a series hold together, at the error of one workload.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Crossover {
    /// The strategy.
    pub strategy: String,
    /// What it is compared with.
    pub reference: Row,
    /// How they stand.
    pub place: Place,
    /// The sizes between which they change places: the last at which one is ahead, and the first at which the other is. Null where
    /// they do not, or do so more than once.
    pub between: Option<(f64, f64)>,
    /// The same size by size, in rising order.
    pub points: Vec<Standing>,
}

/// A strategy against the reference at one size.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Standing {
    /// The size.
    pub value: f64,
    /// Makespan over the reference's.
    pub ratio: Ratio,
    /// What that means.
    pub verdict: Verdict,
}

/// How a strategy and the reference stand over a series, as far as verdicts tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// It is faster at every size.
    AlwaysFaster,
    /// It is slower at every size.
    AlwaysSlower,
    /// It is slower at small sizes and faster at large ones.
    BecomesFaster,
    /// It is faster at small sizes and slower at large ones.
    BecomesSlower,
    /// They are told apart at no size.
    NotToldApart,
    /// They are told apart at some sizes only, or change places more than once.
    Mixed,
}

impl Place {
    fn of(kinds: &[VerdictKind]) -> Place {
        use VerdictKind::{Faster, Slower};
        let mut told: Vec<VerdictKind> = kinds
            .iter()
            .copied()
            .filter(|it| matches!(it, Faster | Slower))
            .collect();
        let everywhere = told.len() == kinds.len();
        told.dedup();
        match told[..] {
            [] => Place::NotToldApart,
            [Faster] if everywhere => Place::AlwaysFaster,
            [Slower] if everywhere => Place::AlwaysSlower,
            [Slower, Faster] => Place::BecomesFaster,
            [Faster, Slower] => Place::BecomesSlower,
            _ => Place::Mixed,
        }
    }
}

/// How a strategy's throughput grows with the units in flight: the Universal Scalability Law, fitted to its medians.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Scaling {
    /// The strategy.
    pub strategy: String,
    /// The law's parameters.
    pub law: Usl,
}

/// The rows of one workload, with what is noise there.
pub(crate) struct Compared<'a> {
    pub(crate) label: &'a str,
    pub(crate) judged: Judged<'a>,
    pub(crate) noise: Option<Noise>,
}

/// All series of a run.
pub(crate) fn series(spec: &Spec, cells: &[CellSummary], compared: &[Compared]) -> Vec<Series> {
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
        series.crossovers = crossovers(spec, &series.points, compared);
        for strategy in &spec.strategies {
            let cell = |point: &Point| {
                cells.iter().find(|cell| {
                    cell.workload == point.label
                        && cell.row.is(strategy)
                        && cell.outcome == Outcome::Measured
                })
            };
            let row: Vec<_> = series
                .points
                .iter()
                .filter_map(|point| Some((point.value, cell(point)?)))
                .collect();
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

/// How each strategy stands against the reference at each size of a series.
fn crossovers(spec: &Spec, points: &[Point], compared: &[Compared]) -> Vec<Crossover> {
    let mut standing: Vec<(&str, f64, Pair)> = Vec::new();
    for strategy in spec.strategies.iter().filter(|it| !spec.reference.is(it)) {
        let at = |point: &Point| {
            let compared = compared.iter().find(|it| it.label == point.label)?;
            let pair = compared.judged.pair(
                &Row::plain(strategy),
                &spec.reference,
                compared.noise.as_ref(),
            )?;
            Some((strategy.as_str(), point.value, pair))
        };
        standing.extend(points.iter().filter_map(at));
    }
    let Some(alpha) = compared.first().map(|it| it.judged.alpha) else {
        return Vec::new();
    };
    let pairs: Vec<&Pair> = standing.iter().map(|(_, _, pair)| pair).collect();
    let verdicts = verdicts(&pairs, alpha);
    let all: Vec<_> = standing.iter().zip(verdicts).collect();
    let crossover = |row: &[(&(&str, f64, Pair), Verdict)]| {
        let points = row.iter().map(|((_, value, pair), verdict)| Standing {
            value: *value,
            ratio: pair.ratio().clone(),
            verdict: verdict.clone(),
        });
        let points: Vec<Standing> = points.collect();
        let kinds: Vec<VerdictKind> = points.iter().map(|it| it.verdict.kind).collect();
        let place = Place::of(&kinds);
        Crossover {
            strategy: row[0].0.0.to_owned(),
            reference: spec.reference.clone(),
            between: between(place, &points),
            place,
            points,
        }
    };
    all.chunk_by(|a, b| a.0.0 == b.0.0).map(crossover).collect()
}

/// The last size before a row and the reference change places, and the first one after.
fn between(place: Place, points: &[Standing]) -> Option<(f64, f64)> {
    let (before, after) = match place {
        Place::BecomesFaster => (VerdictKind::Slower, VerdictKind::Faster),
        Place::BecomesSlower => (VerdictKind::Faster, VerdictKind::Slower),
        _ => return None,
    };
    let is = |kind| move |it: &&Standing| it.verdict.kind == kind;
    let last = points.iter().rfind(is(before))?;
    Some((last.value, points.iter().find(is(after))?.value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures;

    /// Rows over tasks = 1, 10, 100: tokio takes so many times as long as sequential, with noise of a percent in each of 24 rounds.
    fn measured(ratios: [f64; 3], peak: [u64; 3]) -> Series {
        let mut spec = fixtures::spec(&["get", "get", "get"]);
        spec.strategies = vec!["sequential".into(), "tokio".into()];
        let (mut cells, mut samples) = (Vec::new(), Vec::new());
        for (index, tasks) in [1, 10, 100].into_iter().enumerate() {
            let load = &mut spec.workloads[index];
            load.swept = Some(format!("tasks={tasks}").parse().unwrap());
            load.tasks = tasks;
            let label = load.label();
            let rows = [
                ("sequential", 1.0),
                ("sequential#2", 1.0),
                ("tokio", ratios[index]),
            ];
            for (number, (strategy, times)) in rows.into_iter().enumerate() {
                cells.push(crate::Cell {
                    workload: label.clone(),
                    floor: None,
                    own_floor: None,
                    ..fixtures::cell(strategy)
                });
                for round in 1..=24 {
                    let noise =
                        (workloads::mix(u64::from(round), number as u64) % 1000) as f64 / 1e5;
                    let wall_ns = (1e8 * times * (1.0 + noise)) as u64;
                    let mut sample = fixtures::sample(&label, strategy, round, wall_ns);
                    if let crate::SampleOutcome::Measured(measured) = &mut sample.outcome {
                        measured.rss_peak_bytes = Some(peak[index]);
                    }
                    samples.push(sample);
                }
            }
        }
        let summary = crate::Summary::new(&fixtures::recorded(spec, &cells, &samples));
        assert_eq!(summary.series.len(), 1);
        summary.series[0].clone()
    }

    fn place(ratios: [f64; 3]) -> (Place, Option<(f64, f64)>) {
        let crossover = measured(ratios, [1, 2, 3]).crossovers[0].clone();
        (crossover.place, crossover.between)
    }

    #[test]
    fn a_row_that_becomes_faster_does_so_between_two_sizes() {
        let series = measured([2.0, 0.5, 0.1], [1000, 4600, 40_600]);
        let crossover = &series.crossovers[0];
        assert_eq!(crossover.place, Place::BecomesFaster);
        assert_eq!(crossover.between, Some((1.0, 10.0)));
        let slope = &series.slopes[0];
        assert!((slope.bytes_per_unit - 400.0).abs() < 1e-9, "{slope:?}");
        assert_eq!(
            place([0.5, 1.0, 2.0]),
            (Place::BecomesSlower, Some((1.0, 100.0)))
        );
    }

    #[test]
    fn an_estimate_on_one_side_of_1_is_no_place() {
        assert_eq!(place([1.001, 1.0, 1.002]), (Place::NotToldApart, None));
        assert_eq!(place([0.9, 0.5, 0.1]), (Place::AlwaysFaster, None));
        assert_eq!(place([0.9, 1.0, 1.001]), (Place::Mixed, None));
        assert_eq!(place([0.9, 1.5, 0.1]), (Place::Mixed, None));
    }

    #[test]
    fn throughput_over_the_limit_follows_the_scalability_law() {
        let mut spec = fixtures::spec(&["get"; 5]);
        spec.strategies = vec!["tokio".into()];
        let mut cells = Vec::new();
        for (load, limit) in spec.workloads.iter_mut().zip([1u32, 2, 4, 8, 16]) {
            load.swept = Some(format!("concurrency={limit}").parse().unwrap());
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
        let all = series(&spec, &cells, &[]);
        let law = &all[0].scaling[0].law;
        assert!((law.lambda_per_second - 50.0).abs() < 1e-3, "{law:?}");
        assert!(
            (law.sigma - 0.1).abs() < 1e-4 && law.kappa < 1e-6,
            "{law:?}"
        );
    }
}
