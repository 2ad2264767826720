//! What a workload says, in sentences made from its verdicts. None says more than its interval does.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use model::{CAPPED, CellSummary, MARGIN, Outcome, Ratio, Summary, VerdictKind};

use crate::numbers::{between, digits};

/// A sign test at 99 % tells nothing from fewer rounds: its smallest p-value is 2 / 2^n.
pub(crate) const FOR_VERDICTS: usize = 8;

/// More rows are not named in one sentence.
const NAMED: usize = 4;

/// The answer of one workload: which rows are ahead, and how long the others take against the reference.
pub fn answer(summary: &Summary, label: &str) -> String {
    if let Some(happened) = happened(summary, label) {
        return happened;
    }
    let both = [first(summary, label), second(summary, label)];
    both.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// What happened, where that is the question, and in how many rows.
fn happened(summary: &Summary, label: &str) -> Option<String> {
    let mut rows: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for cell in &summary.cells {
        let own = cell.workload == label && cell.row.twin_of().is_none();
        for verdict in cell.verdicts.keys().filter(|_| own) {
            // What follows says how many units, or quotes an error.
            let short = verdict.split([';', ':']).next().unwrap_or(verdict);
            rows.entry(short).or_default().insert(cell.row.to_string());
        }
    }
    let mut counted: Vec<(&str, usize)> = rows.iter().map(|(it, rows)| (*it, rows.len())).collect();
    counted.sort_by_key(|(short, count)| (Reverse(*count), *short));
    let one = |(short, count): &(&str, usize)| match count {
        1 => format!("{short}: 1 row"),
        count => format!("{short}: {count} rows"),
    };
    let all: Vec<String> = counted.iter().map(one).collect();
    (!all.is_empty()).then(|| format!("What happened: {}.", all.join("; ")))
}

/// Which rows are ahead.
pub(crate) fn first(summary: &Summary, label: &str) -> Option<String> {
    let cells = measured(summary, label);
    let known = cells.iter().any(|cell| cell.verdict.is_some());
    let ahead = ahead(&cells).map(|(said, _)| said);
    ahead.or_else(|| known.then(|| "No row can be told from another.".to_owned()))
}

/// Which slow rows are not told from the fastest, and how long others take against it; against the reference where none is told from it.
pub(crate) fn second(summary: &Summary, label: &str) -> Option<String> {
    let cells = measured(summary, label);
    let not_proven = ahead(&cells).and_then(|(_, rest)| rest);
    let others = behind(&cells).or_else(|| against(&cells, summary));
    let parts: Vec<String> = not_proven.into_iter().chain(others).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// The rows of a workload that have makespans, the fastest first.
fn measured<'a>(summary: &'a Summary, label: &str) -> Vec<&'a CellSummary> {
    let own = |cell: &&CellSummary| {
        cell.workload == label
            && cell.row.twin_of().is_none()
            && cell.outcome == Outcome::Measured
            && cell.wall_ns.is_some()
    };
    let mut cells: Vec<&CellSummary> = summary.cells.iter().filter(own).collect();
    cells.sort_by_key(|cell| cell.wall_ns.map_or(u64::MAX, |it| it.median));
    cells
}

/// The answers of all workloads, each after its name.
pub fn answers(summary: &Summary) -> Vec<String> {
    let loads = summary
        .spec
        .workloads
        .iter()
        .filter(|load| !load.calibration);
    let labels = loads.map(model::Load::label);
    let measured = |label: &String| {
        let own = |cell: &&CellSummary| cell.workload == *label && cell.ratio.is_some();
        summary.cells.iter().filter(own).count() > 1 || happened(summary, label).is_some()
    };
    let said = labels
        .filter(measured)
        .map(|label| format!("{label}: {}", answer(summary, &label)));
    said.collect()
}

