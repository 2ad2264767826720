//! How long single units took: the curves of each row over percentiles, as HdrHistogram draws them.

use std::cmp::Ordering;

use model::{CellSummary, Load, Observed, Outcome, Quantile, Summary};

use crate::numbers::{duration, round_duration, within_or_alone};
use crate::plots::foot;
use crate::plots::frame::Frame;
use crate::plots::plane::{Name, Plane};
use crate::scene::{Ink, Mark, Scale, Scene};

/// More curves cannot be told apart.
const MOST: usize = 8;

/// A curve ends where fewer units are beyond it: those few are chance.
const FEWEST: u64 = 5;

/// Latencies that differ by more than this factor are on a logarithmic scale.
const WIDE: f64 = 8.0;

/// Percentiles at which there are ticks, as shares.
const TICKS: [f64; 7] = [0.0, 0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999];

/// Places along a curve.
const STEPS: u32 = 90;

/// A row with the latencies of its units.
#[derive(Clone, Copy)]
struct Curve<'a> {
    cell: &'a CellSummary,
    own: &'a Observed,
    count: u64,
}

impl Curve<'_> {
    /// The latency at a share of all units, by nearest rank.
    fn at(&self, share: f64) -> f64 {
        let rank = (share * self.count as f64).ceil().max(1.0) as u64;
        let latencies = self.own.latencies.as_ref();
        latencies.and_then(|it| it.at(rank)).unwrap_or(0) as f64
    }

    /// The share at which the curve ends.
    fn end(&self) -> f64 {
        1.0 - FEWEST as f64 / self.count as f64
    }

    /// Quantiles that have intervals and are on the curve.
    fn quantiles(&self) -> Vec<(f64, Quantile)> {
        let all = self.cell.latencies.iter();
        let all = all.flat_map(|it| {
            [
                (0.5, Some(it.p50_ns)),
                (0.9, Some(it.p90_ns)),
                (0.99, it.p99_ns),
            ]
        });
        let known = all.filter_map(|(share, quantile)| Some((share, quantile?)));
        known
            .filter(|(share, _)| *share <= self.end() + 1e-9)
            .collect()
    }
}

/// The picture of one workload; nothing where its units have no latencies, or too few.
pub(super) fn latency(summary: &Summary, load: &Load, observed: &[Observed]) -> Option<Scene> {
    let label = load.label();
    let all = curves(summary, &label, observed);
    let share = [0.99, 0.9, 0.5].into_iter().find(|share| {
        let has = |curve: &Curve| curve.quantiles().iter().any(|it| it.0 == *share);
        !all.is_empty() && all.iter().all(has)
    })?;
    let (drawn, left) = chosen(summary, all, share);
    let mut frame = Frame::new(
        &format!("{label}: how long does one unit take?"),
        &answer(&drawn, &left, share),
    );
    frame.say(if drawn.iter().any(|it| it.cell.paced) {
        "Each unit has a time at which it should begin, and its latency counts from there: what holds it up is in it."
    } else {
        "A latency counts from when the unit begins. Time in which it waits for its turn is not in it."
    });
    let plane = Plane::with_names(&frame);
    let scales = scales(&drawn, &plane);
    let log = scales.1.is_log();
    let title = format!(
        "latency of a unit{}",
        if log { ", logarithmic" } else { "" }
    );
    plane.up(&mut frame, scales.1, &title, |tick| {
        round_duration(tick as u64)
    });
    let last = drawn.iter().map(|it| it.end()).fold(0.0, f64::max);
    for tick in TICKS.into_iter().filter(|tick| *tick <= last + 1e-9) {
        plane.tick(
            &mut frame,
            scales.0.place(nines(tick)),
            Some(format!("{} %", tick * 100.0)),
        );
    }
    let mut names = Vec::new();
    for (index, curve) in drawn.iter().enumerate() {
        names.push(draw(&mut frame, curve, index, drawn.len(), scales, share));
    }
    plane.names(&mut frame, names);
    plane.across(
        &mut frame,
        "percentile of the units; each further nine takes the same room",
        0.0,
    );
    below(&mut frame, summary, &label, &drawn, &left, share);
    Some(frame.end())
}

