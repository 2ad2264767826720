//! Makespans over a size that differs: a curve for each row, the floor, where curves bend, and where rows change places.

use model::{Bend, CellSummary, Outcome, Point, Series, Spread, Summary};

use crate::numbers::{duration, round_duration, size};
use crate::plots::across::Across;
use crate::plots::crossings::Crossings;
use crate::plots::foot;
use crate::plots::frame::Frame;
use crate::plots::plane::{Name, Plane};
use crate::scene::{Ink, Mark, Scale, Scene, width};
use crate::tables::crossover;

/// More curves cannot be told apart.
const MOST: usize = 8;

/// More changes of places are not told above a picture.
const TOLD: usize = 3;

/// How far 0 is from the logarithmic scale beside it.
const APART: f64 = 48.0;

/// The curve of one row.
struct Curve<'a> {
    name: &'a str,
    points: Vec<(f64, Spread)>,
}

/// The picture of a series; nothing where it has fewer than two sizes.
pub(super) fn sweep(summary: &Summary, series: &Series) -> Option<Scene> {
    let mut curves: Vec<Curve> = summary
        .spec
        .strategies
        .iter()
        .map(|name| curve(summary, series, name))
        .filter(|curve| curve.points.len() >= 2)
        .collect();
    let reference = |curve: &Curve| summary.spec.reference.is(curve.name);
    // A stable sort: the others keep the order of the spec.
    curves.sort_by_key(|curve| !reference(curve));
    let left = curves.split_off(curves.len().min(MOST));
    let values = || series.points.iter().map(|point| point.value);
    let above = || values().filter(|it| *it > 0.0);
    let (first, last) = (
        above().fold(f64::INFINITY, f64::min),
        above().fold(0.0, f64::max),
    );
    if curves.is_empty() || last <= first {
        return None;
    }
    let parameter = &series.parameter;
    let mut frame = Frame::new(
        &format!(
            "{}: how does the makespan change with {parameter}?",
            series.workload
        ),
        &answer(series),
    );
    let plane = Plane::with_names(&frame);
    let zero = values().any(|it| it <= 0.0).then_some(plane.left + 8.0);
    let from = plane.left + if zero.is_some() { APART } else { 0.0 };
    let scale = Scale::log(first, last, from, plane.right);
    let across = Across {
        zero,
        scale,
        aside: 0.0,
    };
    let floor = floor(summary, series);
    let up = up(&curves, &floor, &plane);
    let crossings = Crossings::of(series);
    crossings.behind(&mut frame, &plane, across);
    plane.up(&mut frame, up, "makespan, logarithmic", |tick| {
        round_duration(tick as u64)
    });
    ticks(&mut frame, &plane, across, summary, series);
    let bends = |name: &str| Bend::of(series, &summary.cells, name);
    let mut names = Vec::new();
    if let Some((value, ns)) = floor.last() {
        let place = |(value, ns): &(f64, u64)| (across.place(*value), up.place(*ns as f64));
        frame.push(Mark::Path {
            places: floor.iter().map(place).collect(),
            ink: Ink::Floor,
            width: 1.5,
        });
        names.push(Name {
            end: place(&(*value, *ns)),
            ink: Ink::Floor,
            name: "floor".to_owned(),
            more: Vec::new(),
        });
    }
    for (index, curve) in curves.iter().enumerate() {
        let bend = bends(curve.name);
        let scales = (across.aside(index, curves.len()), up);
        names.push(draw(&mut frame, curve, Ink::Series(index), scales, bend));
    }
    let bent = curves.iter().any(|curve| bends(curve.name).is_some());
    plane.names(&mut frame, names);
    let down = crossings.below(&mut frame, &plane, across);
    plane.across(&mut frame, &format!("{parameter}, logarithmic"), down);
    below(
        &mut frame,
        series,
        &left,
        (bent, zero.is_some(), !floor.is_empty()),
    );
    foot::caveats_of_series(&mut frame, summary, series);
    foot::machine(&mut frame, summary);
    Some(frame.end())
}

/// The medians of one row by size.
fn curve<'a>(summary: &Summary, series: &Series, name: &'a str) -> Curve<'a> {
    let point = |point: &Point| {
        let is = |cell: &&CellSummary| {
            cell.workload == point.label && cell.row.is(name) && cell.outcome == Outcome::Measured
        };
        Some((point.value, summary.cells.iter().find(is)?.wall_ns?))
    };
    let points = series.points.iter().filter_map(point).collect();
    Curve { name, points }
}

/// The floor by size, where it is known.
fn floor(summary: &Summary, series: &Series) -> Vec<(f64, u64)> {
    let floor = |point: &Point| {
        let own = |cell: &&CellSummary| cell.workload == point.label;
        let floor = summary.cells.iter().filter(own).find_map(|it| it.floor_ns);
        Some((point.value, floor.filter(|it| *it > 0)?))
    };
    series.points.iter().filter_map(floor).collect()
}

