//! A timeline in characters: one line per lane.

use std::fmt::Write;

use model::Timeline;
use model::timeline::{Gist, Lane, Span, SpanKind, lanes};

use crate::formats::escape::terminal;
use crate::formats::terminal::wrap;
use crate::numbers::round_duration;
use crate::timeline::sentence;

/// More lanes of one kind are only counted.
const MOST: usize = 16;

/// The width of names.
const NAME: usize = 15;

/// What stands for a span. The kinds differ by shape, so no colour is needed.
const fn mark(kind: SpanKind) -> char {
    match kind {
        SpanKind::Waiting => '-',
        SpanKind::Holding => '▒',
        SpanKind::Working => '█',
    }
}

/// All timelines.
pub(super) fn text(timelines: &[Timeline], width: usize) -> String {
    let all: Vec<String> = timelines.iter().map(|it| one(it, width)).collect();
    all.join("\n")
}

fn one(timeline: &Timeline, width: usize) -> String {
    let columns = width.saturating_sub(NAME + 3).max(20);
    let end = timeline.end_ns().max(1);
    let mut text = wrap("", &terminal(&sentence::title(timeline)));
    text += &wrap("", &terminal(&sentence::subtitle(timeline)));
    for row in &timeline.rows {
        let name = terminal(&row.strategy);
        let Some(trace) = &row.trace else {
            let reason = row.reason.as_deref().unwrap_or("no reason was given");
            text += &format!(
                "\n{}",
                wrap("", &format!("{name}: no timeline: {}", terminal(reason)))
            );
            continue;
        };
        let lanes = lanes(trace);
        let gist = sentence::gist(&Gist::of(trace, &lanes));
        text += &format!("\n{}", wrap("", &format!("{name}: {gist}")));
        push(&mut text, &lanes.units, "units", unit_name, (columns, end));
        push(
            &mut text,
            &lanes.threads,
            "threads",
            |lane| terminal(&lane.name),
            (columns, end),
        );
    }
    let (left, right) = ("0", round_duration(end));
    let between = columns.saturating_sub(left.len() + right.len());
    let _ = writeln!(text, "\n{:NAME$}  {left}{:between$}{right}", "", "");
    let marks = [SpanKind::Waiting, SpanKind::Holding, SpanKind::Working].map(mark);
    let legend = format!(
        "{0}{0} waits, no thread is busy with it   {1}{1} waits and holds its thread   {2}{2} works",
        marks[0], marks[1], marks[2]
    );
    text += &wrap("", &legend);
    text + &wrap("", sentence::CAVEAT)
}

/// The numbers of the units in a lane, as far as there is room.
fn unit_name(lane: &Lane) -> String {
    let mut numbers: Vec<u64> = lane.spans.iter().map(|span| span.unit).collect();
    numbers.dedup();
    match numbers.as_slice() {
        [one] => format!("unit {one}"),
        [first, second] => format!("{first}, {second}"),
        [first, second, ..] => format!("{first}, {second}, ..."),
        [] => String::new(),
    }
}

fn push(
    text: &mut String,
    lanes: &[Lane],
    noun: &str,
    name: impl Fn(&Lane) -> String,
    (columns, end): (usize, u64),
) {
    for lane in lanes.iter().take(MOST) {
        let name: String = name(lane).chars().take(NAME).collect();
        let drawn = drawn(&lane.spans, columns, end);
        let _ = writeln!(text, "{name:>NAME$} |{}", drawn.trim_end());
    }
    if let Some(more) = lanes.len().checked_sub(MOST).filter(|more| *more > 0) {
        let _ = writeln!(text, "{:NAME$}  {more} more {noun}", "");
    }
}

/// A lane: each column shows what took most of its time.
fn drawn(spans: &[Span], columns: usize, end: u64) -> String {
    let edge = |column: usize| end as f64 * column as f64 / columns as f64;
    let column = |column: usize| {
        let (low, high) = (edge(column), edge(column + 1));
        let took = |kind| -> f64 {
            let own = spans.iter().filter(|span| span.kind == kind);
            own.map(|span| (high.min(span.until_ns as f64) - low.max(span.from_ns as f64)).max(0.0))
                .sum()
        };
        let kinds = [SpanKind::Waiting, SpanKind::Holding, SpanKind::Working];
        let most = kinds
            .into_iter()
            .map(|kind| (took(kind), kind))
            .max_by(|a, b| a.0.total_cmp(&b.0));
        match most {
            Some((time, kind)) if time > (high - low) / 2.0 => mark(kind),
            Some((time, kind)) if time > 0.0 && columns_touched(spans, low, high) => mark(kind),
            _ => ' ',
        }
    };
    (0..columns).map(column).collect()
}

/// Whether a unit begins in this stretch of time: then it shows, however short it is.
fn columns_touched(spans: &[Span], low: f64, high: f64) -> bool {
    let begins = |span: &Span| (low..high).contains(&(span.from_ns as f64));
    spans.iter().any(begins)
}