/// The rows that have enough units, in order.
fn curves<'a>(summary: &'a Summary, label: &str, observed: &'a [Observed]) -> Vec<Curve<'a>> {
    let own = |cell: &&CellSummary| {
        cell.workload == label && cell.row.twin_of().is_none() && cell.outcome == Outcome::Measured
    };
    let curve = |cell: &'a CellSummary| {
        let own = observed.iter().find(|it| it.row == cell.row)?;
        let count = own.latencies.as_ref()?.count();
        (count >= 4 * FEWEST).then_some(Curve { cell, own, count })
    };
    summary.cells.iter().filter(own).filter_map(curve).collect()
}

/// The curves that are drawn, the lowest first, and those that are not.
fn chosen<'a>(
    summary: &Summary,
    mut all: Vec<Curve<'a>>,
    share: f64,
) -> (Vec<Curve<'a>>, Vec<Curve<'a>>) {
    let by = |a: &Curve, b: &Curve| -> Ordering { a.at(share).total_cmp(&b.at(share)) };
    all.sort_by(by);
    if all.len() <= MOST {
        return (all, Vec::new());
    }
    let reference = |it: &Curve| it.cell.row == summary.spec.reference;
    let (mut drawn, mut others): (Vec<_>, Vec<_>) = all.into_iter().partition(reference);
    let each = MOST - drawn.len();
    let high = others.split_off(others.len() - each / 2);
    let left = others.split_off(each - each / 2);
    drawn.extend(others.into_iter().chain(high));
    drawn.sort_by(by);
    (drawn, left)
}

/// How far to the right a share is: each further nine is as far again.
fn nines(share: f64) -> f64 {
    (1.0 / (1.0 - share)).ln()
}

fn scales(drawn: &[Curve], plane: &Plane) -> (Scale, Scale) {
    let last = drawn.iter().map(|it| it.end()).fold(0.0, f64::max);
    let across = Scale::linear(0.0, nines(last), plane.left, plane.right);
    let ends = drawn.iter().flat_map(|curve| {
        let intervals = curve.quantiles().into_iter();
        let intervals = intervals.flat_map(|(_, it)| [it.low_ns, it.high_ns]);
        let intervals = intervals.flatten().map(|it| it as f64);
        intervals.chain([curve.at(0.0), curve.at(curve.end())])
    });
    let ends: Vec<f64> = ends.collect();
    let lowest = ends.iter().copied().fold(f64::INFINITY, f64::min).max(1.0);
    let highest = ends.iter().copied().fold(lowest, f64::max);
    let room = (highest - lowest) * 0.05;
    let up = match highest / lowest > WIDE {
        true => Scale::log(lowest * 0.9, highest * 1.1, plane.bottom, plane.top),
        false => Scale::linear(lowest - room, highest + room, plane.bottom, plane.top),
    };
    (across, up)
}

/// One curve with its intervals, and its name.
fn draw(
    frame: &mut Frame,
    curve: &Curve,
    index: usize,
    of: usize,
    (across, up): (Scale, Scale),
    share: f64,
) -> Name {
    let ink = Ink::Series(index);
    let end = nines(curve.end());
    let place = |step: u32| {
        let nines = end * f64::from(step) / f64::from(STEPS);
        let share = (1.0 - (-nines).exp()).max(0.0);
        (across.place(nines), up.place(curve.at(share)))
    };
    let places: Vec<(f64, f64)> = (0..=STEPS).map(place).collect();
    let last = places[places.len() - 1];
    frame.push(Mark::Path {
        places,
        ink,
        width: 1.8,
    });
    for (at, quantile) in curve.quantiles() {
        // Side by side, so that none hides another.
        let aside = (index as f64 - (of as f64 - 1.0) / 2.0) * 3.0;
        let x = across.place(nines(at)) + aside;
        if let Some((low, high)) = quantile.low_ns.zip(quantile.high_ns) {
            let (low, high) = ((x, up.place(low as f64)), (x, up.place(high as f64)));
            frame.push(Mark::line(low, high, Ink::Text, 1.2));
        }
        frame.push(Mark::Dot {
            at: (x, up.place(quantile.value_ns as f64)),
            radius: 2.0,
            ink,
            hint: Some(format!(
                "{}, {}: {}",
                curve.cell.row,
                percentile(at),
                duration(quantile.value_ns)
            )),
        });
    }
    Name {
        end: last,
        ink,
        name: curve.cell.row.to_string(),
        more: said(curve, share).into_iter().collect(),
    }
}

