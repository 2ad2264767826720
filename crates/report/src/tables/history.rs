//! Rows over many commits: a table for each machine.

use model::history::{PERMUTATIONS, Shift, Trend};

use crate::note::{Note, NotedRows};
use crate::numbers::{digits, p_value};
use crate::table::{Column, Table};
use crate::value::Value;

/// Each row on each machine: how it stands, how it went, and where it changed.
pub fn history(trends: &[Trend]) -> Vec<Table> {
    let mut machines: Vec<&str> = Vec::new();
    for trend in trends {
        if !machines.contains(&trend.machine.as_str()) {
            machines.push(&trend.machine);
        }
    }
    let own = |machine| trends.iter().filter(move |trend| trend.machine == machine);
    machines
        .into_iter()
        .map(|machine| table(machine, &own(machine).collect::<Vec<_>>()))
        .collect()
}

fn table(machine: &str, trends: &[&Trend]) -> Table {
    let columns = [
        Column::text("row"),
        Column::number("entries"),
        Column::number("last ratio")
            .note("its makespan over that of the reference, in the newest entry"),
        Column::text("trend").note("the newest entries, the lowest ratio as the lowest bar"),
        Column::number("changes"),
    ];
    let mut table = Table::new(
        format!("history on {machine}"),
        columns,
        trends.iter().map(|it| row(it)),
    );
    for trend in trends {
        let notes = trend.shifts.iter().map(|shift| {
            let rows = vec![NotedRows::named(vec![name(trend)])];
            Note::finding(told(shift)).of_rows(rows)
        });
        table.notes.extend(notes);
    }
    table.notes.push(Note::statement(format!(
        "changes of the level (E-divisive): each search is repeated in {PERMUTATIONS} permutations and errs in 1 of 100 series without a change"
    )));
    table
}

fn row(trend: &Trend) -> Vec<Value> {
    vec![
        Value::Name(name(trend)),
        Value::Count(trend.ratios.len() as u64),
        trend
            .ratios
            .last()
            .map_or(Value::Nothing, |ratio| Value::Number(*ratio)),
        Value::Text(bars(&trend.ratios)),
        Value::Count(trend.shifts.len() as u64),
    ]
}

fn name(trend: &Trend) -> String {
    format!(
        "{}/{} over {}",
        trend.workload, trend.strategy, trend.reference
    )
}

fn told(shift: &Shift) -> String {
    let commit: String = shift.commit.chars().take(12).collect();
    let accepted = match &shift.accepted {
        Some(reason) => format!("; accepted: {reason}"),
        None => String::new(),
    };
    format!(
        "from {commit} on ({}): {} instead of {}, p {}{accepted}",
        shift.date,
        digits(shift.after),
        digits(shift.before),
        p_value(shift.p)
    )
}

/// At most so many entries are drawn.
const DRAWN: usize = 24;

/// A bar for each of the newest values, between the lowest and the highest of them.
fn bars(ratios: &[f64]) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let newest = &ratios[ratios.len().saturating_sub(DRAWN)..];
    let low = newest.iter().copied().fold(f64::INFINITY, f64::min);
    let high = newest.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let bar = |ratio: &f64| {
        let place = if high > low {
            (ratio - low) / (high - low)
        } else {
            0.0
        };
        BARS[((place * 7.0).round() as usize).min(7)]
    };
    newest.iter().map(bar).collect()
}
