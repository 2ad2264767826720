//! The tables of one workload: its makespans, and what was seen beside them.

use model::{CellSummary, Load, Summary};

use crate::note::Note;
use crate::numbers::duration;
use crate::question;
use crate::table::{Fit, Table};
use crate::tables::columns::{bars, behaviour, heartbeats, latencies, makespans, resources, table};
use crate::tables::{computing, notes};

/// All tables of a workload.
///
/// The second entry of an A/A pair is no row. What it says is the noise floor, which is a note.
pub(crate) fn tables(summary: &Summary, load: &Load) -> Vec<Table> {
    let label = load.label();
    let all = summary.cells.iter().filter(|cell| cell.workload == label);
    let (cells, twins): (Vec<_>, Vec<_>) = all.partition(|cell| cell.row.twin_of().is_none());
    let title = title(summary, load, &cells);
    let of_rows = notes::of_rows(&cells, &twins);
    if cells.iter().any(|cell| !cell.verdicts.is_empty()) {
        return vec![Table {
            notes: of_rows,
            ..table(title, &cells, behaviour())
        }];
    }
    let mut notes = of_rows;
    if let Some(workload) = summary.workload(&label) {
        notes.extend(notes::of_workload(workload, &cells));
    }
    notes.extend(computing::server(&summary.host, &cells));
    let floor_ns = cells.iter().find_map(|cell| cell.floor_ns);
    let floor = floor_ns.and_then(|floor_ns| question::floor(summary, load, floor_ns));
    notes.extend(floor.map(Note::finding));
    let mut makespans = Table {
        makespans: true,
        notes,
        ..table(title, &cells, makespans(summary.spec.mean))
    };
    makespans.insert_before(Fit::WideOnly, bars(&cells));
    let title = format!("{label}: what it takes, as medians of all samples");
    let mut tables = vec![makespans, table(title, &cells, resources())];
    if cells.iter().any(|cell| cell.heartbeat.is_some()) {
        let title = format!("{label}: how late the heartbeat beside the units was");
        tables.push(table(title, &cells, heartbeats()));
    }
    if cells.iter().any(|cell| cell.latencies.is_some()) {
        let from = match cells.iter().any(|cell| cell.paced) {
            true => "from its intended start",
            false => "closed loop: from when its unit began",
        };
        let title = format!("{label}: latency of each unit, {from}");
        tables.push(table(title, &cells, latencies()));
    }
    tables
}

/// What was done, how fast it could be at best, and what the ratios are taken against.
fn title(summary: &Summary, load: &Load, cells: &[&CellSummary]) -> String {
    let numbers = load.numbers.iter();
    let numbers: String = numbers
        .map(|(name, value)| format!(", {name} {value}"))
        .collect();
    let compute = load.compute.map(|time| format!(", compute {time}"));
    // A reference that nobody has asked for is named too.
    let ratios = cells.iter().any(|cell| cell.ratio.is_some());
    let against = ratios.then(|| format!("; compared with {}", summary.spec.reference));
    format!(
        "{}: {} x {}{}{numbers}; at most {} in flight; {}{}",
        load.label(),
        load.tasks,
        load.latency,
        compute.unwrap_or_default(),
        load.concurrency(&summary.spec),
        floor(summary, load, cells),
        against.unwrap_or_default()
    )
}

/// How fast it could be at best.
fn floor(summary: &Summary, load: &Load, cells: &[&CellSummary]) -> String {
    // Where each round has a floor of its own, the row that is in most rounds shows it best.
    let known = cells.iter().filter(|cell| cell.floor_ns.is_some());
    let most = known.max_by_key(|cell| cell.samples);
    let Some(floor) = most.and_then(|cell| cell.floor_ns) else {
        return "no floor is known".to_owned();
    };
    match load.params(summary.spec.seed).varies() {
        true => format!("floor {} (median of the rounds)", duration(floor)),
        false => format!("floor {}", duration(floor)),
    }
}