/// The rows that no other is seen to be faster than: by their letters, and by their verdicts, which tell more where there are few rounds.
/// The second text names slow rows that letters do not tell from them.
fn ahead(cells: &[&CellSummary]) -> Option<(String, Option<String>)> {
    let kind = |cell: &CellSummary| cell.verdict.as_ref().map(|it| it.kind);
    let faster = cells
        .iter()
        .any(|cell| kind(cell) == Some(VerdictKind::Faster));
    let is_reference = |cell: &CellSummary| {
        cell.ratio
            .as_ref()
            .is_some_and(|it| it.reference == cell.row)
    };
    let first = cells.first()?.tie.as_deref()?;
    let leads = |cell: &&&CellSummary| {
        let letter = cell.tie.as_deref().is_some_and(|tie| share(tie, first));
        let beaten = kind(cell) == Some(VerdictKind::Slower) || faster && is_reference(cell);
        letter && !beaten
    };
    let rounds = cells.iter().map(|cell| cell.samples).max().unwrap_or(0);
    let leading: Vec<&CellSummary> = cells.iter().filter(leads).copied().collect();
    let fastest = leading.first().copied()?;
    let (apart, leading): (Vec<&CellSummary>, Vec<&CellSummary>) = leading
        .into_iter()
        .partition(|cell| is_apart(cell, fastest));
    let first = match leading.len() {
        1 if !apart.is_empty() => format!("{} has the smallest median.", fastest.row),
        1 if cells.len() > 1 => format!("{} is ahead of all others.", fastest.row),
        1 => return None,
        count if count == cells.len() => match rounds {
            few if few < FOR_VERDICTS => {
                format!(
                    "{few} rounds are too few to tell rows apart; at least {FOR_VERDICTS} are needed."
                )
            }
            _ => "No row can be told from the fastest.".to_owned(),
        },
        _ => format!(
            "{} has the smallest median; {} cannot be told from it.",
            fastest.row,
            list(&leading[1..])
        ),
    };
    let rest = (!apart.is_empty()).then(|| not_proven(&apart, rounds));
    Some((first, rest))
}

/// Whether two rows have a letter in common. More than 26 letters are set apart by spaces.
fn share(a: &str, b: &str) -> bool {
    let letters = |text: &str| -> BTreeSet<String> {
        match text.contains(' ') {
            true => text.split(' ').map(str::to_owned).collect(),
            false => text.chars().map(String::from).collect(),
        }
    };
    !letters(a).is_disjoint(&letters(b))
}

/// Whether the interval of a row lies wholly above that of the fastest, although letters, which hold for all rows together, do not tell them
/// apart. A difference below the margin of a verdict is no matter.
fn is_apart(cell: &CellSummary, fastest: &CellSummary) -> bool {
    let low = cell.ratio.as_ref().and_then(|it| it.low);
    let high = fastest.ratio.as_ref().and_then(|it| it.high);
    low.zip(high)
        .is_some_and(|(low, high)| low > high * (1.0 + MARGIN))
}

fn not_proven(apart: &[&CellSummary], rounds: usize) -> String {
    let own = apart.iter().map(|cell| cell.samples).max().unwrap_or(0);
    let looks = match apart.len() {
        1 => "looks slower by its own 95 % interval",
        _ => "look slower, each by its own 95 % interval",
    };
    let why = match own < rounds {
        true => format!("{own} rounds are too few for a test of all rows together"),
        false => "a test of all rows together does not confirm it".to_owned(),
    };
    format!("{} {looks}, but {why}.", list(apart))
}

/// Rows that are told from the fastest, and by how much: those next to it and the slowest.
fn behind(cells: &[&CellSummary]) -> Option<String> {
    let mut told: Vec<(&CellSummary, &Ratio)> = cells
        .iter()
        .filter_map(|cell| Some((*cell, cell.over_fastest.as_ref()?)))
        .collect();
    told.sort_by(|(_, a), (_, b)| a.estimate.total_cmp(&b.estimate));
    let fastest = &told.first()?.1.reference;
    let mut parts: Vec<String> = told
        .iter()
        .map(|(cell, ratio)| takes_as_long(cell, ratio))
        .collect();
    if parts.len() > NAMED {
        let between = parts.len() - NAMED;
        let rows = if between == 1 { "row" } else { "rows" };
        let left_out = NAMED / 2..NAMED / 2 + between;
        parts.splice(left_out, [format!("{between} more {rows} in between")]);
    }
    Some(format!("Compared with {fastest}: {}.", parts.join("; ")))
}

