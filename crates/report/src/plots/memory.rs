//! Memory per unit: a bar from 0 for each row, with its samples and its interval.

use model::{CellSummary, Centre, Load, Observed, Outcome, Series, Slope, Summary};

use crate::numbers::{bytes, round_bytes};
use crate::plots::foot;
use crate::plots::frame::Frame;
use crate::plots::rows::Rows;
use crate::scene::{Anchor, Ink, Mark, Scale, Scene};

/// The picture of one workload; nothing where nobody measured the memory of any row.
pub(super) fn memory(summary: &Summary, load: &Load, observed: &[Observed]) -> Option<Scene> {
    let label = load.label();
    let centre = |cell: &CellSummary| {
        let own = observed.iter().find(|it| it.row == cell.row)?;
        let known = cell.outcome == Outcome::Measured;
        own.memory_per_unit_bytes.as_ref().filter(|_| known)
    };
    let own = |cell: &&CellSummary| cell.workload == label && cell.row.twin_of().is_none();
    let mut cells: Vec<(&CellSummary, Option<&Centre>)> = summary
        .cells
        .iter()
        .filter(own)
        .map(|cell| (cell, centre(cell)))
        .collect();
    let median = |it: &Option<&Centre>| it.map_or(f64::INFINITY, |it| it.median);
    cells.sort_by(|a, b| median(&a.1).total_cmp(&median(&b.1)));
    let known = || cells.iter().filter_map(|(_, centre)| *centre);
    let highest = known()
        .flat_map(|it| &it.values)
        .copied()
        .fold(0.0, f64::max);
    if highest <= 0.0 {
        return None;
    }
    let mut frame = Frame::new(
        &format!("{label}: how much memory does a unit add?"),
        &answer(&cells),
    );
    frame.say(&format!(
        "Resident memory that a sample of {} units adds to what is there with everything open, over the units. The server's is not in it.",
        observed.first().map_or(load.tasks, |it| it.units)
    ));
    let rows: Vec<&CellSummary> = cells.iter().map(|(cell, _)| *cell).collect();
    let rows = Rows::below(&frame, &rows, 22.0);
    let scale = Scale::linear(0.0, highest * 1.05, rows.left, rows.right);
    rows.aside(&mut frame, "memory per unit", rows.top - 10.0, Ink::Quiet);
    rows.ticks(&mut frame, scale, ticks(highest), |tick| {
        round_bytes(tick as u64)
    });
    for (index, (cell, centre)) in cells.iter().enumerate() {
        row(&mut frame, cell, *centre, scale, &rows, rows.y(index));
    }
    rows.end(&mut frame);
    frame.say(
        "Bars are medians, thin lines their 95 % intervals, dots samples. The kernel counts whole pages, and a sample first uses what an \
         earlier one has left. So 0 does not mean that a unit needs no memory. What one more unit needs is the slope over the number of units: the \
         scenario memory measures it.",
    );
    foot::caveats(&mut frame, summary, &label);
    foot::machine(&mut frame, summary);
    Some(frame.end())
}

/// The picture of a series over the number of units: what one more unit needs. Nothing where it has no slopes.
pub(super) fn slopes(summary: &Summary, series: &Series) -> Option<Scene> {
    let mut slopes: Vec<&Slope> = series.slopes.iter().collect();
    slopes.sort_by(|a, b| a.bytes_per_unit.total_cmp(&b.bytes_per_unit));
    let highest = slopes.last()?.bytes_per_unit;
    if highest <= 0.0 {
        return None;
    }
    let title = format!(
        "{}: how much memory does one more unit need?",
        series.workload
    );
    let answer = slopes_answer(series)?;
    let mut frame = Frame::new(&title, &answer);
    frame.say("The slope of the highest resident memory of the client process over the number of units. What it holds from the start is not in it.");
    let names: Vec<String> = slopes.iter().map(|it| it.strategy.clone()).collect();
    let rows = Rows::named(&frame, &names, 22.0);
    let scale = Scale::linear(0.0, highest * 1.05, rows.left, rows.right);
    rows.aside(&mut frame, "memory per unit", rows.top - 10.0, Ink::Quiet);
    rows.ticks(&mut frame, scale, ticks(highest), |tick| {
        round_bytes(tick as u64)
    });
    for (index, slope) in slopes.iter().enumerate() {
        let y = rows.y(index);
        rows.text(&mut frame, &slope.strategy, y);
        bar(&mut frame, &rows, scale, slope.bytes_per_unit, y);
        let text = format!("{}, {} sizes", said_slope(slope), slope.points);
        rows.aside(&mut frame, &text, y, Ink::Text);
    }
    rows.end(&mut frame);
    let without = summary.spec.strategies.iter();
    let without = without.filter(|it| !names.contains(it));
    let without: Vec<&str> = without.map(String::as_str).collect();
    if !without.is_empty() {
        frame.say(&format!(
            "Not measured, or at fewer than 3 sizes: {}.",
            without.join(", ")
        ));
    }
    frame.say(
        "There is no interval: a slope is one line through the peaks of a few sizes. Small differences mean nothing.",
    );
    foot::caveats_of_series(&mut frame, summary, series);
    foot::machine(&mut frame, summary);
    Some(frame.end())
}

