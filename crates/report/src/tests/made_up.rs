//! A made-up run with its samples, for whatever draws.

use model::{
    Cell, CellSummary, Crossover, FlagKind, Header, Load, Measurement, Noise, Outcome, Place,
    Point, Ratio, Recorded, Row, Sample, SampleOutcome, Series, Slope, Summary, WorkloadSummary,
};
use workloads::Histogram;

use super::{cell, summary};

/// A run of so many rows, with samples around their medians.
pub(crate) fn run(rows: usize) -> (Summary, Recorded) {
    named(rows, |index| format!("strategy-number-{index}"))
}

/// The same with such names.
pub(super) fn named(rows: usize, name: fn(usize) -> String) -> (Summary, Recorded) {
    let mut summary = summary();
    let row = |index: usize| {
        let times = 1.0 + 0.3 * index as f64;
        let mut made = cell(
            &name(index),
            (4e7 * times) as u64,
            Some((times, times * 0.99, times * 1.01)),
        );
        made.tie = Some(if index == 0 { "a" } else { "b" }.into());
        made
    };
    summary.cells = (0..rows).map(row).collect();
    summary.cells[rows - 1].outcome = Outcome::Failed;
    (
        summary.cells[rows - 1].wall_ns,
        summary.cells[rows - 1].ratio,
    ) = (None, None);
    summary.spec.reference = Row::plain(name(0));
    summary.cells[0].verdict = None;
    let reference = &summary.spec.reference;
    let ratio = Ratio {
        estimate: 1.0,
        low: Some(0.99),
        high: Some(1.02),
        reference: reference.clone(),
        pairs: 9,
    };
    summary.workloads = vec![WorkloadSummary {
        workload: "get".into(),
        rounds: 9,
        launches: 3,
        autocorrelation: None,
        p_of_launches: None,
        dropped: vec![],
        noise: Some(Noise {
            row: reference.clone(),
            twin: reference.clone(),
            ratio,
            floor: Some(0.02),
        }),
        alpha: 0.01,
        friedman: None,
        computes: None,
        machine: None,
        flags: vec![model::Flag {
            kind: FlagKind::FewLaunches,
            text: "with fewer than five launches, intervals leave out how launches differ".into(),
            detail: Some("3 launches".into()),
        }],
    }];
    let recorded = recorded(&summary);
    (summary, recorded)
}

/// The lines that such a summary could be of.
pub(super) fn recorded(summary: &Summary) -> Recorded {
    let sample = |cell: &CellSummary, round: u32| Sample {
        launch: 0,
        round,
        position: 0,
        kept: true,
        workload: cell.workload.clone(),
        row: cell.row.clone(),
        padding_bytes: 0,
        draw: 1,
        floor_ns: None,
        own_floor_ns: None,
        at_ns: 0,
        outcome: SampleOutcome::Measured(measured(cell, round)),
    };
    let measured = summary.cells.iter().filter(|cell| cell.wall_ns.is_some());
    Recorded {
        header: Header {
            schema_version: summary.schema_version,
            host: summary.host.clone(),
            spec: summary.spec.clone(),
            cells: summary.cells.iter().map(planned).collect(),
        },
        samples: measured
            .flat_map(|cell| (0..9).map(move |round| sample(cell, round)))
            .collect(),
        conditions: vec![],
        resumed: vec![],
        end: None,
        timelines: Vec::new(),
        troubles: vec![],
    }
}

/// What the sample of a round saw: rows that are slower need less CPU time, and more memory.
fn measured(cell: &CellSummary, round: u32) -> Measurement {
    let wall_ns = cell.wall_ns.map_or(0, |it| it.median);
    let latency = |unit: u64| std::time::Duration::from_nanos(wall_ns / 2 + unit * unit * 400);
    Measurement {
        wall_ns: wall_ns + u64::from(round) * 100_000,
        cpu_ns: 1_000_000_000_000_000 / wall_ns.max(1) + u64::from(round) * 1000,
        rss_base_bytes: Some(1 << 20),
        rss_peak_bytes: Some((1 << 20) + wall_ns / 100 + (u64::from(round) << 12)),
        latencies: Histogram::of((0..60).map(latency)),
        ..Measurement::default()
    }
}

/// A row as the plan has it, with 60 units.
fn planned(cell: &CellSummary) -> Cell {
    Cell {
        units: 60,
        ..Cell::new(cell.workload.clone(), cell.row.clone())
    }
}

/// A series over the number of units: flat, then rising, and one row after the other falls behind the first.
pub(super) fn swept(summary: &mut Summary) {
    let sizes = [0.0, 1.0, 10.0, 100.0, 1000.0];
    let load = summary.spec.workloads[0].clone();
    let cells = std::mem::take(&mut summary.cells);
    let names: Vec<String> = cells.iter().map(|it| it.row.strategy.clone()).collect();
    let points = sizes.map(|value| Point {
        value,
        label: format!("get(tasks={value})"),
    });
    for (index, point) in points.iter().enumerate() {
        summary.spec.workloads.push(Load {
            swept: Some(format!("tasks={}", point.value).parse().unwrap()),
            ..load.clone()
        });
        for cell in &cells {
            let mut cell = cell.clone();
            cell.workload = point.label.clone();
            if let Some(wall) = &mut cell.wall_ns {
                let times = [1, 1, 1, 2, 20][index];
                wall.median *= times;
                (wall.low, wall.high) = (Some(wall.median - 1), Some(wall.median + 1));
            }
            summary.cells.push(cell);
        }
    }
    summary.spec.strategies = names.clone();
    let crossover = |name: &String| Crossover {
        strategy: name.clone(),
        reference: summary.spec.reference.clone(),
        place: Place::BecomesSlower,
        between: Some((1.0, 100.0)),
        points: vec![],
    };
    let slope = |(index, name): (usize, &String)| Slope {
        strategy: name.clone(),
        bytes_per_unit: 300.0 * index as f64,
        points: 5,
    };
    summary.series = vec![Series {
        workload: "get".into(),
        parameter: "tasks".into(),
        points: points.into(),
        crossovers: names[1..].iter().map(crossover).collect(),
        slopes: names.iter().enumerate().map(slope).collect(),
        scaling: vec![],
    }];
    summary.cells.extend(cells);
}
