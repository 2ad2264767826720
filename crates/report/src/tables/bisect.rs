//! What a bisection found: a row for each version that was compared or left out.

use model::gate::{BisectStep, Bisected, GateKind};

use crate::note::Note;
use crate::numbers::{duration, percent, ratio_within};
use crate::table::{Column, Fit, Table};
use crate::value::Value;

/// Every version or commit that was compared, in order, and which one made the change.
pub fn bisect(found: &Bisected) -> Table {
    let what = found.package.as_deref().unwrap_or("commit");
    let shown = |step: &&BisectStep| !step.tests.is_empty() || step.left_out.is_some();
    let rows = found.steps.iter().filter(shown).map(row);
    let first = found.steps.first().map_or("", |step| step.name.as_str());
    let columns = [
        Column::text(what.to_owned()),
        Column::text("against the first"),
        Column::number("ratio, 95 % CI")
            .note("its makespan over that of the first version, in the same rounds"),
        Column::number("first").fit(Fit::LeftOut(1)),
        Column::number("this").fit(Fit::LeftOut(1)),
        Column::number("tests").fit(Fit::LeftOut(2)),
        Column::number("first changed")
            .note("how probable it is that this is the first version with the change"),
    ];
    let title = format!(
        "{}: which {what} changed it, compared with {first}",
        found.row
    );
    let mut table = Table::new(title, columns, rows);
    table.notes = notes(found);
    table
}

fn row(step: &BisectStep) -> Vec<Value> {
    let last = step.tests.last();
    let look = last.map(|test| &test.look);
    let time = |ns| Value::Time { ns };
    vec![
        Value::name(&step.name),
        match (last, &step.left_out) {
            (Some(test), _) => Value::text(test.kind.name()),
            (None, reason) => Value::Text(reason.clone().unwrap_or_default()),
        },
        look.map_or(Value::Nothing, |look| Value::Ratio {
            estimate: look.ratio,
            interval: look.low.zip(look.high),
        }),
        look.map_or(Value::Nothing, |look| time(look.base_ns)),
        look.map_or(Value::Nothing, |look| time(look.head_ns)),
        Value::Count(step.tests.len() as u64),
        step.probability.map(Value::Share).unwrap_or_default(),
    ]
}

fn notes(found: &Bisected) -> Vec<Note> {
    let mut notes = vec![Note::finding(finding(found))];
    if let Some(change) = &found.culprit {
        if !change.is_sure {
            notes.push(Note::caveat("no further test would make it surer"));
        }
        if !change.against.is_empty() {
            notes.push(Note::caveat(format!(
                "the results of {} do not fit: the history may go up and down",
                change.against.join(", ")
            )));
        }
    }
    let longest = found.builds_ns.iter().max();
    let sum: u64 = found.builds_ns.iter().sum();
    notes.push(Note::statement(format!(
        "{} builds in {}, the longest in {}; {} comparisons",
        found.builds_ns.len(),
        duration(sum),
        duration(longest.copied().unwrap_or_default()),
        found.tests()
    )));
    notes
}

/// The answer, in one sentence.
fn finding(found: &Bisected) -> String {
    let what = found.package.as_deref().unwrap_or("commit");
    let Some(change) = &found.culprit else {
        if found.steps.last().is_some_and(|step| step.tests.is_empty()) {
            return "the last one was not compared with the first, so nothing is known".to_owned();
        }
        return format!(
            "no alarm of {} was found between the first and the last",
            found.row
        );
    };
    let first = found.steps.iter().find(|step| step.name == change.first);
    let test = first.and_then(|step| step.tests.last());
    let counts = test.into_iter().flat_map(|test| &test.changed);
    let counts: Vec<String> = counts
        .map(|count| {
            format!(
                "{} {} per sample instead of {}",
                count.head, count.what, count.base
            )
        })
        .collect();
    let mut how = match test {
        Some(test) if test.kind == GateKind::Regressed => {
            let look = &test.look;
            let ratio = ratio_within("", look.ratio, look.low.zip(look.high));
            format!(
                "is slower from {what} {} on, {ratio} times the makespan of the first",
                change.first
            )
        }
        _ => format!("has changed from {what} {} on", change.first),
    };
    if !counts.is_empty() {
        how += &format!(", with {}", counts.join(" and "));
    }
    format!(
        "{} {how}; {} sure that the change came after {}",
        found.row,
        percent(change.probability),
        change.before
    )
}