/// The rows that need least and most.
pub(super) fn slopes_answer(series: &Series) -> Option<String> {
    let by_size = |a: &&Slope, b: &&Slope| a.bytes_per_unit.total_cmp(&b.bytes_per_unit);
    let least = series.slopes.iter().min_by(by_size)?;
    let most = series.slopes.iter().max_by(by_size)?;
    Some(format!(
        "From {} ({}) to {} ({}).",
        said_slope(least),
        least.strategy,
        said_slope(most),
        most.strategy
    ))
}

fn said_slope(slope: &Slope) -> String {
    match slope.bytes_per_unit > 0.0 {
        true => bytes(slope.bytes_per_unit as u64),
        false => "none seen".to_owned(),
    }
}

/// A bar from 0, never too narrow to be seen.
fn bar(frame: &mut Frame, rows: &Rows, scale: Scale, value: f64, y: f64) {
    let (zero, end) = (scale.place(0.0), scale.place(value));
    let high = rows.step * 0.6;
    frame.push(Mark::Area {
        at: (zero, y - high / 2.0),
        size: ((end - zero).max(1.5), high),
        ink: Ink::Bar,
    });
}

fn row(
    frame: &mut Frame,
    cell: &CellSummary,
    centre: Option<&Centre>,
    scale: Scale,
    rows: &Rows,
    y: f64,
) {
    rows.name(frame, cell, y);
    let Some(centre) = centre else {
        let why = match cell.outcome {
            Outcome::Measured => "not measured",
            Outcome::Unsupported => "cannot run it",
            Outcome::Failed => "no result",
        };
        let at = (rows.left + 4.0, y + 4.0);
        frame.push(Mark::text(at, why, 11.0, Anchor::Start, Ink::Quiet));
        return;
    };
    bar(frame, rows, scale, centre.median, y);
    let place = |(index, sample): (usize, &f64)| {
        let away = (index % 5) as f64 - 2.0;
        (scale.place(*sample), y + away * rows.step * 0.1)
    };
    frame.push(Mark::Dots {
        places: centre.values.iter().enumerate().map(place).collect(),
        radius: 1.8,
        ink: Ink::Sample,
    });
    if let Some((low, high)) = centre.interval {
        let (low, high) = ((scale.place(low), y), (scale.place(high), y));
        frame.push(Mark::line(low, high, Ink::Estimate, 2.0));
    }
    rows.aside(frame, &said(centre), y, Ink::Text);
}

/// Multiples of a power of 2, from 0, about six of them.
fn ticks(highest: f64) -> Vec<f64> {
    let step = 2f64.powf((highest / 6.0).max(1.0).log2().ceil());
    let count = (highest * 1.05 / step).floor() as u32;
    (0..=count).map(|index| f64::from(index) * step).collect()
}

/// The median with its interval.
fn said(centre: &Centre) -> String {
    let text = |value: f64| bytes(value as u64);
    match centre.interval {
        Some((low, high)) => format!("{} ({}-{})", text(centre.median), text(low), text(high)),
        None => format!("{} (no interval)", text(centre.median)),
    }
}

fn answer(cells: &[(&CellSummary, Option<&Centre>)]) -> String {
    let known = cells
        .iter()
        .filter_map(|(cell, centre)| Some((cell, (*centre)?)));
    let known: Vec<_> = known.collect();
    let ([first, .., last], true) = (known.as_slice(), known.len() > 1) else {
        return "One row has a result.".to_owned();
    };
    let zeros = known.iter().filter(|it| it.1.median == 0.0).count();
    let most = format!("Most: {}, {}.", last.0.row, said(last.1));
    match zeros {
        0 | 1 => format!("Least: {}, {}. {most}", first.0.row, said(first.1)),
        _ => format!(
            "In {zeros} of {} rows the median sample adds nothing. {most}",
            known.len()
        ),
    }
}
