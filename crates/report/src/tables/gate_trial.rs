//! How often the gate errs, how often it finds what is there, and how far equal builds are apart.

use model::gate::{GateRates, GateTrial, Often, RowRate};

use crate::note::Note;
use crate::numbers::duration;
use crate::table::{Column, Table};
use crate::value::Value;

/// What trials of the gate say together: how often it alarmed, and what equal builds of each row differ by.
pub fn gate_trials(rates: &GateRates, gates: &[GateTrial]) -> Vec<Table> {
    vec![alarms(rates, gates), rows(rates)]
}

fn alarms(rates: &GateRates, gates: &[GateTrial]) -> Table {
    let row = |what: String, often: &Often| {
        vec![
            Value::Text(what),
            Value::Count(often.trials),
            Value::Count(often.hits),
            rate(often),
        ]
    };
    let found = rates.found.iter().map(|(by, often)| {
        let what = format!("a row whose waits are {by} longer alarms");
        row(what, often)
    });
    let rows = [
        row(
            "a row of equal builds alarms".to_owned(),
            &rates.false_alarms,
        ),
        row(
            "such a row alarms, and is measured again".to_owned(),
            &rates.first_alarms,
        ),
        row(
            "a row is void: the base differs from itself".to_owned(),
            &rates.void,
        ),
        row("a row has no result".to_owned(), &rates.failed),
    ];
    let columns = [
        Column::text("in a gate"),
        Column::number("gates"),
        Column::number("seen"),
        Column::number("rate, 95 % CI"),
    ];
    let title = "Gates of which the truth is known";
    let longest = gates.iter().map(|gate| gate.elapsed_ns).max();
    let longest = duration(longest.unwrap_or_default());
    Table {
        notes: vec![Note::statement(format!(
            "the longest gate took {longest}, with what was measured again"
        ))],
        ..Table::new(title, columns, rows.into_iter().chain(found))
    }
}

fn rows(rates: &GateRates) -> Table {
    let row = |row: &RowRate| {
        let within = |value: Option<(f64, f64, f64)>| value.map(off).map(Value::Text);
        vec![
            Value::name(&row.row),
            Value::Count(row.gates),
            within(row.head).unwrap_or_default(),
            within(row.again).unwrap_or_default(),
            row.spread.map(Value::Share).unwrap_or_default(),
            row.differs.map(Value::Share).unwrap_or_default(),
        ]
    };
    let columns = [
        Column::text("row"),
        Column::number("gates"),
        Column::number("head off base, 95 % CI").note(
            "the median over all gates: what is left of 0 lies between the two builds, because noise has no side",
        ),
        Column::number("again off base, 95 % CI"),
        Column::number("spread").note("standard deviation over the gates of head over base"),
        Column::number("99 % within")
            .note("how far the ratio of two equal builds was from 1 in 99 % of all gates"),
    ];
    let title = "Equal builds of each row";
    Table::new(title, columns, rates.rows.iter().map(row))
}

fn rate(often: &Often) -> Value {
    Value::Rate {
        hits: often.hits,
        trials: often.trials,
        interval: often.interval,
    }
}

/// How far a ratio is from 1, in hundredths of a percent: builds differ by no more than that.
fn off((centre, low, high): (f64, f64, f64)) -> String {
    let percent = |ratio: f64| 100.0 * (ratio - 1.0);
    format!(
        "{:+.2} % ({:+.2} to {:+.2} %)",
        percent(centre),
        percent(low),
        percent(high)
    )
}
