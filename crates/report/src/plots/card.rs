//! One picture for sharing: the question of a run, its answer and a few rows, in the size that social networks show.

use model::{CellSummary, Load, Outcome, Summary};

use crate::answer::{first, second};
use crate::numbers::{duration, size, times, within_or_alone};
use crate::scene::{Anchor, Ink, Mark, Scale, Scene, shortened, width, wrapped, wrapped_bold};
use crate::tables::notes;

/// The size that Open Graph and others recommend.
const SIZE: (f64, f64) = (1200.0, 630.0);

/// The room at all sides.
const EDGE: f64 = 48.0;

/// More rows cannot be read on a small screen.
const MOST: usize = 7;

/// Lines of the answer.
const ANSWER: usize = 3;

/// Lines below the rows.
const FOOT: usize = 5;

/// Where bars begin and end.
const BARS: (f64, f64) = (330.0, 800.0);

/// The size of names and numbers.
const TEXT: f64 = 19.0;

/// The size of what stands below.
const SMALL: f64 = 15.0;

/// The card of a run; nothing where no workload has makespans of two rows.
pub(super) fn card(summary: &Summary) -> Option<Scene> {
    let loads = summary.spec.workloads.iter();
    let loads = loads.filter(|load| !load.calibration);
    let with_rows: Vec<(&Load, Vec<&CellSummary>)> = loads
        .map(|load| (load, measured(summary, &load.label())))
        .filter(|(_, cells)| cells.len() > 1)
        .collect();
    // Of a sweep its last size: at the first, rows often do the same.
    let first = with_rows.first()?.0;
    let same = |it: &(&Load, _)| it.0.name == first.name;
    let (load, cells) = with_rows.into_iter().take_while(same).last()?;
    let label = load.label();
    let units = match load.tasks {
        1 => "1 unit".to_owned(),
        many => format!("{} units", size(many as f64)),
    };
    let title = format!("{label}: which strategy finishes {units} first?");
    let answer = answer(summary, &label);
    let shown = shown(&cells, summary, &answer.join(" "));
    let mut marks = Vec::new();
    let mut y = EDGE;
    for line in cut(wrapped_bold(&title, 34.0, SIZE.0 - 2.0 * EDGE), 2) {
        y += 26.0;
        marks.push(Mark::bold((EDGE, y), line, 34.0));
        y += 14.0;
    }
    for line in &answer {
        y += 28.0;
        marks.push(Mark::text((EDGE, y), line, 22.0, Anchor::Start, Ink::Text));
    }
    y += 30.0;
    let setup = format!(
        "Each waits {}, at most {} are in flight. Makespan: the time until all are done.",
        load.latency,
        load.concurrency(&summary.spec)
    );
    let setup = shortened(&setup, 17.0, SIZE.0 - 2.0 * EDGE);
    marks.push(Mark::text(
        (EDGE, y),
        setup,
        17.0,
        Anchor::Start,
        Ink::Quiet,
    ));
    let foot = foot(summary, load, &shown, cells.len());
    let bottom = SIZE.1 - 22.0 - 19.0 * foot.len() as f64;
    rows(&mut marks, &shown, summary, (y + 40.0, bottom - 8.0));
    for (index, line) in foot.iter().enumerate() {
        let at = (EDGE, bottom + 15.0 + 19.0 * index as f64);
        marks.push(Mark::text(at, line, SMALL, Anchor::Start, Ink::Quiet));
    }
    Some(Scene {
        width: SIZE.0,
        height: SIZE.1,
        title,
        description: [answer, foot].concat().join(" "),
        marks,
    })
}

