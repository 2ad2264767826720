//! What stands below every picture of a workload: what changes how it is read, and where it was measured.

use std::collections::BTreeMap;

use model::{CellSummary, Series, Summary};

use crate::numbers::size;
use crate::plots::frame::Frame;
use crate::tables::notes;

/// The caveats of a workload and of its rows.
pub(super) fn caveats(frame: &mut Frame, summary: &Summary, label: &str) {
    let own = |cell: &&CellSummary| cell.workload == label;
    let cells: Vec<&CellSummary> = summary.cells.iter().filter(own).collect();
    for caveat in notes::in_pictures(summary, label, &cells) {
        frame.say(&caveat);
    }
}

/// The same of all sizes of a series: at which sizes, and of which rows.
pub(super) fn caveats_of_series(frame: &mut Frame, summary: &Summary, series: &Series) {
    // In the order of the sizes.
    let mut of_sizes: Vec<(&str, Vec<String>)> = Vec::new();
    let mut of_rows: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for point in &series.points {
        let flags = summary.workload(&point.label).into_iter();
        for flag in flags.flat_map(|it| &it.flags) {
            let value = size(point.value);
            match of_sizes.iter_mut().find(|it| it.0 == flag.text) {
                Some((_, sizes)) => sizes.push(value),
                None => of_sizes.push((&flag.text, vec![value])),
            }
        }
        let own =
            |cell: &&CellSummary| cell.workload == point.label && cell.row.twin_of().is_none();
        for cell in summary.cells.iter().filter(own) {
            for flag in &cell.flags {
                let rows = of_rows.entry(&flag.text).or_default();
                let name = cell.row.to_string();
                if !rows.contains(&name) {
                    rows.push(name);
                }
            }
        }
    }
    for (text, sizes) in of_sizes {
        let sizes = match sizes.len() == series.points.len() {
            true => "every size".to_owned(),
            false => format!("{} = {}", series.parameter, sizes.join(" and ")),
        };
        frame.say(&format!("Caveat: {text} (at {sizes})."));
    }
    for (text, rows) in of_rows {
        frame.say(&format!("Caveat: {}: {text}.", rows.join(", ")));
    }
    // A row that fails for the same reason at many sizes is named once.
    let has = |cell: &&CellSummary| series.points.iter().any(|it| it.label == cell.workload);
    let mut failed: Vec<&CellSummary> = Vec::new();
    for cell in summary.cells.iter().filter(has) {
        let same = |it: &&CellSummary| {
            (&it.row, it.outcome, &it.reason) == (&cell.row, cell.outcome, &cell.reason)
        };
        if !failed.iter().any(same) {
            failed.push(cell);
        }
    }
    for missing in notes::no_results(failed.into_iter()) {
        frame.say(&format!("No result: {missing}."));
    }
    if summary.interrupted {
        frame.say("Caveat: the run was interrupted.");
    }
}

/// The machine, the version and the day.
pub(super) fn machine(frame: &mut Frame, summary: &Summary) {
    let host = &summary.host;
    frame.say(&format!(
        "{} processors, {}; makespan {}, {}. Absolute times hold for this machine alone.",
        host.computer.processors,
        host.computer.cpu.as_deref().unwrap_or("unknown processor"),
        host.build.makespan,
        host.started.get(..10).unwrap_or_default()
    ));
}
