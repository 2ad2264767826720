//! Ratios to the reference with their intervals, and the band of noise that equal rows have.

use model::{CellSummary, Load, Summary, VerdictKind};

use crate::numbers::{digits, percent, round_digits};
use crate::plots::frame::{EDGE, Frame, WIDTH};
use crate::scene::{Anchor, Ink, Mark, Scale, Scene, shortened, width};
use crate::tables::notes;

/// The picture of one workload; nothing where fewer than two rows have ratios.
pub(super) fn ratio(summary: &Summary, load: &Load) -> Option<Scene> {
    let label = load.label();
    let of = |cell: &&CellSummary| {
        cell.workload == label
            && cell.row.twin_of().is_none()
            && cell.ratio.as_ref().is_some_and(|it| it.low.is_some())
    };
    let mut cells: Vec<&CellSummary> = summary.cells.iter().filter(of).collect();
    cells.retain(|cell| cell.row != summary.spec.reference);
    cells.sort_by(|a, b| estimate(a).total_cmp(&estimate(b)));
    if cells.is_empty() {
        return None;
    }
    let ends = || {
        cells
            .iter()
            .filter_map(|cell| cell.ratio.as_ref())
            .flat_map(|it| [it.low, it.high])
            .flatten()
    };
    let noise = summary
        .workload(&label)
        .and_then(|it| it.noise.as_ref()?.floor);
    let around = 1.0 + noise.unwrap_or(0.0);
    let lowest = ends().fold(1.0 / around, f64::min);
    let highest = ends().fold(around, f64::max);
    let reference = &summary.spec.reference;
    let title = format!("{label}: makespan over that of {reference}");
    let mut frame = Frame::new(
        &title,
        "Left of 1 a row is faster, right of it slower. Bars are 95 % intervals of the median ratio within rounds.",
    );
    let names = cells.iter().map(|cell| width(&cell.row.to_string(), 12.0));
    let left = EDGE + names.fold(60.0, f64::max).min(230.0) + 10.0;
    let right = WIDTH - EDGE - 150.0;
    let scale = Scale::log(lowest * 0.98, highest * 1.02, left, right);
    let step = if cells.len() > 20 { 19.0 } else { 24.0 };
    let (top, bottom) = (frame.y + 8.0, frame.y + 8.0 + step * cells.len() as f64);
    if let Some(noise) = noise {
        let (low, high) = (scale.place(1.0 / (1.0 + noise)), scale.place(1.0 + noise));
        frame.push(Mark::Area {
            at: (low, top),
            size: (high - low, bottom - top),
            ink: Ink::Band,
        });
    }
    for tick in scale.ticks(6) {
        let x = scale.place(tick);
        frame.push(Mark::line((x, top), (x, bottom), Ink::Grid, 1.0));
        frame.push(Mark::text(
            (x, bottom + 14.0),
            round_digits(tick),
            11.0,
            Anchor::Middle,
            Ink::Quiet,
        ));
    }
    let one = scale.place(1.0);
    frame.push(Mark::line((one, top), (one, bottom), Ink::Text, 1.0));
    for (index, cell) in cells.iter().enumerate() {
        row(
            &mut frame,
            cell,
            scale,
            (left, right),
            top + step * (index as f64 + 0.5),
        );
    }
    frame.y = bottom + 34.0;
    if let Some(noise) = noise {
        frame.say(&format!(
            "The band is the noise floor, {}: one row was measured as two, and their ratio is 1 to within that much. The scale is logarithmic.",
            percent(noise)
        ));
    }
    let all: Vec<&CellSummary> = summary
        .cells
        .iter()
        .filter(|cell| cell.workload == label)
        .collect();
    for caveat in notes::in_pictures(summary, &label, &all) {
        frame.say(&caveat);
    }
    Some(frame.end())
}

fn estimate(cell: &CellSummary) -> f64 {
    cell.ratio.as_ref().map_or(f64::INFINITY, |it| it.estimate)
}

fn row(frame: &mut Frame, cell: &CellSummary, scale: Scale, (left, right): (f64, f64), y: f64) {
    let name = shortened(&cell.row.to_string(), 12.0, left - EDGE - 8.0);
    frame.push(Mark::text(
        (left - 8.0, y + 4.0),
        name,
        12.0,
        Anchor::End,
        Ink::Text,
    ));
    let (Some(ratio), kind) = (&cell.ratio, cell.verdict.as_ref().map(|it| it.kind)) else {
        return;
    };
    let ink = match kind {
        Some(VerdictKind::Faster) => Ink::Faster,
        Some(VerdictKind::Slower) => Ink::Slower,
        _ => Ink::Quiet,
    };
    if let (Some(low), Some(high)) = (ratio.low, ratio.high) {
        frame.push(Mark::line(
            (scale.place(low), y),
            (scale.place(high), y),
            ink,
            3.0,
        ));
    }
    let word = kind.map_or("-", |kind| kind.name());
    let said = format!("{} {word}", digits(ratio.estimate));
    frame.push(Mark::Dot {
        at: (scale.place(ratio.estimate), y),
        radius: 4.0,
        ink,
        hint: Some(format!("{}: {said}", cell.row)),
    });
    // The word beside it: the colour alone says nothing.
    frame.push(Mark::text(
        (right + 12.0, y + 4.0),
        said,
        11.0,
        Anchor::Start,
        Ink::Text,
    ));
}
