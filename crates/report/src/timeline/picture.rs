//! A timeline as a picture: lanes of units, and the threads below them, one strategy below the other.

use model::timeline::{Gist, Lane, Lanes, Span, SpanKind, lanes};
use model::{TimedRow, Timeline};

use crate::numbers::{duration, round_duration};
use crate::plots::frame::{EDGE, Frame, WIDTH};
use crate::scene::{Anchor, Ink, Mark, Scale, Scene, shortened, width, width_bold};
use crate::timeline::sentence;

/// Where names end and times begin.
const LEFT: f64 = 150.0;

/// More lanes of one kind are only counted.
const MOST: usize = 64;

/// The narrowest span that an eye can see.
const SEEN: f64 = 0.8;

/// The picture of one workload, as a kind and a scene for the page of its run.
pub(crate) fn scenes(timelines: &[Timeline]) -> Vec<(String, Scene)> {
    let one = |timeline: &Timeline| {
        let mut frame = Frame::new(&sentence::title(timeline), &sentence::subtitle(timeline));
        draw(&mut frame, timeline);
        frame.say(sentence::CAVEAT);
        (timeline.workload.clone(), frame.end())
    };
    timelines.iter().map(one).collect()
}

/// One picture of all.
pub(super) fn all(timelines: &[Timeline]) -> Scene {
    let (first, others) = timelines.split_first().expect("somebody asked for one");
    let mut frame = Frame::new(&sentence::title(first), &sentence::subtitle(first));
    draw(&mut frame, first);
    for timeline in others {
        frame.y += 12.0;
        frame.head(&sentence::title(timeline));
        frame.say(&sentence::subtitle(timeline));
        draw(&mut frame, timeline);
    }
    frame.say(sentence::CAVEAT);
    frame.end()
}

fn draw(frame: &mut Frame, timeline: &Timeline) {
    legend(frame);
    let end = timeline.end_ns().max(1);
    let scale = Scale::linear(0.0, end as f64 * 1.01, LEFT, WIDTH - EDGE);
    let floor = timeline.floor_ns.filter(|floor| *floor > 0);
    if let Some(floor) = floor {
        let text = format!("floor {}", duration(floor));
        let half = width(&text, 11.0) / 2.0;
        let x = scale
            .place(floor as f64)
            .clamp(LEFT + half, WIDTH - EDGE - half);
        frame.y += 14.0;
        frame.push(Mark::text(
            (x, frame.y),
            text,
            11.0,
            Anchor::Middle,
            Ink::Floor,
        ));
    }
    for row in &timeline.rows {
        strategy(frame, row, scale, floor);
    }
    frame.y += 14.0;
    for tick in scale.ticks(8) {
        let at = (scale.place(tick), frame.y);
        let anchor = if tick == 0.0 {
            Anchor::Start
        } else {
            Anchor::Middle
        };
        let half = width(&round_duration(tick as u64), 11.0) / 2.0;
        if at.0 + half <= WIDTH {
            frame.push(Mark::text(
                at,
                round_duration(tick as u64),
                11.0,
                anchor,
                Ink::Quiet,
            ));
        }
    }
    frame.y += 10.0;
}

fn strategy(frame: &mut Frame, row: &TimedRow, scale: Scale, floor: Option<u64>) {
    frame.y += 22.0;
    let name = shortened(&row.strategy, 13.0, 300.0);
    let after = EDGE + width_bold(&name, 13.0) + 14.0;
    frame.push(Mark::bold((EDGE, frame.y), name, 13.0));
    let Some(trace) = &row.trace else {
        let reason = row.reason.as_deref().unwrap_or("no reason was given");
        let text = shortened(
            &format!("no timeline: {reason}"),
            11.0,
            WIDTH - EDGE - after,
        );
        frame.push(Mark::text(
            (after, frame.y),
            text,
            11.0,
            Anchor::Start,
            Ink::Quiet,
        ));
        return;
    };
    let lanes = lanes(trace);
    let gist = sentence::gist(&Gist::of(trace, &lanes));
    let gist = shortened(&gist, 11.0, WIDTH - EDGE - after);
    frame.push(Mark::text(
        (after, frame.y),
        gist,
        11.0,
        Anchor::Start,
        Ink::Quiet,
    ));
    let top = frame.y + 6.0;
    units(frame, &lanes, scale);
    threads(frame, &lanes, scale);
    for tick in scale.ticks(8) {
        let x = scale.place(tick);
        frame.push(Mark::line((x, top), (x, frame.y), Ink::Grid, 0.6));
    }
    if let Some(floor) = floor {
        let x = scale.place(floor as f64);
        frame.push(Mark::line((x, top), (x, frame.y), Ink::Floor, 1.2));
    }
}

