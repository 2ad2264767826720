//! One table per workload.

use std::collections::BTreeMap;

use model::{CellSummary, Load, Outcome, Quantiles, Ratio, Series, Summary};

use crate::format::{deviating, digits, duration};

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
    let mut tables: Vec<Table> = Vec::new();
    let mut shown: Vec<&str> = Vec::new();
    for load in &summary.spec.workloads {
        match series(load) {
            None => tables.extend(of_workload(summary, load)),
            Some(series) if shown.contains(&series.points[0].label.as_str()) => {}
            Some(series) => {
                shown.push(&series.points[0].label);
                tables.extend(crate::series::tables(summary, series));
            }
        }
    }
    tables
}

/// Every table of a run: those of [`tables`], and one for each size of a sweep.
pub fn all_tables(summary: &Summary) -> Vec<Table> {
    let swept = |load: &&Load| load.swept.is_some();
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
    let columns = MAKESPANS.iter().filter(|(name, ..)| match *name {
        "client" => with_client,
        "mean +- sd" => with_mean,
        "thr" => !with_mean,
        _ => true,
    });
    let mut tables = vec![table(title, &cells, &columns.copied().collect::<Vec<_>>())];
    if cells.iter().any(|cell| cell.heartbeat.is_some()) {
        let title = format!("{label}: how late the heartbeat beside the units was");
        tables.push(plain(title, &cells, &HEARTBEATS));
    }
    if cells.iter().any(|cell| cell.latencies.is_some()) {
        let title = format!("{label}: latency of each unit, from its intended start");
        tables.push(plain(title, &cells, &LATENCIES));
    }
    tables
}

/// A column: its name, whether it holds numbers, and how to fill it.
type Filled = (&'static str, bool, fn(&CellSummary) -> String);

const STRATEGY: Filled = ("strategy", false, |cell| cell.strategy.clone());

const SAMPLES: Filled = ("n", true, |cell| cell.samples.to_string());

const MAKESPANS: [Filled; 9] = [
    STRATEGY,
    ("client", false, |cell| {
        cell.client.clone().unwrap_or(dash())
    }),
    ("median", true, median),
    ("mean +- sd", true, |cell| measured(cell, mean(cell))),
    ("ratio, 95 % CI", true, |cell| {
        measured(cell, cell.ratio.as_ref().map(|own| ratio(cell, own)))
    }),
    ("floor", true, |cell| {
        measured(
            cell,
            cell.floor_ratio.map(|ratio| format!("x{}", digits(ratio))),
        )
    }),
    ("CPU", true, |cell| {
        measured(cell, cell.cpu_ns.map(duration))
    }),
    ("thr", true, |cell| {
        measured(cell, cell.threads_peak.map(|threads| threads.to_string()))
    }),
    SAMPLES,
];

const VERDICTS: [Filled; 3] = [STRATEGY, ("what happened", false, verdicts), SAMPLES];

const HEARTBEATS: [Filled; 5] = [
    STRATEGY,
    ("late, p50", true, |cell| {
        quantile(cell.heartbeat, |seen| Some(seen.p50_ns))
    }),
    ("p99", true, |cell| {
        quantile(cell.heartbeat, |seen| seen.p99_ns)
    }),
    ("max", true, |cell| {
        quantile(cell.heartbeat, |seen| Some(seen.max_ns))
    }),
    ("beats", true, |cell| {
        cell.heartbeat
            .map_or_else(dash, |seen| seen.count.to_string())
    }),
];

const LATENCIES: [Filled; 6] = [
    STRATEGY,
    ("p50", true, |cell| {
        quantile(cell.latencies, |seen| Some(seen.p50_ns))
    }),
    ("p90", true, |cell| {
        quantile(cell.latencies, |seen| Some(seen.p90_ns))
    }),
    ("p99", true, |cell| {
        quantile(cell.latencies, |seen| seen.p99_ns)
    }),
    ("max", true, |cell| {
        quantile(cell.latencies, |seen| Some(seen.max_ns))
    }),
    ("units", true, |cell| {
        cell.latencies
            .map_or_else(dash, |seen| seen.count.to_string())
    }),
];

fn dash() -> String {
    "-".to_owned()
}

/// A row that failed keeps its samples in the files, but a reader must not rank it.
fn measured(cell: &CellSummary, text: Option<String>) -> String {
    text.filter(|_| cell.outcome == Outcome::Measured)
        .unwrap_or_else(dash)
}

pub(crate) fn median(cell: &CellSummary) -> String {
    match (cell.outcome, cell.wall_ns) {
        (Outcome::Failed, _) => "failed".to_owned(),
        (Outcome::Unsupported, _) => "unsupp.".to_owned(),
        (Outcome::Measured, wall) => wall.map_or_else(dash, |wall| duration(wall.median)),
    }
}

fn mean(cell: &CellSummary) -> Option<String> {
    let mean = cell.mean_ns?;
    let deviation = cell
        .deviation_ns
        .map(|deviation| deviating(mean, deviation));
    Some(deviation.unwrap_or_else(|| duration(mean)))
}

fn quantile(seen: Option<Quantiles>, of: fn(Quantiles) -> Option<u64>) -> String {
    seen.and_then(of).map_or_else(dash, duration)
}

fn verdicts(cell: &CellSummary) -> String {
    if cell.verdicts.is_empty() {
        return median(cell);
    }
    let each = cell
        .verdicts
        .iter()
        .map(|(what, times)| match cell.verdicts.len() {
            1 => what.clone(),
            _ => format!("{times} x {what}"),
        });
    each.collect::<Vec<_>>().join("; ")
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

fn ratio(cell: &CellSummary, ratio: &Ratio) -> String {
    if cell.strategy == ratio.reference {
        return "1 (reference)".to_owned();
    }
    interval(ratio)
}

/// An estimate with its interval.
pub(crate) fn interval(ratio: &Ratio) -> String {
    let estimate = digits(ratio.estimate);
    match (ratio.low, ratio.high) {
        (Some(low), Some(high)) => format!("{estimate} {}-{}", digits(low), digits(high)),
        _ => format!("{estimate} -"),
    }
}

pub(crate) fn title(summary: &Summary, load: &Load, cells: &[&CellSummary]) -> String {
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