/// The rows of a workload that have makespans, the fastest first.
fn measured<'a>(summary: &'a Summary, label: &str) -> Vec<&'a CellSummary> {
    let own = |cell: &&CellSummary| {
        cell.workload == label
            && cell.row.twin_of().is_none()
            && cell.outcome == Outcome::Measured
            && cell.wall_ns.is_some_and(|it| it.median > 0)
    };
    let mut cells: Vec<&CellSummary> = summary.cells.iter().filter(own).collect();
    cells.sort_by_key(|cell| cell.wall_ns.map_or(u64::MAX, |it| it.median));
    cells
}

/// At most so many of them: the reference, the slowest, those that the answer names, and others evenly by rank.
fn shown<'a>(cells: &[&'a CellSummary], summary: &Summary, answer: &str) -> Vec<&'a CellSummary> {
    let last = cells.len() - 1;
    let words = || answer.split([' ', ',', ';', '(']);
    let named = |rank: &usize| {
        let row = cells[*rank].row.to_string();
        words().any(|word| word.trim_end_matches(['.', ':']) == row)
    };
    let reference = |rank: &usize| cells[*rank].row == summary.spec.reference;
    let all = || 0..cells.len();
    let evenly = (0..MOST).map(|it| it * last / (MOST - 1));
    let wanted = all().filter(reference).chain([0, last]);
    let wanted = wanted.chain(all().filter(named)).chain(evenly).chain(all());
    let mut ranks: Vec<usize> = Vec::new();
    for rank in wanted {
        if ranks.len() < MOST && !ranks.contains(&rank) {
            ranks.push(rank);
        }
    }
    ranks.sort_unstable();
    ranks.into_iter().map(|rank| cells[rank]).collect()
}

/// So many lines at most. The last one says that there is more.
fn cut(mut lines: Vec<String>, most: usize) -> Vec<String> {
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            let kept = last.rsplit_once(' ').map_or(last.as_str(), |it| it.0);
            *last = format!("{kept} ...");
        }
    }
    lines
}

/// Which rows are ahead, and by how much where that fits as a whole.
fn answer(summary: &Summary, label: &str) -> Vec<String> {
    let lines = |text: &str| wrapped(text, 22.0, SIZE.0 - 2.0 * EDGE);
    let first = first(summary, label).unwrap_or_else(|| "No verdict: too few rounds.".to_owned());
    let whole = second(summary, label).map(|second| lines(&format!("{first} {second}")));
    match whole.filter(|it| it.len() <= ANSWER) {
        Some(whole) => whole,
        None => cut(lines(&first), ANSWER),
    }
}

/// Bars from 0 with intervals, and the floor, between two heights.
fn rows(
    marks: &mut Vec<Mark>,
    shown: &[&CellSummary],
    summary: &Summary,
    (top, bottom): (f64, f64),
) {
    let ends = shown.iter().filter_map(|cell| cell.wall_ns);
    let ends = ends.flat_map(|it| [it.median, it.high.unwrap_or(0)]);
    let floor = shown.iter().find_map(|it| it.floor_ns).filter(|it| *it > 0);
    let highest = ends.chain(floor).max().unwrap_or(1) as f64;
    let scale = Scale::linear(0.0, highest * 1.02, BARS.0, BARS.1);
    let step = ((bottom - top) / shown.len() as f64).min(58.0);
    let end = top + step * shown.len() as f64;
    for (index, cell) in shown.iter().enumerate() {
        let y = top + step * (index as f64 + 0.5);
        let Some(wall) = cell.wall_ns else { continue };
        let name = shortened(&cell.row.to_string(), TEXT, BARS.0 - EDGE - 14.0);
        let at = (BARS.0 - 14.0, y + 6.0);
        marks.push(Mark::text(at, name, TEXT, Anchor::End, Ink::Text));
        marks.push(Mark::Area {
            at: (BARS.0, y - step * 0.33),
            size: (scale.place(wall.median as f64) - BARS.0, step * 0.66),
            ink: Ink::Bar,
        });
        if let Some((low, high)) = wall.low.zip(wall.high) {
            let (low, high) = (scale.place(low as f64), scale.place(high as f64));
            // An interval that is narrower than this could not be seen.
            let high = high.max(low + 2.0);
            marks.push(Mark::line((low, y), (high, y), Ink::Estimate, step * 0.3));
        }
        let text = shortened(&said(cell, summary), 17.0, SIZE.0 - EDGE - BARS.1 - 16.0);
        let at = (BARS.1 + 16.0, y + 6.0);
        marks.push(Mark::text(at, text, 17.0, Anchor::Start, Ink::Text));
    }
    marks.push(Mark::line((BARS.0, top), (BARS.0, end), Ink::Quiet, 1.0));
    if let Some(floor) = floor {
        let x = scale.place(floor as f64);
        marks.push(Mark::line((x, top - 4.0), (x, end), Ink::Floor, 2.5));
        let text = format!("floor {}", duration(floor));
        let half = width(&text, 16.0) / 2.0;
        let at = (x.clamp(BARS.0 + half, BARS.1 - half), top - 8.0);
        marks.push(Mark::text(at, text, 16.0, Anchor::Middle, Ink::Floor));
    }
}

