//! What a row costs: CPU time per unit against makespan, a point for each row.

use model::{CellSummary, Centre, Load, Observed, Outcome, Spread, Summary};

use crate::numbers::{duration, round_duration, within_or_alone};
use crate::plots::foot;
use crate::plots::frame::Frame;
use crate::plots::placing::Places;
use crate::plots::plane::Plane;
use crate::scene::{Anchor, Ink, Mark, Scale, Scene, shortened, width};

/// Values that differ by more than this factor are on a logarithmic scale.
const WIDE: f64 = 8.0;

/// Names are not wider than this.
const NAME: f64 = 170.0;

/// A name that would be farther from its point is a number instead.
const FAR: f64 = 62.0;

/// The size of names.
const SIZE: f64 = 11.0;

/// A row with both.
struct Priced<'a> {
    cell: &'a CellSummary,
    cpu: &'a Centre,
    wall: Spread,
}

/// The picture of one workload; nothing where fewer than two rows have a makespan and CPU time.
pub(super) fn cost(summary: &Summary, load: &Load, observed: &[Observed]) -> Option<Scene> {
    let label = load.label();
    let own = |cell: &&CellSummary| {
        cell.workload == label && cell.row.twin_of().is_none() && cell.outcome == Outcome::Measured
    };
    let (mut rows, mut unpriced) = (Vec::new(), Vec::new());
    for cell in summary.cells.iter().filter(own) {
        let own = observed.iter().find(|it| it.row == cell.row);
        let cpu = own.and_then(|it| it.cpu_per_unit_ns.as_ref());
        match cpu.zip(cell.wall_ns) {
            Some((cpu, wall)) => rows.push(Priced { cell, cpu, wall }),
            None => unpriced.push(cell.row.to_string()),
        }
    }
    rows.sort_by(|a, b| a.cpu.median.total_cmp(&b.cpu.median));
    if rows.len() < 2 {
        return None;
    }
    let mut frame = Frame::new(
        &format!("{label}: what does the speed cost in CPU time?"),
        &answer(&rows),
    );
    frame.say(&format!(
        "{} units. Down is faster, left is cheaper. CPU time is that of the client process, user and system; the server's is not in it.",
        observed.first().map_or(load.tasks, |it| it.units)
    ));
    let plane = Plane::below(&frame);
    let floor = rows
        .iter()
        .find_map(|it| it.cell.floor_ns)
        .filter(|it| *it > 0);
    let across = scale(
        rows.iter().flat_map(|it| ends(it.cpu)),
        (plane.left, plane.right),
    );
    let walls = rows.iter().flat_map(|it| {
        let wall = it.wall;
        [Some(wall.median), wall.low, wall.high]
            .into_iter()
            .flatten()
    });
    let walls = walls.chain(floor).map(|it| it as f64);
    let up = scale(walls, (plane.bottom, plane.top));
    axes(&mut frame, &plane, across, up);
    let mut places = Places::inside([plane.left, plane.top, plane.right, plane.bottom]);
    if let Some(floor) = floor {
        bound(
            &mut frame,
            &plane,
            up.place(floor as f64),
            floor,
            &mut places,
        );
    }
    let numbered = points(&mut frame, &rows, (across, up), &mut places);
    below(&mut frame, &numbered, &unpriced, floor.is_some());
    foot::caveats(&mut frame, summary, &label);
    foot::machine(&mut frame, summary);
    Some(frame.end())
}

fn ends(centre: &Centre) -> impl Iterator<Item = f64> {
    let interval = centre.interval.into_iter().flat_map(|it| [it.0, it.1]);
    interval.chain([centre.median])
}

/// A scale from 0, or a logarithmic one where values differ much.
fn scale(values: impl Iterator<Item = f64>, (from, to): (f64, f64)) -> Scale {
    let values: Vec<f64> = values.collect();
    let lowest = values
        .iter()
        .copied()
        .fold(f64::INFINITY, f64::min)
        .max(1.0);
    let highest = values.iter().copied().fold(lowest, f64::max);
    match highest / lowest > WIDE {
        true => Scale::log(lowest * 0.8, highest * 1.25, from, to),
        false => Scale::linear(0.0, highest * 1.1, from, to),
    }
}

fn axes(frame: &mut Frame, plane: &Plane, across: Scale, up: Scale) {
    let how = |scale: Scale| if scale.is_log() { ", logarithmic" } else { "" };
    let text = |tick: f64| round_duration(tick as u64);
    plane.up(frame, up, &format!("makespan{}", how(up)), text);
    for tick in across.ticks(7) {
        plane.tick(frame, across.place(tick), Some(text(tick)));
    }
    plane.across(frame, &format!("CPU time per unit{}", how(across)), 0.0);
}

