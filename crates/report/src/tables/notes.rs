//! What stands under the table of a workload: notes about single rows, and notes about what all rows share.

use std::collections::BTreeMap;

use model::{
    CellSummary, Dropped, FlagKind, MARGIN, Noise, Outcome, REASONS, Summary, WorkloadSummary,
};

use crate::note::{Note, NoteKind, NotedRows};
use crate::numbers::{p_value, percent};
use crate::tables::computing;

/// What to know of single rows: why they have no result (twins too), and their caveats. Then what their ratios rest on.
pub(crate) fn of_rows(cells: &[&CellSummary], twins: &[&CellSummary]) -> Vec<Note> {
    let mut notes = no_results(cells.iter().chain(twins).copied());
    notes.extend(reasons(cells, true));
    notes.extend(flags(cells, true));
    let ratios = || {
        cells
            .iter()
            .filter_map(|cell| Some((cell, cell.ratio.as_ref()?)))
    };
    if ratios().any(|(_, ratio)| ratio.low.is_none()) {
        let few = "no interval where fewer than 6 rounds hold both rows";
        notes.push(Note::caveat(few));
    }
    let fewer =
        ratios().find(|(cell, ratio)| ratio.pairs < cell.samples && cell.row != ratio.reference);
    if let Some((_, ratio)) = fewer {
        notes.push(Note::caveat(format!(
            "{} ran in {} rounds only; speed-ups use those rounds, medians use all samples of a row",
            ratio.reference, ratio.pairs
        )));
    }
    let asks = cells.iter().any(|cell| !cell.verdicts.is_empty());
    if ratios().next().is_none() && cells.len() > 1 && !asks {
        let none = "no ratios, because the reference has no result";
        notes.push(Note::caveat(none));
    }
    notes
}

/// Why rows have no result, each reason once.
pub(crate) fn no_results<'a>(cells: impl Iterator<Item = &'a CellSummary>) -> Vec<Note> {
    let mut reasons: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for cell in cells.filter(|cell| cell.outcome != Outcome::Measured) {
        let what = match cell.outcome {
            Outcome::Failed => "failed",
            _ => "unsupported",
        };
        let why = cell.reason.as_deref().unwrap_or("for no stated reason");
        let rows = reasons.entry(format!("{what}: {why}")).or_default();
        rows.push(cell.row.to_string());
    }
    let note =
        |(why, rows)| Note::new(NoteKind::NoResult, why).of_rows(vec![NotedRows::named(rows)]);
    reasons.into_iter().map(note).collect()
}

/// The flags of rows: each text once. Its rows are grouped by their numbers, where those are wanted.
fn flags(cells: &[&CellSummary], numbers: bool) -> Vec<Note> {
    let mut flags: BTreeMap<&str, BTreeMap<Option<&str>, Vec<String>>> = BTreeMap::new();
    for cell in cells {
        for flag in &cell.flags {
            let details = flags.entry(&flag.text).or_default();
            let detail = flag.detail.as_deref().filter(|_| numbers);
            let rows = details.entry(detail).or_default();
            rows.push(cell.row.to_string());
        }
    }
    let rows = |(detail, names): (Option<&str>, Vec<String>)| NotedRows {
        names,
        detail: detail.map(str::to_owned),
    };
    let note = |(text, details): (&str, BTreeMap<Option<&str>, Vec<String>>)| {
        Note::caveat(text).of_rows(details.into_iter().map(rows).collect())
    };
    flags.into_iter().map(note).collect()
}

/// The reasons of rows: each text once, with its rows and, where wanted, their numbers. They are in the order of the catalogue.
fn reasons(cells: &[&CellSummary], numbers: bool) -> Vec<Note> {
    let order = |id: &str| REASONS.iter().position(|rule| rule.id == id);
    let mut found: BTreeMap<_, Vec<NotedRows>> = BTreeMap::new();
    for cell in cells {
        for reason in &cell.reasons {
            let key = (order(&reason.id), &reason.text, &reason.source);
            let rows = found.entry(key).or_default();
            let detail = numbers.then(|| reason.detail.clone());
            match rows.iter_mut().find(|it| it.detail == detail) {
                Some(rows) => rows.names.push(cell.row.to_string()),
                None => rows.push(NotedRows {
                    names: vec![cell.row.to_string()],
                    detail,
                }),
            }
        }
    }
    let note = |((_, text, source), rows): ((_, &String, &String), _)| {
        let note = Note::new(NoteKind::Reason, text.as_str());
        note.of_rows(rows).from(source)
    };
    found.into_iter().map(note).collect()
}

/// What to know before quoting a run: the flags of whole workloads, and which rows have which flag.
pub fn caveats(summary: &Summary) -> Vec<Note> {
    let mut caveats = Vec::new();
    for workload in &summary.workloads {
        let flags = workload.flags.iter();
        caveats.extend(
            flags.map(|flag| Note::caveat(flag.to_string()).of_workload(&workload.workload)),
        );
    }
    let mut workloads: BTreeMap<&str, Vec<&CellSummary>> = BTreeMap::new();
    for cell in &summary.cells {
        workloads.entry(&cell.workload).or_default().push(cell);
    }
    for (label, cells) in workloads {
        let flags = flags(&cells, false).into_iter();
        caveats.extend(flags.map(|note| note.of_workload(label)));
    }
    caveats
}

