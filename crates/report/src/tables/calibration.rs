//! What stands before and after the tables of single workloads: timers and clients, and rows over all workloads.

use std::collections::BTreeMap;

use model::{CalibrationRow, Overall, OverallRow, Overshoot, RAW, Summary, Tax};

use crate::Table;
use crate::numbers::{duration, within};
use crate::table::{Fit, columns};
use crate::tables::columns::{interval, times_over};

/// How late each timer is and what each client costs; nothing where that was not measured.
pub(crate) fn calibration(summary: &Summary) -> Vec<Table> {
    let rows = &summary.calibration;
    let mut tables = Vec::new();
    let with_timers: Vec<_> = rows.iter().filter(|row| !row.timers.is_empty()).collect();
    if let Some(first) = with_timers.first() {
        let asked = first
            .timers
            .iter()
            .map(|it| format!("after {}", duration(it.asked_ns)));
        let mut columns = columns(["strategy".to_owned()].into_iter().chain(asked));
        // Between the first and the last.
        let between = columns.len().saturating_sub(1);
        for column in columns[..between].iter_mut().skip(2) {
            column.fit = Fit::LeftOut(1);
        }
        tables.push(Table {
            title: "Timers: how late a single wait ends, with starting and joining its unit; median, 95 % CI".to_owned(),
            columns,
            rows: with_timers.iter().map(|row| line(&row.row.to_string(), row.timers.iter().map(late))).collect(),
            notes: reasons(&with_timers, |row| row.timers.iter().filter_map(|it| it.reason.clone()).collect()),
        });
    }
    let with_clients: Vec<_> = rows.iter().filter(|row| !row.taxes.is_empty()).collect();
    if let Some(first) = with_clients.first() {
        let heads = first
            .taxes
            .iter()
            .flat_map(|tax| [format!("C = {}", tax.concurrency), "over raw".to_owned()]);
        let heads = ["strategy".to_owned(), "client".to_owned()]
            .into_iter()
            .chain(heads);
        let mut columns = columns(heads);
        columns[1].number = false;
        columns[1].fit = Fit::LeftOut(1);
        let row = |row: &&CalibrationRow| {
            let client = row.client.clone().unwrap_or_default();
            let taxes = row.taxes.iter().flat_map(price);
            line(&row.row.to_string(), [client].into_iter().chain(taxes))
        };
        let mut notes = reasons(&with_clients, |row| {
            row.taxes
                .iter()
                .filter_map(|it| it.reason.clone())
                .collect()
        });
        notes.push(format!("raw is {RAW}: HTTP by hand over blocking sockets"));
        tables.push(Table {
            title: "Clients: makespan per request where the server answers at once, up to C in flight; ratio to raw, 95 % CI".to_owned(),
            columns,
            rows: with_clients.iter().map(row).collect(),
            notes,
        });
    }
    tables
}

fn line(name: &str, rest: impl Iterator<Item = String>) -> Vec<String> {
    [name.to_owned()].into_iter().chain(rest).collect()
}

fn late(seen: &Overshoot) -> String {
    let Some(late) = seen.late_ns.filter(|_| seen.reason.is_none()) else {
        return "-".to_owned();
    };
    within(late, seen.low_ns.zip(seen.high_ns))
}

fn price(tax: &Tax) -> [String; 2] {
    let known = tax.reason.is_none();
    let ratio = tax.ratio.as_ref().filter(|_| known).map(interval);
    let request = tax.request_ns.filter(|_| known).map(duration);
    [request, ratio].map(|text| text.unwrap_or_else(|| "-".to_owned()))
}

/// Why rows have no result, each reason once.
fn reasons(rows: &[&CalibrationRow], of: impl Fn(&CalibrationRow) -> Vec<String>) -> Vec<String> {
    let mut reasons: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in rows {
        if let Some(reason) = of(row).into_iter().next() {
            reasons.entry(reason).or_default().push(row.row.to_string());
        }
    }
    reasons
        .into_iter()
        .map(|(reason, rows)| format!("{}: {reason}", rows.join(", ")))
        .collect()
}

/// Rows over all workloads.
pub(crate) fn overall(overall: &Overall) -> Table {
    let names = ["strategy", "to the best", "at worst", "in"];
    let mut columns = columns(names);
    columns[3].number = false;
    let row = |row: &OverallRow| {
        vec![
            row.row.to_string(),
            times_over(row.geometric_mean),
            times_over(row.worst),
            row.worst_in.clone(),
        ]
    };
    let mut notes =
        vec!["these have no intervals: an order within the noise floors is no finding".to_owned()];
    if !overall.left_out.is_empty() {
        let rows: Vec<String> = overall.left_out.iter().map(ToString::to_string).collect();
        notes.push(format!("not in all of them: {}", rows.join(", ")));
    }
    Table {
        title: format!(
            "All {} workloads: geometric mean of the ratios to the best row of each",
            overall.workloads.len()
        ),
        columns,
        rows: overall.rows.iter().map(row).collect(),
        notes,
    }
}