/// The makespan with its interval, and how many times as fast as the reference it is.
fn said(cell: &CellSummary, summary: &Summary) -> String {
    let wall = cell
        .wall_ns
        .map(|it| within_or_alone(it.median, it.low.zip(it.high)));
    let wall = wall.unwrap_or_default();
    match &cell.ratio {
        _ if cell.row == summary.spec.reference => format!("{wall}, reference"),
        Some(ratio) => format!("{wall}, {}", times(1.0 / ratio.estimate)),
        None => wall,
    }
}

/// How to read it, the caveats that there is room for, and where it was measured.
fn foot(summary: &Summary, load: &Load, shown: &[&CellSummary], of: usize) -> Vec<String> {
    let label = load.label();
    let lines = |text: &str| wrapped(text, SMALL, SIZE.0 - 2.0 * EDGE);
    let mut how = String::from(
        "Bars from 0: medians with 95 % intervals. x: times as fast as the reference.",
    );
    if shown.len() < of {
        how += &format!(
            " {} of {of} rows: the fastest, the slowest, the reference, those named above, and others evenly by rank.",
            shown.len()
        );
    }
    let machine = lines(&machine(summary, shown));
    let mut foot = lines(&how);
    let room = FOOT.saturating_sub(foot.len() + machine.len()).max(1);
    let cells: Vec<&CellSummary> = summary
        .cells
        .iter()
        .filter(|cell| cell.workload == label)
        .collect();
    let all = notes::in_pictures(summary, &label, &cells);
    let text = |count: usize| {
        let mut text = all[..count].join(" ");
        if count < all.len() {
            text += &format!(" More caveats in the report: {}.", all.len() - count);
        }
        lines(text.trim_start())
    };
    let fitting = (0..=all.len()).rev().map(text).find(|it| it.len() <= room);
    foot.extend(fitting.unwrap_or_default());
    foot.extend(machine);
    foot
}

/// The machine, the versions of what is shown, and the day.
fn machine(summary: &Summary, shown: &[&CellSummary]) -> String {
    let (computer, build) = (&summary.host.computer, &summary.host.build);
    let named = |package: &str| shown.iter().any(|it| it.row.strategy.starts_with(package));
    let packages = build.packages.iter().filter(|(name, _)| named(name));
    let packages: Vec<String> = packages
        .map(|(name, version)| format!(", {name} {version}"))
        .collect();
    let rustc = build.rustc.split(" (").next().unwrap_or_default();
    format!(
        "{}, {} processors, {} kernel {}; {rustc}{}; makespan {}, {}.",
        computer.cpu.as_deref().unwrap_or("unknown processor"),
        computer.processors,
        computer.system,
        computer.kernel.as_deref().unwrap_or("unknown"),
        packages.concat(),
        build.makespan,
        summary.host.started.get(..10).unwrap_or_default()
    )
}
