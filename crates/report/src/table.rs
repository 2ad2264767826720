//! One table per workload.

use std::collections::BTreeMap;

use model::{CellSummary, Load, Outcome, Series, Summary};

use crate::columns::{Filled, HEARTBEATS, LATENCIES, MAKESPANS, RATIO, RESOURCES, VERDICTS};
use crate::format::duration;
use crate::overview::{calibration, overall};
use crate::shared;

/// Rows of text, the same for all formats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// What was done, and how fast it could be at best.
    pub title: String,
    /// Heads of the columns; the first is set to the left, as is every text, numbers to the right.
    pub columns: Vec<Column>,
    /// Cells by row, as many as columns.
    pub rows: Vec<Vec<String>>,
    /// Caveats, failures and how to read the columns.
    pub notes: Vec<String>,
}

impl Table {
    /// Whether it is one of makespans, and not of what was seen beside them.
    pub fn has_makespans(&self) -> bool {
        self.columns.iter().any(|column| column.name == RATIO)
    }
}

/// The head of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Whether it holds numbers.
    pub number: bool,
}

/// What a person wants to see first: a table per workload, or one for all sizes of a sweep.
pub fn tables(summary: &Summary) -> Vec<Table> {
    let series = |load: &Load| {
        let label = load.label();
        let has = |series: &&Series| series.points.iter().any(|point| point.label == label);
        summary.series.iter().find(has)
    };
    let mut tables: Vec<Table> = calibration(summary);
    let mut shown: Vec<&str> = Vec::new();
    for load in summary
        .spec
        .workloads
        .iter()
        .filter(|load| !load.calibration)
    {
        match series(load) {
            None => tables.extend(of_workload(summary, load)),
            Some(series) if shown.contains(&series.points[0].label.as_str()) => {}
            Some(series) => {
                shown.push(&series.points[0].label);
                tables.extend(crate::series::tables(summary, series));
            }
        }
    }
    // Said once, where it is last met.
    let last = tables.iter_mut().rfind(|table| table.has_makespans());
    let judged = summary.cells.iter().any(|cell| cell.verdict.is_some());
    if let Some(table) = last.filter(|_| judged) {
        table.notes.push(VERDICTS_HOLD.to_owned());
    }
    tables.extend(summary.overall.as_ref().map(overall));
    tables
}

const VERDICTS_HOLD: &str = "verdicts hold at 99 % for all rows of a table together; rows that share a letter under ties cannot be told apart";

/// Every table of a run: those of [`tables`], and one for each size of a sweep.
pub fn all_tables(summary: &Summary) -> Vec<Table> {
    let swept = |load: &&Load| load.swept.is_some() && !load.calibration;
    let loads = summary.spec.workloads.iter().filter(swept);
    let each = loads.flat_map(|load| of_workload(summary, load));
    let mut all = tables(summary);
    let seen: Vec<String> = all.iter().map(|table| table.title.clone()).collect();
    all.extend(each.filter(|table| !seen.contains(&table.title)));
    all
}

/// The cells of one workload, and what was seen beside their makespans.
fn of_workload(summary: &Summary, load: &Load) -> Vec<Table> {
    let label = load.label();
    let cells = summary.cells.iter().filter(|cell| cell.workload == label);
    let cells: Vec<_> = cells.collect();
    let title = title(summary, load, &cells);
    if cells.iter().any(|cell| !cell.verdicts.is_empty()) {
        return vec![table(title, &cells, &VERDICTS)];
    }
    let with_client = cells.iter().any(|cell| cell.client.is_some());
    let with_mean = summary.spec.mean;
    let with_allocations = cells.iter().any(|cell| cell.allocations.is_some());
    let shown = |columns: &[Filled]| -> Vec<Filled> {
        let shown = columns.iter().filter(|(name, ..)| match *name {
            "client" => with_client,
            "mean +- sd" => with_mean,
            "ties" => !with_mean,
            "allocs" => with_allocations,
            _ => true,
        });
        shown.copied().collect()
    };
    let mut makespans = table(title, &cells, &shown(&MAKESPANS));
    let workload = summary.workload(&label);
    makespans.notes.extend(
        workload
            .into_iter()
            .flat_map(|it| shared::notes(it, &cells)),
    );
    let resources = format!("{label}: what it takes, as medians of all samples");
    let mut tables = vec![makespans, plain(resources, &cells, &shown(&RESOURCES))];
    if cells.iter().any(|cell| cell.heartbeat.is_some()) {
        let title = format!("{label}: how late the heartbeat beside the units was");
        tables.push(plain(title, &cells, &HEARTBEATS));
    }
    if cells.iter().any(|cell| cell.latencies.is_some()) {
        let from = match cells.iter().any(|cell| cell.paced) {
            true => "from its intended start",
            false => "closed loop: from when its unit began",
        };
        let title = format!("{label}: latency of each unit, {from}");
        tables.push(plain(title, &cells, &LATENCIES));
    }
    tables
}