/// What all rows of a workload share.
pub(crate) fn of_workload(workload: &WorkloadSummary, cells: &[&CellSummary]) -> Vec<Note> {
    let flags = workload.flags.iter();
    let mut notes: Vec<Note> = flags.map(|flag| Note::caveat(flag.to_string())).collect();
    notes.extend(computing::notes(workload, cells));
    let more = [
        workload.noise.as_ref().map(noise),
        missed(cells),
        friedman(workload),
        dropped(workload),
        hold(workload, cells),
    ];
    notes.extend(more.into_iter().flatten().map(Note::statement));
    notes
}

/// The flags of one size of a sweep, and what was dropped there.
pub(crate) fn of_size(workload: &WorkloadSummary) -> Vec<Note> {
    let flags = workload.flags.iter().map(ToString::to_string);
    let all = flags.chain(dropped(workload)).map(Note::caveat);
    all.map(|note| note.of_workload(&workload.workload))
        .collect()
}

fn noise(noise: &Noise) -> String {
    let row = &noise.row;
    match noise.floor {
        Some(floor) => format!(
            "noise floor {}: {row} was measured as two rows, and their ratio is 1 to within that much (95 %); noisier rows are off by more",
            percent(floor)
        ),
        None => format!(
            "no noise floor, so no verdict: {row} and its second entry share fewer than 6 rounds"
        ),
    }
}

/// How small a difference from the reference may be to be missed, or to be none. Rows that are far from it need no such words.
fn missed(cells: &[&CellSummary]) -> Option<String> {
    let near = cells.iter().filter_map(|cell| {
        let (missed, ratio) = (cell.verdict.as_ref()?.missed_below?, cell.ratio.as_ref()?);
        let near = ratio.estimate.ln().abs() < NEAR.ln();
        near.then_some((missed, &cell.row, &ratio.reference))
    });
    let near: Vec<_> = near.collect();
    let (least, _, reference) = *near.iter().min_by(|a, b| a.0.total_cmp(&b.0))?;
    let (most, row, _) = *near.iter().max_by(|a, b| a.0.total_cmp(&b.0))?;
    let same = format!(
        "against {reference}, differences under {} are called the same",
        percent(MARGIN)
    );
    Some(match (least > MARGIN, most > MARGIN) {
        (true, _) => format!(
            "against {reference}, differences under {} would usually be missed; of {row}, those under {}",
            percent(least),
            percent(most)
        ),
        (false, true) => format!(
            "{same}; of {row}, those under {} would usually be missed",
            percent(most)
        ),
        (false, false) => same,
    })
}

/// Rows within so many times the reference are near it.
const NEAR: f64 = 1.25;

/// What the verdicts of a table may err together; where a flag says that they err more often, that is all there is to say.
fn hold(workload: &WorkloadSummary, cells: &[&CellSummary]) -> Option<String> {
    let doubted = |kind| matches!(kind, FlagKind::Correlated | FlagKind::LaunchesDiffer);
    let judged = cells.iter().any(|cell| cell.verdict.is_some());
    let holds = judged && !workload.flags.iter().any(|flag| doubted(flag.kind));
    holds.then(|| {
        format!(
            "the chance that any verdict of this table is wrong is at most {}, if rounds are independent and launches alike",
            percent(workload.alpha)
        )
    })
}

fn friedman(workload: &WorkloadSummary) -> Option<String> {
    let test = workload.friedman.as_ref()?;
    let p = p_value(test.p);
    let what = match test.p <= workload.alpha {
        true => "at least one row differs",
        false => "no row is seen to differ",
    };
    let twin = workload
        .noise
        .as_ref()
        .map(|noise| format!(" ({} counts twice)", noise.row));
    Some(format!(
        "Friedman's test over the {} rows that ran in all {} rounds{}: {what} ({p})",
        test.rows,
        test.blocks,
        twin.unwrap_or_default()
    ))
}

fn dropped(workload: &WorkloadSummary) -> Option<String> {
    let sum: usize = workload.dropped.iter().map(|it| it.rounds).sum();
    let each = |it: &Dropped| format!("{} ({})", it.because, it.rounds);
    let each: Vec<String> = workload.dropped.iter().map(each).collect();
    let all = workload.rounds + sum;
    (sum > 0).then(|| {
        format!(
            "dropped for all rows: {sum} of {all} rounds; {}",
            each.join(", ")
        )
    })
}

/// The caveats that change how a picture of one workload is read: those of the workload, and which rows have no result.
pub(crate) fn in_pictures(summary: &Summary, label: &str, cells: &[&CellSummary]) -> Vec<String> {
    let workload = summary.workload(label);
    let flags = workload.into_iter().flat_map(|it| &it.flags);
    let flags = flags.map(|flag| match &flag.detail {
        Some(detail) => format!("{} ({detail}).", flag.text),
        None => format!("{}.", flag.text),
    });
    let missing = no_results(cells.iter().copied());
    let shown: Vec<&CellSummary> = cells
        .iter()
        .copied()
        .filter(|cell| cell.row.twin_of().is_none())
        .collect();
    let of_rows = self::flags(&shown, false);
    let mut caveats: Vec<String> = flags.map(|text| format!("Caveat: {text}")).collect();
    let why = reasons(&shown, false);
    caveats.extend(why.iter().map(|note| format!("Reason: {note}.")));
    caveats.extend(of_rows.iter().map(|note| format!("Caveat: {note}.")));
    caveats.extend(missing.iter().map(|note| format!("No result: {note}.")));
    if summary.interrupted {
        caveats.push("Caveat: the run was interrupted.".to_owned());
    }
    caveats
}
