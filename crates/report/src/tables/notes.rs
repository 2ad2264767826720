//! What the rows of a workload share, in words.

use model::{CellSummary, Dropped, FlagKind, MARGIN, Noise, WorkloadSummary};

use crate::numbers::percent;
use crate::tables::computing;

/// Everything that stands under a table and is about no single row.
pub(crate) fn notes(workload: &WorkloadSummary, cells: &[&CellSummary]) -> Vec<String> {
    let flags = workload.flags.iter().map(ToString::to_string);
    let more = [
        workload.noise.as_ref().map(noise),
        missed(cells),
        friedman(workload),
        dropped(workload),
        hold(workload, cells),
    ];
    let computing = computing::notes(workload, cells);
    let all = flags.chain(computing).chain(more.into_iter().flatten());
    all.collect()
}

/// The flags of one size of a sweep, and what was dropped there.
pub(crate) fn caveats(workload: &WorkloadSummary) -> Vec<String> {
    let flags = workload.flags.iter().map(ToString::to_string);
    let all = flags.chain(dropped(workload));
    all.map(|text| format!("{}: {text}", workload.workload))
        .collect()
}

fn noise(noise: &Noise) -> String {
    let row = &noise.row;
    match noise.floor {
        Some(floor) => format!(
            "noise floor {}: two entries of {row} may differ by that much (95 %); noisier rows differ by more",
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
            "verdicts hold at {} for all rows of this table together",
            percent(1.0 - workload.alpha)
        )
    })
}

fn friedman(workload: &WorkloadSummary) -> Option<String> {
    let test = workload.friedman.as_ref()?;
    let p = match test.p {
        p if p < 0.001 => "p < 0.001".to_owned(),
        p => format!("p = {p:.3}"),
    };
    let what = match test.p <= workload.alpha {
        true => "at least one differs",
        false => "none is seen to differ",
    };
    let twin = workload
        .noise
        .as_ref()
        .map(|noise| format!(", {} entered twice,", noise.row));
    Some(format!(
        "of the {} rows{} that ran in all {} rounds {what} (Friedman's test, {p})",
        test.rows,
        twin.unwrap_or_default(),
        test.blocks
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
