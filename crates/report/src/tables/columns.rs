//! The columns of a workload's tables: how each is filled for one row, and how it is read.

use model::{CellSummary, Outcome, Quantile, Quantiles, Ratio};

use crate::table::{Column, Fit, Table};
use crate::value::{Tone, Value};

/// A column, and how to fill it for a row.
pub(crate) struct Filled {
    column: Column,
    fill: fn(&CellSummary) -> Value,
    /// If it is told, the column is left out unless this holds for some row.
    asked: Option<fn(&CellSummary) -> bool>,
}

impl Filled {
    fn new(column: Column, fill: fn(&CellSummary) -> Value) -> Self {
        Filled {
            column,
            fill,
            asked: None,
        }
    }

    fn where_any(self, asked: fn(&CellSummary) -> bool) -> Self {
        Filled {
            asked: Some(asked),
            ..self
        }
    }

    fn fit(self, fit: Fit) -> Self {
        Filled {
            column: self.column.fit(fit),
            ..self
        }
    }
}

/// A row for each cell, without notes.
pub(crate) fn table(title: String, cells: &[&CellSummary], columns: Vec<Filled>) -> Table {
    let mut columns = columns;
    columns.retain(|it| {
        it.asked
            .is_none_or(|asked| cells.iter().any(|cell| asked(cell)))
    });
    let row = |cell: &&CellSummary| columns.iter().map(|it| (it.fill)(cell)).collect();
    let rows: Vec<Vec<Value>> = cells.iter().map(row).collect();
    let columns: Vec<Column> = columns.into_iter().map(|it| it.column).collect();
    Table::new(title, columns, rows)
}

/// Makespans and what follows from them. The mean stands beside the median where it is asked for, and else where there is room.
pub(crate) fn makespans(mean: bool) -> Vec<Filled> {
    let speed_up = Column::number("speed-up, 95 % CI");
    let ties = Column::text("ties")
        .note("rows without a common letter differ; rows with one may be equal, or the run cannot tell")
        .fit(Fit::LeftOut(1));
    let over_floor = Column::number("vs floor")
        .note("makespan over the lower bound that no schedule can beat")
        .fit(Fit::LeftOut(2));
    let mut columns = vec![
        strategy(),
        Filled::new(Column::number("median"), median),
        Filled::new(speed_up, |cell| {
            measured(cell, cell.ratio.as_ref().map(|own| against(cell, own)))
        }),
        Filled::new(Column::text("verdict"), |cell| {
            let verdict = cell.verdict.as_ref();
            measured(cell, verdict.map(|it| Value::verdict(it.kind)))
        }),
        Filled::new(ties, |cell| {
            measured(cell, cell.tie.clone().map(Value::Text))
        }),
        Filled::new(over_floor, |cell| {
            measured(cell, cell.floor_ratio.map(Value::Times))
        }),
        samples().fit(Fit::LeftOut(3)),
    ];
    let deviating = Filled::new(Column::number("mean +- sd"), mean_of);
    match mean {
        true => columns.insert(2, deviating),
        false => columns.push(deviating.fit(Fit::WideOnly)),
    }
    columns.push(
        Filled::new(Column::number("fastest"), |cell| {
            time(cell, cell.wall_ns.map(|wall| wall.min))
        })
        .fit(Fit::WideOnly),
    );
    columns.push(client().fit(Fit::WideOnly));
    columns
}

/// A bar for each row: from the floor on the left to the slowest row on the right. Nothing without floors, or where all rows are at theirs.
pub(crate) fn bars(cells: &[&CellSummary]) -> Option<(Column, Vec<Value>)> {
    let over = |cell: &CellSummary| {
        let known = cell
            .floor_ratio
            .filter(|_| cell.outcome == Outcome::Measured);
        known.map(|ratio| ratio.max(1.0).ln())
    };
    let most = cells
        .iter()
        .filter_map(|cell| over(cell))
        .fold(0.0, f64::max);
    let column = Column::text("to floor")
        .note("bars from the floor to the slowest row, on a logarithmic scale")
        .fit(Fit::Bar);
    let bar = |cell: &&CellSummary| {
        let bar = |over| Value::Bar { part: over / most };
        over(cell).map(bar).unwrap_or_default()
    };
    (most > 0.0).then(|| (column, cells.iter().map(bar).collect()))
}

/// What a row takes beside time.
pub(crate) fn resources() -> Vec<Filled> {
    let excess = Column::number("excess/unit").note("makespan less the floor, per unit");
    let cpu = Column::number("CPU").note("processor time of the client process");
    let waits = Column::number("waits")
        .note("times a thread gave up the processor")
        .fit(Fit::LeftOut(2));
    let preempted = Column::number("preempt")
        .note("times a thread lost the processor")
        .fit(Fit::LeftOut(1));
    let threads = Column::number("thr").note("most threads, counted in the warm-up");
    let allocations = Column::number("allocs").note("allocations in a sample");
    let memory = Column::number("memory").note("growth of resident memory");
    vec![
        strategy(),
        client().fit(Fit::LeftOut(3)),
        Filled::new(excess, |cell| time(cell, cell.excess_per_unit_ns)),
        Filled::new(cpu, |cell| time(cell, cell.cpu_ns)),
        Filled::new(waits, |cell| count(cell, cell.switches_voluntary)),
        Filled::new(preempted, |cell| count(cell, cell.switches_involuntary)),
        Filled::new(threads, |cell| count(cell, cell.threads_peak)),
        Filled::new(allocations, |cell| count(cell, cell.allocations))
            .where_any(|cell| cell.allocations.is_some()),
        Filled::new(memory, |cell| {
            measured(cell, cell.rss_grown_bytes.map(Value::Bytes))
        }),
    ]
}