/// A quantile in words, with its interval.
fn said(curve: &Curve, share: f64) -> Option<String> {
    let quantiles = curve.quantiles();
    let (_, it) = quantiles.iter().find(|it| it.0 == share)?;
    let interval = it.low_ns.zip(it.high_ns);
    Some(format!(
        "{} {}",
        percentile(share),
        within_or_alone(it.value_ns, interval)
    ))
}

fn percentile(share: f64) -> String {
    format!("p{}", share * 100.0)
}

/// The lowest and the highest row, and whether their intervals tell them apart.
fn answer(drawn: &[Curve], left: &[Curve], share: f64) -> String {
    let of = drawn.len() + left.len();
    let ([first, .., last], true) = (drawn, of > 1) else {
        let only = drawn
            .first()
            .and_then(|it| Some((it.cell, said(it, share)?)));
        return only.map_or_else(String::new, |(cell, said)| format!("{}: {said}.", cell.row));
    };
    let ends = |curve: &Curve| {
        let quantiles = curve.quantiles();
        let it = quantiles.into_iter().find(|it| it.0 == share)?.1;
        it.low_ns.zip(it.high_ns)
    };
    let Some(lowest) = ends(first) else {
        return "There are too few units for intervals.".to_owned();
    };
    let others = drawn[1..].iter().chain(left).filter_map(ends);
    let so = match others.filter(|it| it.0 <= lowest.1).count() {
        0 => "No other interval reaches that.".to_owned(),
        count if count == of - 1 => "The intervals of all rows overlap with it.".to_owned(),
        1 => "The interval of 1 other row overlaps with it.".to_owned(),
        count => format!("The intervals of {count} other rows overlap with it."),
    };
    let text = |curve: &Curve| said(curve, share).unwrap_or_default();
    format!(
        "Lowest: {}, {}. {so} Highest: {}, {}.",
        first.cell.row,
        text(first),
        last.cell.row,
        text(last)
    )
}

fn below(
    frame: &mut Frame,
    summary: &Summary,
    label: &str,
    drawn: &[Curve],
    left: &[Curve],
    share: f64,
) {
    let all = || drawn.iter().chain(left);
    let longest = all().filter_map(|it| Some((it.own.latencies.as_ref()?.max_ns(), it.cell)));
    let longest = longest.max_by_key(|it| it.0);
    let longest = longest.map_or_else(String::new, |(ns, cell)| {
        format!(" The longest of all took {} ({}).", duration(ns), cell.row)
    });
    frame.say(&format!(
        "A curve ends where fewer than {FEWEST} units are beyond it.{longest} Upright lines are 95 % intervals at 50, 90 and 99 %; they \
         take units for independent. Those of one sample are not, so the intervals are a little narrow. The upward scale does not begin at 0."
    ));
    if !left.is_empty() {
        let names: Vec<String> = left.iter().map(|it| it.cell.row.to_string()).collect();
        frame.say(&format!(
            "Drawn are the reference and the rows with the lowest and the highest {}, {MOST} in all. Between them, and not drawn: {}.",
            percentile(share),
            names.join(", ")
        ));
    }
    foot::caveats(frame, summary, label);
    foot::machine(frame, summary);
}
