//! What somebody published, beside a run here.

use model::{Quantity, Reproduced, ReproducedLine, ReproducedTable, Reproduction};

use crate::formats::escape::markdown as escape;
use crate::formats::markdown::markdown;
use crate::note::{Note, NoteKind, NotedRows};
use crate::numbers::{digits, times};
use crate::table::{Column, Fit, Table};
use crate::value::{Tone, Value};

/// Its tables, each line with its verdict. Notes say by which rule.
pub fn reproduction(reproduction: &Reproduction) -> Vec<Table> {
    let tables = reproduction.tables.iter();
    let mut tables: Vec<Table> = tables.map(table).collect();
    if let Some(last) = tables.last_mut() {
        last.notes.extend(notes(reproduction));
    }
    tables
}

/// What a reproduction says in one sentence.
pub fn reproduction_answer(reproduction: &Reproduction) -> String {
    let counts = reproduction.counts();
    let told = [
        (counts.reproduced, "reproduced"),
        (counts.not, "not reproduced"),
        (counts.unclear, "unclear"),
        (counts.missing, "without a number here"),
    ];
    let told = told.iter().filter(|(count, _)| *count > 0);
    let told: Vec<String> = told
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    let published = &reproduction.published;
    format!(
        "{}, published by {} ({}). Lines: {}.",
        published.about,
        published.by,
        published.date,
        told.join(", ")
    )
}

/// All of them as one document in Markdown.
pub fn reproductions_document(reproductions: &[Reproduction]) -> String {
    let mut text = String::from(
        "# What others published, beside runs here\n\n\
         Written by `makespan reproduce --markdown`. The machines differ, so only ratios within a table are compared.\n",
    );
    for one in reproductions {
        text += &format!(
            "\n## {}\n\n{}\n",
            escape(&one.published.name),
            escape(&reproduction_answer(one))
        );
        for table in reproduction(one) {
            text += &format!("\n{}", markdown(&table));
        }
    }
    text
}

fn table(table: &ReproducedTable) -> Table {
    let columns = [
        Column::text("line").fit(Fit::Wraps),
        Column::number(format!("theirs, {}", table.unit)),
        ours(table.quantity),
        their_ratio(table),
        Column::number("our ratio, 95 % CI"),
        Column::text("verdict").fit(Fit::Wraps),
    ];
    let row = |line: &ReproducedLine| {
        let base = line.verdict == Reproduced::Base;
        let ours = match (line.ours, table.quantity) {
            (None, _) => Value::Nothing,
            (Some(bytes), Quantity::Memory) => Value::Bytes(bytes as u64),
            (Some(ns), Quantity::Makespan | Quantity::Cpu) => Value::Time { ns: ns as u64 },
        };
        let ratio = line
            .ours_ratio
            .as_ref()
            .map(Value::from)
            .unwrap_or_default();
        vec![
            Value::name(&line.what),
            Value::Typed {
                value: line.theirs,
                text: line.theirs.to_string(),
            },
            ours,
            Value::Number(line.theirs_ratio),
            if base { Value::Reference } else { ratio },
            said(&line.verdict),
        ]
    };
    let title = format!("{}, compared with {}", table.title, table.against);
    let mut made = Table::new(title, columns, table.lines.iter().map(row));
    made.notes = table.lines.iter().filter_map(why).collect();
    made
}

fn ours(quantity: Quantity) -> Column {
    let column = Column::number("ours").fit(Fit::LeftOut(1));
    match quantity {
        Quantity::Makespan | Quantity::Cpu => column,
        Quantity::Memory => column.note(
            "the highest resident memory of the process; the column memory on the page of a run is what one sample adds",
        ),
    }
}

fn their_ratio(table: &ReproducedTable) -> Column {
    let column = Column::number("their ratio");
    match table.lines.iter().any(|line| line.theirs_before > 0.0) {
        true => column.note("each less what its process has with one task; ours as well"),
        false => column,
    }
}

fn said(verdict: &Reproduced) -> Value {
    let (text, tone) = match verdict {
        Reproduced::Base => return Value::Nothing,
        Reproduced::Reproduced => ("reproduced", Tone::Good),
        Reproduced::OtherFactor { .. } => ("not: other factor", Tone::Bad),
        Reproduced::OtherOrder => ("not: other order", Tone::Bad),
        Reproduced::NoOrder => ("not: no order", Tone::Bad),
        Reproduced::Unclear => ("unclear", Tone::Quiet),
        Reproduced::Missing { .. } => ("missing", Tone::Quiet),
    };
    Value::Word { text, tone }
}

/// Why a line is not reproduced.
fn why(line: &ReproducedLine) -> Option<Note> {
    let (kind, text) = match &line.verdict {
        Reproduced::Base | Reproduced::Reproduced => return None,
        Reproduced::OtherFactor { times: factor } => (
            NoteKind::Finding,
            format!(
                "the order is the same, but the ratio here is {} the published one",
                times(*factor)
            ),
        ),
        Reproduced::OtherOrder => (NoteKind::Finding, "the order is reversed here".to_owned()),
        Reproduced::NoOrder => (
            NoteKind::Finding,
            "the interval here holds 1, so no order is seen".to_owned(),
        ),
        Reproduced::Unclear => (
            NoteKind::Finding,
            match line.ours_ratio.as_ref().and_then(|it| it.low) {
                Some(_) => "a part of the interval here counts as reproduced, another does not",
                None => "there are too few rounds for an interval",
            }
            .to_owned(),
        ),
        Reproduced::Missing { reason } => (NoteKind::NoResult, reason.clone()),
    };
    let rows = NotedRows {
        names: vec![line.what.clone()],
        detail: None,
    };
    Some(Note::new(kind, text).of_rows(vec![rows]))
}

/// Where the published numbers are from, how the runs differ, and the rule.
fn notes(reproduction: &Reproduction) -> Vec<Note> {
    let published = &reproduction.published;
    let source = format!(
        "published by {}, {}: {}; {}",
        published.by, published.date, published.machine, published.versions
    );
    let source = Note::statement(source);
    let mut notes = vec![match &published.url {
        Some(url) => source.from(url),
        None => source,
    }];
    notes.extend(published.differs.iter().map(Note::caveat));
    notes.push(Note::caveat(
        "the machines differ, so only ratios within a table are compared",
    ));
    let factor = digits(reproduction.tolerance);
    notes.push(Note::statement(format!(
        "reproduced: the whole interval here is within a factor of {factor} of the published ratio. \
         Other factor: it is outside, on the same side of 1. Other order: it is outside, on the other side of 1. No order: it is outside and holds 1. \
         Unclear: it reaches over the edge. That factor is a choice: it allows for other machines and versions"
    )));
    notes
}
