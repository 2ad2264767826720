//! How often judgements err, and how often they find what is there.

use model::{Judgement, Percent, Rate, Share};

use crate::note::Note;
use crate::numbers::{duration, percent};
use crate::table::{Column, Table};
use crate::value::Value;

/// Judgements of identical cells.
pub fn false_alarms(rates: &[Rate], judgements: &[Judgement]) -> Table {
    let row = |rate: &Rate| {
        vec![
            Value::name(&rate.name),
            Value::Count(rate.trials),
            Value::Count(rate.verdicts),
            Value::Count(rate.same),
            Value::Count(rate.hits),
            frequency(rate),
            rate.missed_below.map(Value::Share).unwrap_or_default(),
        ]
    };
    let columns = [
        Column::text("strategy"),
        Column::number("judgements"),
        Column::number("verdicts"),
        Column::number("same"),
        Column::number("false"),
        Column::number("rate, 95 % CI"),
        Column::number("missed below")
            .note("a smaller difference is missed in at least half of such judgements"),
    ];
    let title = "Identical cells: judgements that called at least one of them faster or slower";
    Table {
        notes: notes(judgements),
        ..Table::new(title, columns, rates.iter().map(row))
    }
}

/// How often p-values of identical cells are small.
pub fn p_shares(shares: &[Share]) -> Table {
    let row = |share: &Share| {
        let rate = Value::Rate {
            hits: share.hits,
            trials: share.trials,
            interval: share.interval,
        };
        vec![
            Value::name(&share.name),
            share.nominal.map(Value::Share).unwrap_or_default(),
            Value::Count(share.trials),
            Value::Count(share.hits),
            rate,
        ]
    };
    let columns = [
        Column::text("per workload"),
        Column::number("nominal"),
        Column::number("judged"),
        Column::number("seen"),
        Column::number("rate, 95 % CI"),
    ];
    let title = "Identical cells: the p-values and letters behind the verdicts";
    let right = "a test is right if it is seen no more often than nominal";
    Table {
        notes: vec![Note::statement(right)],
        ..Table::new(title, columns, shares.iter().map(row))
    }
}

/// Judgements of rows that really wait longer, by how much longer.
pub fn power(rates: &[(Percent, Vec<Rate>)], judgements: &[Judgement]) -> Table {
    let row = |effect: &Percent, rate: &Rate| {
        let longer = Value::Typed {
            value: effect.share(),
            text: effect.to_string(),
        };
        vec![
            longer,
            Value::name(&rate.name),
            Value::Name(rate.workload.clone().unwrap_or_default()),
            Value::Count(rate.trials),
            Value::Count(rate.hits),
            Value::Count(rate.same),
            frequency(rate),
            rate.ratio.map(Value::Number).unwrap_or_default(),
        ]
    };
    let columns = [
        Column::text("longer"),
        Column::text("strategy"),
        Column::text("workload"),
        Column::number("judged"),
        Column::number("slower"),
        Column::number("same"),
        Column::number("called slower, 95 % CI"),
        Column::number("ratio"),
    ];
    let of_effect = |(effect, rates): &(Percent, Vec<Rate>)| {
        let rows = rates.iter().map(|rate| row(effect, rate));
        rows.collect::<Vec<_>>()
    };
    let title = "All waits of a row are longer: how often it is called slower";
    Table {
        notes: notes(judgements),
        ..Table::new(title, columns, rates.iter().flat_map(of_effect))
    }
}

fn frequency(rate: &Rate) -> Value {
    Value::Rate {
        hits: rate.hits,
        trials: rate.trials,
        interval: rate.interval,
    }
}

/// What the judgements took, which of them do not count, and what else the machine did.
fn notes(judgements: &[Judgement]) -> Vec<Note> {
    let longest = judgements.iter().map(|it| it.elapsed_ns).max();
    let longest = duration(longest.unwrap_or_default());
    let mut others: Vec<f64> = judgements.iter().filter_map(|it| it.others_share).collect();
    others.sort_by(f64::total_cmp);
    let incomplete = judgements.iter().filter(|it| !it.is_complete()).count();
    let mut notes = vec![format!("the longest judgement took {longest}")];
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
    notes.into_iter().map(Note::statement).collect()
}
