//! How often judgements err, and how often they find what is there.

use model::{Host, Judgement, Percent, Rate, Share};

use crate::Table;
use crate::formats::escape::markdown as escape;
use crate::formats::markdown::markdown;
use crate::numbers::{digits, percent};
use crate::table::columns;
use crate::tables::columns::dash;

/// Judgements of identical cells.
pub fn false_alarms(rates: &[Rate], judgements: &[Judgement]) -> Table {
    let row = |rate: &Rate| {
        vec![
            rate.name.clone(),
            rate.trials.to_string(),
            rate.verdicts.to_string(),
            rate.same.to_string(),
            rate.hits.to_string(),
            interval(rate.hits, rate.trials, rate.interval),
            rate.missed_below.map_or_else(dash, percent),
        ]
    };
    let names = [
        "strategy",
        "judgements",
        "verdicts",
        "same",
        "false",
        "rate, 95 % CI",
        "missed below",
    ];
    Table {
        title: "Identical cells: judgements that called at least one of them faster or slower"
            .to_owned(),
        columns: columns(names),
        rows: rates.iter().map(row).collect(),
        notes: notes(judgements),
    }
}

/// How often p-values of identical cells are small.
pub fn p_shares(shares: &[Share]) -> Table {
    let row = |share: &Share| {
        vec![
            share.name.clone(),
            share.nominal.map_or_else(dash, percent),
            share.trials.to_string(),
            share.hits.to_string(),
            interval(share.hits, share.trials, share.interval),
        ]
    };
    Table {
        title: "Identical cells: the p-values and letters behind the verdicts".to_owned(),
        columns: columns(["per workload", "nominal", "judged", "seen", "rate, 95 % CI"]),
        rows: shares.iter().map(row).collect(),
        notes: vec!["a test is right if it is seen no more often than nominal".to_owned()],
    }
}

/// Judgements of rows that really wait longer, by how much longer.
pub fn power(rates: &[(Percent, Vec<Rate>)], judgements: &[Judgement]) -> Table {
    let row = |effect: &Percent, rate: &Rate| {
        vec![
            effect.to_string(),
            rate.name.clone(),
            rate.workload.clone().unwrap_or_default(),
            rate.trials.to_string(),
            rate.hits.to_string(),
            rate.same.to_string(),
            interval(rate.hits, rate.trials, rate.interval),
            rate.ratio.map_or_else(dash, digits),
        ]
    };
    let names = [
        "longer",
        "strategy",
        "workload",
        "judged",
        "slower",
        "same",
        "called slower, 95 % CI",
        "ratio",
    ];
    let mut columns = columns(names);
    columns[1].number = false;
    columns[2].number = false;
    let rows = rates
        .iter()
        .flat_map(|(effect, rates)| rates.iter().map(move |rate| row(effect, rate)));
    Table {
        title: "All waits of a row are longer: how often it is called slower".to_owned(),
        columns,
        rows: rows.collect(),
        notes: notes(judgements),
    }
}

/// The README of a trial's folder.
pub fn trial(tables: &[Table], judgements: &[Judgement], host: &Host, command: &str) -> String {
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
        tables.iter().map(markdown).collect::<Vec<_>>().join("\n"),
        host.processors,
        escape(&commits.join(", "))
    )
}

/// A rate with its interval.
pub(crate) fn interval(hits: u64, trials: u64, (low, high): (f64, f64)) -> String {
    let share = hits as f64 / trials.max(1) as f64;
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
