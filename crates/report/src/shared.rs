//! What the rows of a workload share, in words.

use model::{CellSummary, Dropped, MARGIN, Noise, WorkloadSummary};

use crate::computing;
use crate::format::percent;

/// Everything that stands under a table and is about no single row.
pub(crate) fn notes(workload: &WorkloadSummary, cells: &[&CellSummary]) -> Vec<String> {
    let flags = workload.flags.iter().map(ToString::to_string);
    let more = [
        workload.noise.as_ref().map(noise),
        missed(cells),
        friedman(workload),
        dropped(workload),
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
    let row = &noise.strategy;
    match noise.floor {
        Some(floor) => format!(
            "noise floor {}: {row}, entered twice, differs from itself by up to that",
            percent(floor)
        ),
        None => format!(
            "no noise floor, so no verdict: {row} and its second entry share fewer than 6 rounds"
        ),
    }
}

/// How small a difference may be to be missed, or to be none.
fn missed(cells: &[&CellSummary]) -> Option<String> {
    let missed = cells.iter().filter_map(|cell| {
        let missed = cell.verdict.as_ref()?.missed_below?;
        Some((missed, cell.strategy.as_str()))
    });
    let all: Vec<_> = missed.collect();
    let (least, _) = *all.iter().min_by(|a, b| a.0.total_cmp(&b.0))?;
    let (most, row) = *all.iter().max_by(|a, b| a.0.total_cmp(&b.0))?;
    let same = format!("differences under {} are called the same", percent(MARGIN));
    Some(match (least > MARGIN, most > MARGIN) {
        (true, _) => format!(
            "differences under {} would usually be missed, of {row} those under {}",
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

fn friedman(workload: &WorkloadSummary) -> Option<String> {
    let test = workload.friedman.as_ref()?;
    let p = match test.p {
        p if p < 0.001 => "p < 0.001".to_owned(),
        p => format!("p = {p:.3}"),
    };
    let what = match test.p <= workload.alpha {
        true => "differ",
        false => "show no sign of a difference",
    };
    Some(format!(
        "the {} rows that ran in all {} rounds {what} (Friedman's test, {p})",
        test.rows, test.blocks
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