/// What happened, where that is the question and not how long it took.
pub(crate) fn behaviour() -> Vec<Filled> {
    let happened = Column::text("what happened").fit(Fit::Wraps);
    vec![strategy(), Filled::new(happened, what_happened), samples()]
}

/// How late the heartbeat beside the units was.
pub(crate) fn heartbeats() -> Vec<Filled> {
    let beats = Column::number("beats").fit(Fit::LeftOut(2));
    vec![
        strategy(),
        Filled::new(p50(), |cell| quantile(cell.heartbeat, |it| Some(it.p50_ns))),
        Filled::new(p90(), |cell| quantile(cell.heartbeat, |it| Some(it.p90_ns))),
        Filled::new(p99(), |cell| quantile(cell.heartbeat, |it| it.p99_ns)),
        Filled::new(Column::number("max"), |cell| largest(cell.heartbeat)),
        Filled::new(beats, |cell| observations(cell.heartbeat)),
    ]
}

/// How long units took.
pub(crate) fn latencies() -> Vec<Filled> {
    let units = Column::number("units").fit(Fit::LeftOut(2));
    vec![
        strategy(),
        Filled::new(p50(), |cell| quantile(cell.latencies, |it| Some(it.p50_ns))),
        Filled::new(p90(), |cell| quantile(cell.latencies, |it| Some(it.p90_ns))),
        Filled::new(p99(), |cell| quantile(cell.latencies, |it| it.p99_ns)),
        Filled::new(Column::number("max"), |cell| largest(cell.latencies)),
        Filled::new(units, |cell| observations(cell.latencies)),
    ]
}

fn strategy() -> Filled {
    Filled::new(Column::text("strategy"), |cell| {
        Value::name(&cell.row.to_string())
    })
}

fn client() -> Filled {
    Filled::new(Column::text("client"), |cell| {
        cell.client.clone().map(Value::Name).unwrap_or_default()
    })
    .where_any(|cell| cell.client.is_some())
}

fn samples() -> Filled {
    Filled::new(Column::number("n"), |cell| {
        Value::Count(cell.samples as u64)
    })
}

fn p50() -> Column {
    Column::number("p50, 95 % CI")
}

fn p90() -> Column {
    Column::number("p90, 95 % CI").fit(Fit::LeftOut(1))
}

fn p99() -> Column {
    Column::number("p99, 95 % CI")
}

/// A row that failed keeps its samples in the files, but a reader must not rank it.
fn measured(cell: &CellSummary, value: Option<Value>) -> Value {
    let value = value.filter(|_| cell.outcome == Outcome::Measured);
    value.unwrap_or_default()
}

fn time(cell: &CellSummary, ns: Option<u64>) -> Value {
    measured(cell, ns.map(|ns| Value::Time { ns }))
}

fn count(cell: &CellSummary, count: Option<u64>) -> Value {
    measured(cell, count.map(Value::Count))
}

/// The median makespan, or why there is none.
pub(crate) fn median(cell: &CellSummary) -> Value {
    match cell.outcome {
        Outcome::Failed => Value::Word {
            text: "failed",
            tone: Tone::Bad,
        },
        Outcome::Unsupported => Value::Word {
            text: "unsupp.",
            tone: Tone::Quiet,
        },
        Outcome::Measured => time(cell, cell.wall_ns.map(|wall| wall.median)),
    }
}

fn mean_of(cell: &CellSummary) -> Value {
    let deviation_ns = cell.deviation_ns;
    measured(
        cell,
        cell.mean_ns.map(|ns| Value::Mean { ns, deviation_ns }),
    )
}

/// The reference's makespan over the row's.
fn against(cell: &CellSummary, ratio: &Ratio) -> Value {
    match cell.row == ratio.reference {
        true => Value::Reference,
        false => Value::speed_up(ratio),
    }
}

fn what_happened(cell: &CellSummary) -> Value {
    if cell.verdicts.is_empty() {
        return median(cell);
    }
    let each = cell.verdicts.iter();
    let each = each.map(|(what, times)| match cell.verdicts.len() {
        1 => what.clone(),
        _ => format!("{times} x {what}"),
    });
    Value::Text(each.collect::<Vec<_>>().join("; "))
}

fn quantile(seen: Option<Quantiles>, of: fn(Quantiles) -> Option<Quantile>) -> Value {
    let value = |found: Quantile| Value::TimeWithin {
        ns: found.value_ns,
        interval_ns: found.low_ns.zip(found.high_ns),
    };
    seen.and_then(of).map(value).unwrap_or_default()
}

fn largest(seen: Option<Quantiles>) -> Value {
    let value = seen.map(|seen| Value::Time { ns: seen.max_ns });
    value.unwrap_or_default()
}

fn observations(seen: Option<Quantiles>) -> Value {
    let value = seen.map(|seen| Value::Count(seen.count));
    value.unwrap_or_default()
}