fn takes_as_long(cell: &CellSummary, ratio: &Ratio) -> String {
    let (row, because) = (&cell.row, because(cell));
    let ends = ratio.low.zip(ratio.high);
    // Of a small difference, three digits of a ratio would show nothing.
    if ratio.estimate < 1.1 {
        let percent = |ratio: f64| digits(100.0 * (ratio - 1.0));
        let ends = ends.map(|(low, high)| format!(" ({} to {})", percent(low), percent(high)));
        let (longer, ends) = (percent(ratio.estimate), ends.unwrap_or_default());
        return format!("{row} takes {longer} % longer{ends}{because}");
    }
    let ends = ends.map(|ends| format!(" {}", between(ends)));
    let (times, ends) = (digits(ratio.estimate), ends.unwrap_or_default());
    format!("{row} takes {times} times as long{ends}{because}")
}

/// Why, where a rule says that it runs few units at a time.
fn because(cell: &CellSummary) -> String {
    let capped = cell.reasons.iter().find(|it| it.id == CAPPED);
    capped.map_or(String::new(), |reason| {
        format!(", because it {}", reason.text)
    })
}

/// Rows that are told from the reference, and by how much.
fn against(cells: &[&CellSummary], summary: &Summary) -> Option<String> {
    let told = |kind: VerdictKind| {
        let of_kind =
            move |cell: &&&CellSummary| cell.verdict.as_ref().is_some_and(|it| it.kind == kind);
        cells.iter().filter(of_kind).copied().collect::<Vec<_>>()
    };
    let mut parts = Vec::new();
    let (slower, faster) = (told(VerdictKind::Slower), told(VerdictKind::Faster));
    if !faster.is_empty() {
        parts.push(takes(&faster));
    }
    if !slower.is_empty() {
        parts.push(takes(&slower));
    }
    let unclear = told(VerdictKind::Unclear).len();
    if unclear > 0 && !parts.is_empty() {
        parts.push(format!("{unclear} rows are unclear"));
    }
    let reference = &summary.spec.reference;
    (!parts.is_empty()).then(|| format!("Compared with {reference}: {}.", parts.join("; ")))
}

/// How long these rows take, with their intervals, and why where that is known.
fn takes(cells: &[&CellSummary]) -> String {
    let one = |cell: &&CellSummary| {
        let ratio = cell.ratio.as_ref()?;
        let ends = ratio.low.zip(ratio.high);
        let (estimate, ends, what) = match ratio.estimate < 1.0 {
            true => (
                1.0 / ratio.estimate,
                ends.map(|(low, high)| (1.0 / high, 1.0 / low)),
                "is",
            ),
            false => (ratio.estimate, ends, "takes"),
        };
        let how = if ratio.estimate < 1.0 { "fast" } else { "long" };
        let interval = ends.map(|ends| format!(" {}", between(ends)));
        Some(format!(
            "{} {what} {} times as {how}{}{}",
            cell.row,
            digits(estimate),
            interval.unwrap_or_default(),
            because(cell)
        ))
    };
    let mut parts: Vec<String> = cells.iter().filter_map(one).collect();
    let more = parts.len().saturating_sub(NAMED);
    parts.truncate(NAMED);
    if more > 0 {
        parts.push(format!("{more} more rows are told from it as well"));
    }
    parts.join("; ")
}

fn list(cells: &[&CellSummary]) -> String {
    let names: Vec<String> = cells.iter().map(|cell| cell.row.to_string()).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] if first.len() < 8 => format!("{} and {last}", first.join(", ")),
        _ => format!("{} and {} more", names[..6].join(", "), names.len() - 6),
    }
}