/// Heads of columns; the first is text, the others hold numbers.
pub(crate) fn columns<T: Into<String>>(names: impl IntoIterator<Item = T>) -> Vec<Column> {
    let column = |(index, name): (usize, T)| Column {
        name: name.into(),
        number: index > 0,
    };
    names.into_iter().enumerate().map(column).collect()
}

fn table(title: String, cells: &[&CellSummary], columns: &[Filled]) -> Table {
    Table {
        notes: notes(cells),
        ..plain(title, cells, columns)
    }
}

/// A table without notes: they stand under another one of the same cells.
fn plain(title: String, cells: &[&CellSummary], columns: &[Filled]) -> Table {
    let column = |(name, number, _): &Filled| Column {
        name: (*name).to_owned(),
        number: *number,
    };
    let row = |cell: &&CellSummary| columns.iter().map(|(_, _, fill)| fill(cell)).collect();
    Table {
        title,
        columns: columns.iter().map(column).collect(),
        rows: cells.iter().map(row).collect(),
        notes: Vec::new(),
    }
}

pub(crate) fn title(summary: &Summary, load: &Load, cells: &[&CellSummary]) -> String {
    let numbers: String = load
        .numbers
        .iter()
        .map(|(name, value)| format!(", {name} {value}"))
        .collect();
    // Where each round has a floor of its own, the row that is in most of them shows it best.
    let most = cells.iter().filter(|cell| cell.floor_ns.is_some());
    let floor = most
        .max_by_key(|cell| cell.samples)
        .and_then(|it| it.floor_ns);
    let varies = load.params(summary.spec.seed).varies();
    let floor = floor.map_or("no floor is known".to_owned(), |floor| {
        let median = if varies {
            " (median of the rounds)"
        } else {
            ""
        };
        format!("floor {}{median}", duration(floor))
    });
    let at_once = load.concurrency(&summary.spec);
    format!(
        "{}: {} x {}{numbers}; at most {at_once} in flight; {floor}",
        load.label(),
        load.tasks,
        load.latency
    )
}

pub(crate) fn notes(cells: &[&CellSummary]) -> Vec<String> {
    let mut reasons: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for cell in cells
        .iter()
        .filter(|cell| cell.outcome != Outcome::Measured)
    {
        let what = match cell.outcome {
            Outcome::Failed => "failed",
            _ => "unsupported",
        };
        let why = cell.reason.as_deref().unwrap_or("for no stated reason");
        let rows = reasons.entry(format!("{what}: {why}")).or_default();
        rows.push(&cell.strategy);
    }
    let reason = |(why, rows): (&String, &Vec<&str>)| format!("{}: {why}", rows.join(", "));
    let mut notes: Vec<String> = reasons.iter().map(reason).collect();
    let mut flags: BTreeMap<&str, BTreeMap<Option<&str>, Vec<&str>>> = BTreeMap::new();
    for (cell, flag) in cells
        .iter()
        .flat_map(|cell| cell.flags.iter().map(move |flag| (cell, flag)))
    {
        let rows = flags
            .entry(&flag.text)
            .or_default()
            .entry(flag.detail.as_deref())
            .or_default();
        rows.push(&cell.strategy);
    }
    let rows = |(detail, rows): (&Option<&str>, &Vec<&str>)| match detail {
        Some(detail) => format!("{} ({detail})", rows.join(", ")),
        None => rows.join(", "),
    };
    notes.extend(flags.iter().map(|(text, details)| {
        format!(
            "{text}: {}",
            details.iter().map(rows).collect::<Vec<_>>().join("; ")
        )
    }));
    let ratios = || {
        cells
            .iter()
            .filter_map(|cell| Some((cell, cell.ratio.as_ref()?)))
    };
    if ratios().any(|(_, ratio)| ratio.low.is_none()) {
        notes.push("no interval where fewer than 6 rounds hold both rows".to_owned());
    }
    let fewer = ratios()
        .find(|(cell, ratio)| ratio.pairs < cell.samples && cell.strategy != ratio.reference);
    if let Some((_, ratio)) = fewer {
        notes.push(format!(
            "ratios rest on the {} rounds that also hold {}",
            ratio.pairs, ratio.reference
        ));
    }
    let asks = cells.iter().any(|cell| !cell.verdicts.is_empty());
    if ratios().next().is_none() && cells.len() > 1 && !asks {
        notes.push("no ratios, because the reference has no result".to_owned());
    }
    notes
}
