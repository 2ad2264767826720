//! One table per workload.

use std::collections::BTreeMap;

use model::{CellSummary, Load, Outcome, Ratio, Summary};

use crate::format::{digits, duration};

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

/// The head of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// Whether it holds numbers.
    pub number: bool,
}

/// The tables of a run, in the order of its workloads.
pub fn tables(summary: &Summary) -> Vec<Table> {
    summary
        .spec
        .workloads
        .iter()
        .map(|load| table(summary, load))
        .collect()
}

fn table(summary: &Summary, load: &Load) -> Table {
    let cells: Vec<_> = summary
        .cells
        .iter()
        .filter(|cell| cell.workload == load.name)
        .collect();
    let with_client = cells.iter().any(|cell| cell.client.is_some());
    let columns = columns()
        .filter(|column| with_client || column.name != "client")
        .collect();
    let row = |cell: &&CellSummary| {
        let cells = row(cell, &summary.spec.reference).into_iter();
        cells
            .filter(|(name, _)| with_client || *name != "client")
            .map(|(_, text)| text)
            .collect()
    };
    Table {
        title: title(summary, load, &cells),
        columns,
        rows: cells.iter().map(row).collect(),
        notes: notes(&cells),
    }
}

fn columns() -> impl Iterator<Item = Column> {
    let text = |name| Column {
        name,
        number: false,
    };
    let number = |name| Column { name, number: true };
    [
        text("strategy"),
        text("client"),
        number("median"),
        number("ratio, 95 % CI"),
        number("floor"),
        number("CPU"),
        number("thr"),
        number("n"),
    ]
    .into_iter()
}

fn row(cell: &CellSummary, reference: &str) -> [(&'static str, String); 8] {
    let dash = || "-".to_owned();
    let median = match (cell.outcome, cell.wall_ns) {
        (Outcome::Failed, _) => "failed".to_owned(),
        (Outcome::Unsupported, _) => "unsupp.".to_owned(),
        (Outcome::Measured, wall) => wall.map_or_else(dash, |wall| duration(wall.median)),
    };
    // A row that failed keeps its samples in the files, but a reader must not rank it.
    let shown = cell.outcome == Outcome::Measured;
    let number = |text: Option<String>| text.filter(|_| shown).unwrap_or_else(dash);
    let ratio = if cell.strategy == reference {
        Some("1 (reference)".to_owned())
    } else {
        cell.ratio.as_ref().map(ratio)
    };
    [
        ("strategy", cell.strategy.clone()),
        ("client", cell.client.clone().unwrap_or_else(dash)),
        ("median", median),
        ("ratio", number(ratio)),
        (
            "floor",
            number(cell.floor_ratio.map(|ratio| format!("x{}", digits(ratio)))),
        ),
        ("CPU", number(cell.cpu_ns.map(duration))),
        (
            "thr",
            number(cell.threads_peak.map(|threads| threads.to_string())),
        ),
        ("n", cell.samples.to_string()),
    ]
}

fn ratio(ratio: &Ratio) -> String {
    let estimate = digits(ratio.estimate);
    match (ratio.low, ratio.high) {
        (Some(low), Some(high)) => format!("{estimate} {}-{}", digits(low), digits(high)),
        _ => format!("{estimate} -"),
    }
}

fn title(summary: &Summary, load: &Load, cells: &[&CellSummary]) -> String {
    let numbers: String = load
        .numbers
        .iter()
        .map(|(name, value)| format!(", {name} {value}"))
        .collect();
    let floor = cells
        .iter()
        .find_map(|cell| cell.floor_ns)
        .map_or("no floor is known".to_owned(), |floor| {
            format!("floor {}", duration(floor))
        });
    let at_once = summary.spec.concurrency;
    format!(
        "{}: {} x {}{numbers}; at most {at_once} in flight; {floor}",
        load.name, load.tasks, load.latency
    )
}

fn notes(cells: &[&CellSummary]) -> Vec<String> {
    let bad = cells
        .iter()
        .filter(|cell| cell.outcome != Outcome::Measured);
    let reasons = bad.map(|cell| {
        let what = if cell.outcome == Outcome::Failed {
            "failed"
        } else {
            "unsupported"
        };
        format!(
            "{}: {what}: {}",
            cell.strategy,
            cell.reason.as_deref().unwrap_or("for no stated reason")
        )
    });
    let mut notes: Vec<String> = reasons.collect();
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
    if ratios().next().is_none() && cells.len() > 1 {
        notes.push("no ratios, because the reference has no result".to_owned());
    }
    notes
}