fn up(curves: &[Curve], floor: &[(f64, u64)], plane: &Plane) -> Scale {
    let ends = curves.iter().flat_map(|curve| &curve.points);
    let ends = ends.flat_map(|(_, wall)| [Some(wall.median), wall.low, wall.high]);
    let all = ends.flatten().chain(floor.iter().map(|it| it.1));
    let all: Vec<f64> = all.map(|it| it as f64).collect();
    let low = all.iter().copied().fold(f64::INFINITY, f64::min);
    let high = all.iter().copied().fold(0.0, f64::max);
    Scale::log(low * 0.9, high * 1.1, plane.bottom, plane.top)
}

/// A line for each size, and its number where there is room.
fn ticks(frame: &mut Frame, plane: &Plane, across: Across, summary: &Summary, series: &Series) {
    let mut free = f64::NEG_INFINITY;
    for point in &series.points {
        let x = across.place(point.value);
        let load = summary.spec.load(&point.label);
        let typed = load.and_then(|load| load.size(&series.parameter));
        // A number with its thousands set apart; a time with its unit.
        let typed = typed.map(|it| it.to_string());
        let text = match typed {
            Some(typed) if typed.parse::<f64>().is_err() => typed,
            _ => size(point.value),
        };
        let half = width(&text, 11.0) / 2.0;
        let fits = x - half > free;
        if fits {
            free = x + half + 6.0;
        }
        plane.tick(frame, x, fits.then_some(text));
    }
}

/// One curve with its intervals and its bend, and its name.
fn draw(
    frame: &mut Frame,
    curve: &Curve,
    ink: Ink,
    (across, up): (Across, Scale),
    bend: Option<Bend>,
) -> Name {
    let place =
        |(value, wall): &(f64, Spread)| (across.place(*value), up.place(wall.median as f64));
    let places: Vec<(f64, f64)> = curve.points.iter().map(place).collect();
    let end = places[places.len() - 1];
    for (at, (value, wall)) in places.iter().zip(&curve.points) {
        if let Some((low, high)) = wall.low.zip(wall.high) {
            let (low, high) = ((at.0, up.place(low as f64)), (at.0, up.place(high as f64)));
            frame.push(Mark::line(low, high, Ink::Text, 1.2));
        }
        frame.push(Mark::Dot {
            at: *at,
            radius: 3.0,
            ink,
            hint: Some(format!(
                "{}, {}: {}",
                curve.name,
                size(*value),
                duration(wall.median)
            )),
        });
        if bend.is_some_and(|bend| bend.value == *value) {
            frame.push(diamond(*at));
        }
    }
    frame.push(Mark::Path {
        places,
        ink,
        width: 2.0,
    });
    let said = bend.map(|it| {
        let (from, to) = it.between;
        format!(
            "knee at {} ({} to {})",
            size(it.value),
            size(from),
            size(to)
        )
    });
    Name {
        end,
        ink,
        name: curve.name.to_owned(),
        more: said.into_iter().collect(),
    }
}

fn diamond((x, y): (f64, f64)) -> Mark {
    let r = 7.0;
    Mark::Path {
        places: vec![(x, y - r), (x + r, y), (x, y + r), (x - r, y), (x, y - r)],
        ink: Ink::Text,
        width: 1.2,
    }
}

/// Where rows and the reference change places.
pub(super) fn answer(series: &Series) -> String {
    let changes = series.crossovers.iter().filter(|it| it.between.is_some());
    let said: Vec<String> = changes
        .map(|it| crossover::sentence(it, &series.parameter))
        .collect();
    match said.len() {
        0 if series.crossovers.is_empty() => "No row was compared with another.".to_owned(),
        0 => "No row is seen to change places with the reference.".to_owned(),
        1..=TOLD => format!("{}.", said.join("; ")),
        more => format!("{more} rows change places with the reference."),
    }
}

/// How each row stands against the reference, but for what the answer says.
pub(super) fn standings(series: &Series) -> Vec<String> {
    let changes = series.crossovers.iter().filter(|it| it.between.is_some());
    let told = changes.count() <= TOLD;
    let left = series.crossovers.iter();
    let left = left.filter(|it| !told || it.between.is_none());
    left.map(|it| crossover::sentence(it, &series.parameter))
        .collect()
}

fn below(
    frame: &mut Frame,
    series: &Series,
    left: &[Curve],
    (bent, zero, bound): (bool, bool, bool),
) {
    let mut said = "Points are medians, upright lines their 95 % intervals: without a line, the interval is smaller than the point, or there are too \
        few samples for one. A straight line is a power."
        .to_owned();
    if zero {
        said += " 0 stands apart, because a logarithmic scale has no place for it.";
    }
    if bound {
        said += " The floor is a lower bound that no schedule can beat.";
    }
    frame.say(&said);
    if bent {
        frame.say(&format!(
            "A diamond marks a knee: {}. It may be anywhere between the sizes in brackets.",
            Bend::RULE
        ));
    }
    if !left.is_empty() {
        let names: Vec<&str> = left.iter().map(|curve| curve.name).collect();
        frame.say(&format!(
            "Drawn are the reference and the first other rows of the run, {MOST} in all. Not drawn: {}.",
            names.join(", ")
        ));
    }
    let sentences = standings(series);
    if !sentences.is_empty() {
        frame.say(&format!("{}.", sentences.join("; ")));
    }
}
