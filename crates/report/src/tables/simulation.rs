//! How often verdicts of made-up runs are wrong.

use model::Share;
use model::simulation::{Errors, Setting, Simulated};

use crate::Table;
use crate::numbers::percent;
use crate::table::columns;
use crate::tables::columns::dash;
use crate::tables::trial::interval;

/// One table of errors, one of what is found.
pub fn simulation(all: &[Simulated]) -> Vec<Table> {
    vec![errors(all), found(all)]
}

fn setting(setting: &Setting) -> Vec<String> {
    vec![
        setting.noise.name().to_owned(),
        percent(setting.deviation),
        setting.rounds.to_string(),
        setting.launches.to_string(),
    ]
}

fn errors(all: &[Simulated]) -> Table {
    let rate = |share: &Share| percent(share.hits as f64 / share.trials.max(1) as f64);
    let both = |errors: &Errors| match errors.all.hits == errors.silent.hits {
        true => rate(&errors.all),
        false => format!("{} ({} unflagged)", rate(&errors.all), rate(&errors.silent)),
    };
    let row = |it: &Simulated| {
        let mut row = setting(&it.setting);
        row.extend(
            [
                &it.false_alarms,
                &it.false_same,
                &it.false_letters,
                &it.outside,
            ]
            .map(both),
        );
        row
    };
    let names = [
        "noise",
        "sd",
        "rounds",
        "launches",
        "false alarms",
        "false same",
        "false letters",
        "outside CI",
    ];
    let runs = all.first().map_or(0, |it| it.false_alarms.all.trials);
    let silent = all
        .iter()
        .flat_map(|it| [&it.false_alarms, &it.false_same, &it.false_letters]);
    let over = silent.filter(|it| {
        it.silent
            .nominal
            .is_some_and(|nominal| it.silent.interval.0 > nominal)
    });
    Table {
        title: format!("Made-up runs: how often they are wrong, {runs} runs of each kind"),
        columns: columns(names),
        rows: all.iter().map(row).collect(),
        notes: vec![
            "sd: standard deviation of a row's makespans".to_owned(),
            "false alarms: no row differs, and one is called faster or slower; nominal 1 %".to_owned(),
            "false same: all rows are 5.1 % slower, and one is called the same or faster; nominal 1 %".to_owned(),
            "false letters: no row differs, and two share no letter; nominal 1 %".to_owned(),
            "outside CI: intervals that do not hold the true ratio; nominal 5 %".to_owned(),
            "unflagged: without a flag that rounds are alike, that launches differ, or that they are fewer than five".to_owned(),
            format!("{} of {} unflagged rates of errors are surely over their nominal rate (95 %)", over.count(), 3 * all.len()),
        ],
    }
}

fn found(all: &[Simulated]) -> Table {
    let row = |it: &Simulated| {
        let mut row = setting(&it.setting);
        row.push(it.found.trials.to_string());
        row.push(match it.found.trials {
            0 => dash(),
            _ => interval(it.found.hits, it.found.trials, it.found.interval),
        });
        row
    };
    Table {
        title: "Made-up runs: how often a row is found that is slower by what the run says would usually be missed".to_owned(),
        columns: columns(["noise", "sd", "rounds", "launches", "judged", "found, 95 % CI"]),
        rows: all.iter().map(row).collect(),
        notes: vec![
            "at most half should be found, where that size is over 5 %, since less is called the same; where few are judged, these are runs whose own noise floor was high by chance, and a new run has a lower one".to_owned(),
        ],
    }
}
