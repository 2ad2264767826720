//! One table per workload.

use std::collections::BTreeMap;

use model::{CellSummary, Load, Outcome, Series, Summary};

use crate::numbers::duration;
use crate::tables::calibration::{calibration, overall};
use crate::tables::columns::{
    Filled, HEARTBEATS, LATENCIES, MAKESPANS, MEAN, RESOURCES, SPEED_UP, VERDICTS, WIDE,
};
use crate::tables::{computing, notes as shared};

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
        self.columns.iter().any(|column| column.name == SPEED_UP)
    }
}

/// The head of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Whether it holds numbers.
    pub number: bool,
    /// What becomes of it where there is no room.
    pub fit: Fit,
    /// How to read it; stands with the notes wherever the column is shown.
    pub note: Option<&'static str>,
}

/// What becomes of a column where lines would be too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// It is always shown, and nothing in it is broken.
    Stays,
    /// It is always shown, with its texts broken between words.
    Wraps,
    /// It is left out, the smallest number first.
    LeftOut(u8),
    /// It is only shown on terminals that are wide enough for all columns, from the left; never in a document.
    WideOnly,
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
                tables.extend(crate::tables::sweep::tables(summary, series));
            }
        }
    }
    tables.extend(summary.overall.as_ref().map(overall));
    tables
}

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
///
/// The second entry of an A/A pair is no row: what it says is the noise floor, which is a note.
fn of_workload(summary: &Summary, load: &Load) -> Vec<Table> {
    let label = load.label();
    let all = summary.cells.iter().filter(|cell| cell.workload == label);
    let (cells, twins): (Vec<_>, Vec<_>) = all.partition(|cell| cell.row.twin_of().is_none());
    let title = title(summary, load, &cells);
    if cells.iter().any(|cell| !cell.verdicts.is_empty()) {
        return vec![Table {
            notes: notes(&cells, &twins),
            ..table(title, &cells, &VERDICTS)
        }];
    }
    let with_client = cells.iter().any(|cell| cell.client.is_some());
    let with_allocations = cells.iter().any(|cell| cell.allocations.is_some());
    let shown = |columns: &[Filled]| -> Vec<Filled> {
        let shown = columns.iter().filter(|column| match column.name {
            "client" => with_client,
            "allocs" => with_allocations,
            _ => true,
        });
        shown.copied().collect()
    };
    let mut columns = shown(&MAKESPANS);
    let mut wide = shown(&WIDE);
    if summary.spec.mean {
        wide.retain(|column| column.name != MEAN.name);
        columns.insert(2, MEAN);
    }
    columns.extend(wide);
    let mut makespans = Table {
        notes: notes(&cells, &twins),
        ..table(title, &cells, &columns)
    };
    let workload = summary.workload(&label);
    makespans.notes.extend(
        workload
            .into_iter()
            .flat_map(|it| shared::notes(it, &cells)),
    );
    makespans
        .notes
        .extend(computing::server(&summary.host, &cells));
    let resources = format!("{label}: what it takes, as medians of all samples");
    let mut tables = vec![makespans, table(resources, &cells, &shown(&RESOURCES))];
    if cells.iter().any(|cell| cell.heartbeat.is_some()) {
        let title = format!("{label}: how late the heartbeat beside the units was");
        tables.push(table(title, &cells, &HEARTBEATS));
    }
    if cells.iter().any(|cell| cell.latencies.is_some()) {
        let from = match cells.iter().any(|cell| cell.paced) {
            true => "from its intended start",
            false => "closed loop: from when its unit began",
        };
        let title = format!("{label}: latency of each unit, {from}");
        tables.push(table(title, &cells, &LATENCIES));
    }
    tables
}

/// Heads of columns; the first is text, the others hold numbers.
pub(crate) fn columns<T: Into<String>>(names: impl IntoIterator<Item = T>) -> Vec<Column> {
    let column = |(index, name): (usize, T)| Column {
        name: name.into(),
        number: index > 0,
        fit: Fit::Stays,
        note: None,
    };
    names.into_iter().enumerate().map(column).collect()
}

