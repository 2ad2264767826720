//! How often judgements err, and how often they find what is there.

use model::{Host, Judgement, Percent, Rate};

use crate::Table;
use crate::columns::dash;
use crate::escape::markdown as escape;
use crate::format::{digits, percent};
use crate::markdown::markdown;
use crate::table::columns;

/// Judgements of identical cells.
pub fn false_alarms(rates: &[Rate], judgements: &[Judgement]) -> Table {
    let row = |rate: &Rate| {
        vec![
            rate.name.clone(),
            rate.trials.to_string(),
            rate.verdicts.to_string(),
            rate.hits.to_string(),
            interval(rate),
            rate.detectable.map_or_else(dash, percent),
        ]
    };
    Table {
        title: "Identical cells: judgements that called at least one of them faster or slower"
            .to_owned(),
        columns: columns([
            "strategy",
            "judgements",
            "verdicts",
            "false",
            "rate, 95 % CI",
            "detectable",
        ]),
        rows: rates.iter().map(row).collect(),
        notes: notes(judgements),
    }
}

/// Judgements of a row that really waits longer.
pub fn power(rates: &[Rate], effect: Percent, judgements: &[Judgement]) -> Table {
    let row = |rate: &Rate| {
        vec![
            rate.name.clone(),
            rate.workload.clone().unwrap_or_default(),
            rate.trials.to_string(),
            rate.hits.to_string(),
            interval(rate),
            rate.ratio.map_or_else(dash, digits),
        ]
    };
    let names = [
        "strategy",
        "workload",
        "judgements",
        "found",
        "rate, 95 % CI",
        "ratio",
    ];
    let mut columns = columns(names);
    columns[1].number = false;
    Table {
        title: format!("All waits {effect} longer: judgements that called the row slower"),
        columns,
        rows: rates.iter().map(row).collect(),
        notes: notes(judgements),
    }
}

/// The README of a trial's folder.
pub fn trial(table: &Table, judgements: &[Judgement], host: &Host, command: &str) -> String {
    let cpu = escape(host.cpu.as_deref().unwrap_or("unknown processor"));
    let mut commits: Vec<&str> = judgements
        .iter()
        .filter_map(|it| it.commit.as_deref())
        .collect();
    commits.sort_unstable();
    commits.dedup();
    format!(
        "# {}\n\n{}\nEach judgement is a whole run of the scenario `trial` with a seed of its own, as `{command}` makes it; \
         `judgements.jsonl` has every verdict. Rates have Clopper-Pearson intervals. Machine of the last one: {} processors, {cpu}. \
         Commits: {}.\n",
        escape(command),
        markdown(table),
        host.processors,
        escape(&commits.join(", "))
    )
}

fn interval(rate: &Rate) -> String {
    let (low, high) = rate.interval;
    let share = rate.hits as f64 / rate.trials.max(1) as f64;
    format!("{} ({}-{})", percent(share), percent(low), percent(high))
}

fn notes(judgements: &[Judgement]) -> Vec<String> {
    let longest = judgements
        .iter()
        .map(|it| it.elapsed_ns)
        .max()
        .unwrap_or_default();
    let mut others: Vec<f64> = judgements.iter().filter_map(|it| it.others_share).collect();
    others.sort_by(f64::total_cmp);
    let incomplete = judgements.iter().filter(|it| !it.is_complete()).count();
    let mut notes = vec![format!(
        "the longest judgement took {}",
        crate::duration(longest)
    )];
    if incomplete > 0 {
        notes.push(format!(
            "{incomplete} judgements are left out, because not all of their cells have a result"
        ));
    }
    if let (Some(least), Some(most)) = (others.first(), others.last()) {
        notes.push(format!(
            "other processes used {} to {} of the processors meanwhile",
            percent(*least),
            percent(*most)
        ));
    }
    notes
}
