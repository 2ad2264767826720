//! Makespans over a size that differs: one line for each row.

use model::{CellSummary, Series, Summary};

use crate::numbers::{duration, round_duration, size};
use crate::plots::frame::{EDGE, Frame, WIDTH};
use crate::scene::{Anchor, Ink, Mark, Scale, Scene, shortened};
use crate::tables::crossover;

/// More lines cannot be told apart.
const MOST: usize = 8;

/// The picture of a series; nothing where it has fewer than two sizes.
pub(super) fn sweep(summary: &Summary, series: &Series) -> Option<Scene> {
    let rows: Vec<(&String, Vec<(f64, f64)>)> = summary
        .spec
        .strategies
        .iter()
        .map(|name| (name, line(summary, series, name)))
        .filter(|(_, points)| points.len() >= 2)
        .collect();
    let all = || rows.iter().flat_map(|(_, points)| points);
    let range = |of: fn(&(f64, f64)) -> f64| {
        let low = all().map(of).fold(f64::INFINITY, f64::min);
        let high = all().map(of).fold(0.0, f64::max);
        (low, high)
    };
    let ((first, last), (lowest, highest)) = (range(|it| it.0), range(|it| it.1));
    if rows.is_empty() || first <= 0.0 || last <= first {
        return None;
    }
    let title = format!("{}: makespan by {}", series.workload, series.parameter);
    let mut frame = Frame::new(
        &title,
        "Medians. Both scales are logarithmic: a straight line is a power.",
    );
    let (left, right) = (EDGE + 70.0, WIDTH - EDGE - 190.0);
    let (top, bottom) = (frame.y + 8.0, frame.y + 328.0);
    let across = Scale::log(first, last, left, right);
    let up = Scale::log(lowest * 0.9, highest * 1.1, bottom, top);
    for tick in up.ticks(6) {
        let y = up.place(tick);
        frame.push(Mark::line((left, y), (right, y), Ink::Grid, 1.0));
        frame.push(Mark::text(
            (left - 6.0, y + 4.0),
            round_duration(tick as u64),
            11.0,
            Anchor::End,
            Ink::Quiet,
        ));
    }
    for point in &series.points {
        let x = across.place(point.value);
        frame.push(Mark::line((x, top), (x, bottom), Ink::Grid, 1.0));
        frame.push(Mark::text(
            (x, bottom + 14.0),
            size(point.value),
            11.0,
            Anchor::Middle,
            Ink::Quiet,
        ));
    }
    frame.push(Mark::text(
        ((left + right) / 2.0, bottom + 30.0),
        series.parameter.clone(),
        12.0,
        Anchor::Middle,
        Ink::Text,
    ));
    let mut labels: Vec<(f64, usize)> = Vec::new();
    for (index, (name, points)) in rows.iter().take(MOST).enumerate() {
        let places: Vec<(f64, f64)> = points
            .iter()
            .map(|(x, y)| (across.place(*x), up.place(*y)))
            .collect();
        for (at, point) in places.iter().zip(points) {
            frame.push(Mark::Dot {
                at: *at,
                radius: 3.0,
                ink: Ink::Series(index),
                hint: Some(format!(
                    "{name}, {}: {}",
                    size(point.0),
                    duration(point.1 as u64)
                )),
            });
        }
        labels.extend(places.last().map(|(_, y)| (*y, index)));
        frame.push(Mark::Path {
            places,
            ink: Ink::Series(index),
            width: 2.0,
        });
    }
    // Names stand beside the ends of their lines, as near as there is room.
    labels.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut free = top;
    for (y, index) in labels {
        let y = y.max(free);
        free = y + 15.0;
        let name = shortened(rows[index].0, 12.0, WIDTH - EDGE - right - 12.0);
        frame.push(Mark::text(
            (right + 12.0, y + 4.0),
            name,
            12.0,
            Anchor::Start,
            Ink::Series(index),
        ));
    }
    frame.y = bottom.max(free) + 44.0;
    if rows.len() > MOST {
        frame.say(&format!(
            "{} more rows are in the table only.",
            rows.len() - MOST
        ));
    }
    for crossover in &series.crossovers {
        frame.say(&crossover::sentence(crossover, &series.parameter));
    }
    Some(frame.end())
}

/// The medians of one row by size.
fn line(summary: &Summary, series: &Series, name: &str) -> Vec<(f64, f64)> {
    let point = |point: &model::Point| {
        let is = |cell: &&CellSummary| cell.workload == point.label && cell.row.is(name);
        let cell = summary.cells.iter().find(is)?;
        Some((point.value, cell.wall_ns?.median as f64))
    };
    series.points.iter().filter_map(point).collect()
}