fn units(frame: &mut Frame, lanes: &Lanes, scale: Scale) {
    let step = match lanes.units.len() {
        0..=12 => 15.0,
        13..=32 => 8.0,
        _ => 4.0,
    };
    frame.y += 6.0;
    for (index, lane) in lanes.units.iter().take(MOST).enumerate() {
        frame.y += step;
        if step > 10.0 {
            let name = (LEFT - 8.0, frame.y - 2.5);
            frame.push(Mark::text(
                name,
                unit_name(lane),
                11.0,
                Anchor::End,
                Ink::Text,
            ));
        } else if index == 0 {
            let name = (LEFT - 8.0, frame.y + 4.0);
            let text = format!("{} lanes of units", lanes.units.len());
            frame.push(Mark::text(name, text, 11.0, Anchor::End, Ink::Text));
        }
        drawn(frame, lane, scale, frame.y, step - 2.0);
    }
    if let Some(more) = lanes.units.len().checked_sub(MOST).filter(|more| *more > 0) {
        frame.y += 14.0;
        let text = format!("{more} more lanes of units are not drawn");
        frame.push(Mark::text(
            (LEFT, frame.y - 2.0),
            text,
            11.0,
            Anchor::Start,
            Ink::Quiet,
        ));
    }
    // Names of a few narrow lanes need room below them.
    if step < 10.0 {
        frame.y = frame
            .y
            .max(frame.y + 12.0 - step * lanes.units.len() as f64);
    }
}

fn unit_name(lane: &Lane) -> String {
    let mut numbers: Vec<u64> = lane.spans.iter().map(|span| span.unit).collect();
    numbers.dedup();
    match numbers.as_slice() {
        [one] => format!("unit {one}"),
        [first, .., last] => format!("{} units, {first} to {last}", numbers.len()),
        [] => String::new(),
    }
}

/// Threads that ran units. Many of them have narrow lines without names.
fn threads(frame: &mut Frame, lanes: &Lanes, scale: Scale) {
    let named = lanes.threads.len() <= 8;
    let step = if named { 13.0 } else { 4.0 };
    frame.y += 5.0;
    for (index, lane) in lanes.threads.iter().take(MOST).enumerate() {
        frame.y += step;
        let name = match (named, index) {
            (true, _) => Some((
                shortened(&lane.name, 10.0, LEFT - EDGE - 8.0),
                frame.y - 1.5,
            )),
            (false, 0) => Some((format!("{} threads", lanes.threads.len()), frame.y + 4.0)),
            (false, _) => None,
        };
        if let Some((name, y)) = name {
            frame.push(Mark::text(
                (LEFT - 8.0, y),
                name,
                10.0,
                Anchor::End,
                Ink::Quiet,
            ));
        }
        let line = frame.y - step / 2.0 + 0.5;
        frame.push(Mark::line(
            (LEFT, line),
            (WIDTH - EDGE, line),
            Ink::Grid,
            0.6,
        ));
        drawn(
            frame,
            lane,
            scale,
            frame.y - if named { 2.0 } else { 0.0 },
            if named { 8.0 } else { 3.0 },
        );
    }
}

/// The spans of a lane, which ends at `bottom` and is so high. Waiting is a thin line, and what a thread does has the whole height.
fn drawn(frame: &mut Frame, lane: &Lane, scale: Scale, bottom: f64, height: f64) {
    for span in merged(&lane.spans, scale) {
        let (from, until) = (
            scale.place(span.from_ns as f64),
            scale.place(span.until_ns as f64),
        );
        let (share, ink) = match span.kind {
            SpanKind::Waiting => (0.3, Ink::Waiting),
            SpanKind::Holding => (1.0, Ink::Holding),
            SpanKind::Working => (1.0, Ink::Working),
        };
        let thick = (height * share).max(1.0);
        frame.push(Mark::Area {
            at: (from, bottom - height / 2.0 - thick / 2.0),
            size: ((until - from).max(SEEN), thick),
            ink,
        });
    }
}

/// Neighbours of one kind that no eye can tell apart, as one. Thousands of polls would make a large file.
fn merged(spans: &[Span], scale: Scale) -> Vec<Span> {
    let mut merged: Vec<Span> = Vec::new();
    for span in spans {
        let near = |last: &Span| {
            let gap = scale.place(span.from_ns as f64) - scale.place(last.until_ns as f64);
            last.kind == span.kind && gap < 0.3
        };
        match merged.last_mut() {
            Some(last) if near(last) && last.unit == span.unit => last.until_ns = span.until_ns,
            _ => merged.push(*span),
        }
    }
    merged
}

fn legend(frame: &mut Frame) {
    let items = [
        (Ink::Waiting, 0.3, "waits, no thread is busy with it"),
        (Ink::Holding, 1.0, "waits and holds its thread"),
        (Ink::Working, 1.0, "a thread runs it"),
    ];
    frame.y += 16.0;
    let (mut x, y) = (EDGE, frame.y);
    for (ink, share, text) in items {
        let thick = 10.0 * share;
        frame.push(Mark::Area {
            at: (x, y - 4.0 - thick / 2.0),
            size: (22.0, thick),
            ink,
        });
        x += 28.0;
        frame.push(Mark::text((x, y), text, 11.0, Anchor::Start, Ink::Text));
        x += width(text, 11.0) + 24.0;
    }
    frame.y += 4.0;
}