/// The lower bound, and what it is called.
fn bound(frame: &mut Frame, plane: &Plane, y: f64, floor: u64, places: &mut Places) {
    let (from, to) = ((plane.left, y), (plane.right, y));
    frame.push(Mark::line(from, to, Ink::Floor, 1.5));
    places.take([plane.left, y - 1.0, plane.right, y + 1.0]);
    let text = format!("floor {}", duration(floor));
    let wide = width(&text, SIZE);
    // Below the line, where no point can be; at the end of the scale above it.
    let down = if y + 16.0 <= plane.bottom { 13.0 } else { -5.0 };
    let at = (plane.right - 4.0, y + down);
    places.take([at.0 - wide, at.1 - SIZE, at.0, at.1 + 3.0]);
    frame.push(Mark::text(at, text, SIZE, Anchor::End, Ink::Floor));
}

/// Points with crosses for their intervals, and their names. Returns what stands as a number instead of a name.
fn points(
    frame: &mut Frame,
    rows: &[Priced],
    (across, up): (Scale, Scale),
    places: &mut Places,
) -> Vec<String> {
    let place = |row: &Priced| {
        (
            across.place(row.cpu.median),
            up.place(row.wall.median as f64),
        )
    };
    for row in rows {
        let (x, y) = place(row);
        places.take([x - 5.0, y - 5.0, x + 5.0, y + 5.0]);
        if let Some((low, high)) = row.cpu.interval {
            let (low, high) = ((across.place(low), y), (across.place(high), y));
            places.take([low.0, y - 1.0, high.0, y + 1.0]);
            frame.push(Mark::line(low, high, Ink::Estimate, 1.2));
        }
        if let Some((low, high)) = row.wall.low.zip(row.wall.high) {
            let (low, high) = ((x, up.place(low as f64)), (x, up.place(high as f64)));
            places.take([x - 1.0, high.1, x + 1.0, low.1]);
            frame.push(Mark::line(low, high, Ink::Estimate, 1.2));
        }
        frame.push(Mark::Dot {
            at: (x, y),
            radius: 4.0,
            ink: Ink::Sample,
            hint: Some(format!(
                "{}: {}, {} of CPU time per unit",
                row.cell.row,
                duration(row.wall.median),
                duration(row.cpu.median as u64)
            )),
        });
    }
    let mut numbered = Vec::new();
    for row in rows {
        let at = place(row);
        let mut text = shortened(&row.cell.row.to_string(), SIZE, NAME);
        let mut room = places.near(at, (width(&text, SIZE), SIZE + 2.0), FAR);
        if room.is_none() {
            text = (numbered.len() + 1).to_string();
            numbered.push(format!("{text} {}", row.cell.row));
            room = places.near(at, (width(&text, SIZE), SIZE + 2.0), 1000.0);
        }
        let Some([left, top, right, bottom]) = room else {
            continue;
        };
        let near = (at.0.clamp(left, right), at.1.clamp(top, bottom));
        if (near.0 - at.0).hypot(near.1 - at.1) > 9.0 {
            frame.push(Mark::line(at, near, Ink::Quiet, 0.7));
        }
        let at = (left, bottom - 3.0);
        frame.push(Mark::text(at, text, SIZE, Anchor::Start, Ink::Text));
    }
    numbered
}

fn answer(rows: &[Priced]) -> String {
    let cpu = |row: &Priced| {
        let whole = |(low, high): (f64, f64)| (low as u64, high as u64);
        within_or_alone(row.cpu.median as u64, row.cpu.interval.map(whole))
    };
    let wall = |row: &Priced| within_or_alone(row.wall.median, row.wall.low.zip(row.wall.high));
    let (Some(cheapest), Some(fastest)) =
        (rows.first(), rows.iter().min_by_key(|row| row.wall.median))
    else {
        return String::new();
    };
    if cheapest.cell.row == fastest.cell.row {
        let row = &cheapest.cell.row;
        return format!(
            "{row} has the lowest medians of both: {} of CPU time per unit, and a makespan of {}.",
            cpu(cheapest),
            wall(cheapest)
        );
    }
    format!(
        "Lowest median CPU time per unit: {}, {}, with a makespan of {}. Lowest median makespan: {}, {}, for {} of CPU time per unit.",
        cheapest.cell.row,
        cpu(cheapest),
        wall(cheapest),
        fastest.cell.row,
        wall(fastest),
        cpu(fastest)
    )
}

fn below(frame: &mut Frame, numbered: &[String], unpriced: &[String], floor: bool) {
    if !numbered.is_empty() {
        frame.say(&format!("Numbers: {}.", numbered.join(", ")));
    }
    let bound = match floor {
        true => " The floor is a lower bound of the makespan that no schedule can beat.",
        false => "",
    };
    frame.say(&format!(
        "Points are medians, crosses their 95 % intervals. Where no cross is seen, it is smaller than the point, or there are too few \
         samples for an interval.{bound} Points that are near each other may be equal: the ratios say which are told apart."
    ));
    if !unpriced.is_empty() {
        frame.say(&format!("CPU time not measured: {}.", unpriced.join(", ")));
    }
}
