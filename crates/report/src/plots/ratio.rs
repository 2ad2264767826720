//! Ratios to the reference with their intervals, and the band of noise that equal rows have.

use model::{CellSummary, Load, Summary, VerdictKind};

use crate::numbers::{digits, percent, round_digits};
use crate::plots::foot;
use crate::plots::frame::Frame;
use crate::plots::rows::Rows;
use crate::scene::{Ink, Mark, Scale, Scene};

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
    let rows = Rows::below(&frame, &cells, 8.0);
    let scale = Scale::log(lowest * 0.98, highest * 1.02, rows.left, rows.right);
    if let Some(noise) = noise {
        let (low, high) = (scale.place(1.0 / (1.0 + noise)), scale.place(1.0 + noise));
        frame.push(Mark::Area {
            at: (low, rows.top),
            size: (high - low, rows.bottom - rows.top),
            ink: Ink::Band,
        });
    }
    rows.axis(&mut frame, scale, round_digits);
    let one = scale.place(1.0);
    let (top, bottom) = ((one, rows.top), (one, rows.bottom));
    frame.push(Mark::line(top, bottom, Ink::Text, 1.0));
    for (index, cell) in cells.iter().enumerate() {
        row(&mut frame, cell, scale, &rows, rows.y(index));
    }
    rows.end(&mut frame);
    if let Some(noise) = noise {
        frame.say(&format!(
            "The band is the noise floor, {}: one row was measured as two, and their ratio is 1 to within that much. The scale is logarithmic.",
            percent(noise)
        ));
    }
    foot::caveats(&mut frame, summary, &label);
    Some(frame.end())
}

fn estimate(cell: &CellSummary) -> f64 {
    cell.ratio.as_ref().map_or(f64::INFINITY, |it| it.estimate)
}

fn row(frame: &mut Frame, cell: &CellSummary, scale: Scale, rows: &Rows, y: f64) {
    rows.name(frame, cell, y);
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
    rows.aside(frame, &said, y, Ink::Text);
}