fn table(title: String, cells: &[&CellSummary], columns: &[Filled]) -> Table {
    let column = |column: &Filled| Column {
        name: column.name.to_owned(),
        number: column.number,
        fit: column.fit,
        note: column.note,
    };
    let row = |cell: &&CellSummary| columns.iter().map(|it| (it.fill)(cell)).collect();
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
    let compute = load.compute.map(|time| format!(", compute {time}"));
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
    // Also where nobody has asked for that row.
    let ratios = cells.iter().any(|cell| cell.ratio.is_some());
    let against = ratios.then(|| format!("; compared with {}", summary.spec.reference));
    let against = against.unwrap_or_default();
    format!(
        "{}: {} x {}{}{numbers}; at most {at_once} in flight; {floor}{against}",
        load.label(),
        load.tasks,
        load.latency,
        compute.unwrap_or_default()
    )
}

/// What to know of single rows: failures, also of twins, and caveats; then what their ratios rest on.
pub(crate) fn notes(cells: &[&CellSummary], twins: &[&CellSummary]) -> Vec<String> {
    let mut notes = failures(cells.iter().chain(twins).copied());
    notes.extend(caveats(cells));
    let ratios = || {
        cells
            .iter()
            .filter_map(|cell| Some((cell, cell.ratio.as_ref()?)))
    };
    if ratios().any(|(_, ratio)| ratio.low.is_none()) {
        notes.push("no interval where fewer than 6 rounds hold both rows".to_owned());
    }
    let fewer =
        ratios().find(|(cell, ratio)| ratio.pairs < cell.samples && cell.row != ratio.reference);
    if let Some((_, ratio)) = fewer {
        notes.push(format!(
            "{} ran in {} rounds only; speed-ups use those, medians all",
            ratio.reference, ratio.pairs
        ));
    }
    let asks = cells.iter().any(|cell| !cell.verdicts.is_empty());
    if ratios().next().is_none() && cells.len() > 1 && !asks {
        notes.push("no ratios, because the reference has no result".to_owned());
    }
    notes
}

/// Why rows have no result, each reason once.
pub(crate) fn failures<'a>(cells: impl Iterator<Item = &'a CellSummary>) -> Vec<String> {
    let mut reasons: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for cell in cells.filter(|cell| cell.outcome != Outcome::Measured) {
        let what = match cell.outcome {
            Outcome::Failed => "failed",
            _ => "unsupported",
        };
        let why = cell.reason.as_deref().unwrap_or("for no stated reason");
        let rows = reasons.entry(format!("{what}: {why}")).or_default();
        rows.push(cell.row.to_string());
    }
    let reason = |(why, rows): (&String, &Vec<String>)| format!("{}: {why}", rows.join(", "));
    reasons.iter().map(reason).collect()
}

/// The flags of rows, each text once: before it the rows, or after it where their numbers differ.
fn caveats(cells: &[&CellSummary]) -> Vec<String> {
    let mut flags: BTreeMap<&str, BTreeMap<Option<&str>, Vec<String>>> = BTreeMap::new();
    for (cell, flag) in cells
        .iter()
        .flat_map(|cell| cell.flags.iter().map(move |flag| (cell, flag)))
    {
        let rows = flags
            .entry(&flag.text)
            .or_default()
            .entry(flag.detail.as_deref())
            .or_default();
        rows.push(cell.row.to_string());
    }
    let rows = |(detail, rows): (&Option<&str>, &Vec<String>)| match detail {
        Some(detail) => format!("{} ({detail})", rows.join(", ")),
        None => rows.join(", "),
    };
    let note = |(text, details): (&&str, &BTreeMap<Option<&str>, Vec<String>>)| match details
        .first_key_value()
    {
        Some((Some(detail), rows)) if details.len() == 1 => {
            format!("{}: {text}; {detail}", rows.join(", "))
        }
        Some((None, rows)) if details.len() == 1 => format!("{}: {text}", rows.join(", ")),
        _ => format!(
            "{text}: {}",
            details.iter().map(rows).collect::<Vec<_>>().join("; ")
        ),
    };
    flags.iter().map(note).collect()
}
