//! How often verdicts of made-up runs are wrong.

use model::Share;
use model::simulation::{Errors, Setting, Simulated};

use crate::note::Note;
use crate::table::{Column, Table};
use crate::value::Value;

/// One table of errors, one of what is found.
pub fn simulation(all: &[Simulated]) -> Vec<Table> {
    vec![errors(all), found(all)]
}

/// The columns that say what was made up.
fn settings() -> Vec<Column> {
    vec![
        Column::text("noise"),
        Column::number("sd").note("standard deviation of a row's makespans"),
        Column::number("rounds"),
        Column::number("launches"),
    ]
}

fn setting(setting: &Setting) -> Vec<Value> {
    vec![
        Value::name(setting.noise.name()),
        Value::Share(setting.deviation),
        Value::Count(setting.rounds.into()),
        Value::Count(setting.launches.into()),
    ]
}

fn errors(all: &[Simulated]) -> Table {
    let rate = |share: &Share| share.hits as f64 / share.trials.max(1) as f64;
    let both = |errors: &Errors| Value::Errors {
        all: rate(&errors.all),
        unflagged: rate(&errors.silent),
    };
    let row = |it: &Simulated| {
        let errors = [
            &it.false_alarms,
            &it.false_same,
            &it.false_letters,
            &it.outside,
        ];
        setting(&it.setting)
            .into_iter()
            .chain(errors.map(both))
            .collect()
    };
    let mut columns = settings();
    columns.extend([
        Column::number("false alarms")
            .note("no row differs, and one is called faster or slower; nominal 1 %"),
        Column::number("false same")
            .note("all rows are 5.1 % slower, and one is called the same or faster; nominal 1 %"),
        Column::number("false letters")
            .note("no row differs, and two share no letter; nominal 1 %"),
        Column::number("outside CI").note("intervals that do not hold the true ratio; nominal 5 %"),
    ]);
    let runs = all.first().map_or(0, |it| it.false_alarms.all.trials);
    let silent = all
        .iter()
        .flat_map(|it| [&it.false_alarms, &it.false_same, &it.false_letters]);
    let over = silent.filter(|it| {
        let nominal = it.silent.nominal;
        nominal.is_some_and(|nominal| it.silent.interval.0 > nominal)
    });
    let title = format!("Made-up runs: how often they are wrong, {runs} runs of each kind");
    Table {
        notes: vec![
            Note::statement(
                "unflagged: without a flag that rounds are alike, that launches differ, or that they are fewer than five",
            ),
            Note::statement(format!(
                "{} of {} unflagged rates of errors are surely over their nominal rate (95 %)",
                over.count(),
                3 * all.len()
            )),
        ],
        ..Table::new(title, columns, all.iter().map(row))
    }
}

fn found(all: &[Simulated]) -> Table {
    let row = |it: &Simulated| {
        let rate = match it.found.trials {
            0 => Value::Nothing,
            _ => Value::Rate {
                hits: it.found.hits,
                trials: it.found.trials,
                interval: it.found.interval,
            },
        };
        let judged = Value::Count(it.found.trials);
        setting(&it.setting)
            .into_iter()
            .chain([judged, rate])
            .collect()
    };
    let mut columns = settings();
    columns.extend([Column::number("judged"), Column::number("found, 95 % CI")]);
    let title = "Made-up runs: how often a row is found that is slower by what the run says would usually be missed";
    Table {
        notes: vec![Note::statement(
            "at most half should be found, where that size is over 5 %, since less is called the same; where few are judged, these are runs whose own noise floor was high by chance, and a new run has a lower one",
        )],
        ..Table::new(title, columns, all.iter().map(row))
    }
}
