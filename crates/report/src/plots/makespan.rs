//! Makespans: every sample as a dot, the median with its interval, and the floor.

use std::collections::BTreeMap;

use model::{CellSummary, Load, Outcome, Recorded, Sample, SampleOutcome, Summary};

use crate::answer::{first, second};
use crate::numbers::{duration, ratio_within, round_duration, times};
use crate::plots::foot;
use crate::plots::frame::Frame;
use crate::plots::rows::Rows;
use crate::scene::{Anchor, Ink, Mark, Scale, Scene, width};

/// Makespans that differ by more than this factor are on a logarithmic scale.
const WIDE: f64 = 8.0;

/// The picture of one workload; nothing where no row has a result.
pub(super) fn makespan(summary: &Summary, samples: &OfRows, load: &Load) -> Option<Scene> {
    let label = load.label();
    let of = |cell: &&CellSummary| cell.workload == label && cell.row.twin_of().is_none();
    let mut cells: Vec<&CellSummary> = summary.cells.iter().filter(of).collect();
    cells.sort_by_key(|cell| cell.wall_ns.map_or(u64::MAX, |it| it.median));
    let all = || samples.values().flatten().map(|it| *it as f64);
    let floor = cells
        .iter()
        .find_map(|cell| cell.floor_ns)
        .map(|it| it as f64);
    let highest = all().fold(0.0, f64::max);
    let lowest = all().chain(floor).fold(f64::INFINITY, f64::min);
    if !highest.is_normal() {
        return None;
    }
    let said = first(summary, &label).unwrap_or_else(|| "makespans".to_owned());
    let mut frame = Frame::new(&format!("{label}: {said}"), &subtitle(summary, load));
    if let Some(more) = second(summary, &label) {
        frame.say(&more);
    }
    let rows = Rows::below(&frame, &cells, 22.0);
    let scale = match highest / lowest.max(1.0) > WIDE {
        true => Scale::log(lowest.max(1.0) * 0.9, highest * 1.1, rows.left, rows.right),
        false => Scale::linear(0.0, highest * 1.05, rows.left, rows.right),
    };
    let against = format!("speed-up over {}", summary.spec.reference);
    rows.aside(&mut frame, &against, rows.top - 10.0, Ink::Quiet);
    rows.axis(&mut frame, scale, |tick| round_duration(tick as u64));
    if let Some(floor) = floor {
        bound(&mut frame, &rows, scale, floor);
    }
    for (index, cell) in cells.iter().enumerate() {
        let own = samples.get(&cell.row.to_string());
        let own = own.map_or(&[][..], Vec::as_slice);
        row(&mut frame, cell, own, scale, &rows, rows.y(index));
    }
    rows.end(&mut frame);
    below(&mut frame, summary, &label, scale);
    Some(frame.end())
}

/// The makespans of each row of a workload that count, in nanoseconds, in order.
pub(super) type OfRows = BTreeMap<String, Vec<u64>>;

/// The samples of all workloads, by label. A run may have hundreds of workloads, so they are sorted out once.
pub(super) fn samples(recorded: &Recorded) -> BTreeMap<&str, OfRows> {
    let mut samples: BTreeMap<&str, OfRows> = BTreeMap::new();
    let counts = |it: &&Sample| it.kept && it.row.twin_of().is_none();
    for sample in recorded.samples.iter().filter(counts) {
        if let SampleOutcome::Measured(measured) = &sample.outcome {
            let rows = samples.entry(&sample.workload).or_default();
            let row = rows.entry(sample.row.to_string()).or_default();
            row.push(measured.wall_ns);
        }
    }
    samples
}

fn subtitle(summary: &Summary, load: &Load) -> String {
    format!(
        "{} units, each waits {}, at most {} in flight. Makespan: the time until all units are done.",
        load.tasks,
        load.latency,
        load.concurrency(&summary.spec)
    )
}

/// The lower bound, and what it is called.
fn bound(frame: &mut Frame, rows: &Rows, scale: Scale, floor: f64) {
    let x = scale.place(floor);
    let (top, bottom) = ((x, rows.top - 2.0), (x, rows.bottom));
    frame.push(Mark::line(top, bottom, Ink::Floor, 1.5));
    let text = format!("floor {}", duration(floor as u64));
    let half = width(&text, 11.0) / 2.0;
    let at = (x.clamp(rows.left + half, rows.right - half), rows.top - 6.0);
    frame.push(Mark::text(at, text, 11.0, Anchor::Middle, Ink::Floor));
}

fn row(frame: &mut Frame, cell: &CellSummary, samples: &[u64], scale: Scale, rows: &Rows, y: f64) {
    rows.name(frame, cell, y);
    let Some(spread) = &cell.wall_ns else {
        let why = match cell.outcome {
            Outcome::Unsupported => "cannot run it",
            _ => "no result",
        };
        let at = (rows.left + 4.0, y + 4.0);
        frame.push(Mark::text(at, why, 11.0, Anchor::Start, Ink::Quiet));
        return;
    };
    // Neighbours do not hide each other: they take five heights in turn.
    let place = |(index, sample): (usize, &u64)| {
        let away = (index % 5) as f64 - 2.0;
        (scale.place(*sample as f64), y + away * rows.step * 0.13)
    };
    frame.push(Mark::Dots {
        places: samples.iter().enumerate().map(place).collect(),
        radius: 2.2,
        ink: Ink::Sample,
    });
    let x = scale.place(spread.median as f64);
    if let (Some(low), Some(high)) = (spread.low, spread.high) {
        let (low, high) = (scale.place(low as f64), scale.place(high as f64));
        frame.push(Mark::line((low, y), (high, y), Ink::Estimate, 3.0));
    }
    frame.push(Mark::Dot {
        at: (x, y),
        radius: 4.0,
        ink: Ink::Estimate,
        hint: Some(format!("{}: {}", cell.row, duration(spread.median))),
    });
    let said = match (&cell.ratio, &cell.verdict) {
        (Some(ratio), Some(_)) => {
            let ends = ratio
                .low
                .zip(ratio.high)
                .map(|(low, high)| (1.0 / high, 1.0 / low));
            match ends {
                Some(_) => ratio_within("x", 1.0 / ratio.estimate, ends),
                None => times(1.0 / ratio.estimate),
            }
        }
        (Some(_), None) => "reference".to_owned(),
        (None, _) => "-".to_owned(),
    };
    rows.aside(frame, &said, y, Ink::Text);
}

/// What changes how the picture is read.
fn below(frame: &mut Frame, summary: &Summary, label: &str, scale: Scale) {
    let mut legend = "Dots are samples. The bar is the 95 % interval of the median.".to_owned();
    if scale.is_log() {
        legend += " The scale is logarithmic.";
    }
    frame.say(&legend);
    foot::caveats(frame, summary, label);
    foot::machine(frame, summary);
}
