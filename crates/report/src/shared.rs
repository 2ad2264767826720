//! What the rows of a workload share, in words.

use model::{CellSummary, Dropped, Noise, VerdictKind, WorkloadSummary};

use crate::format::percent;

/// Everything that stands under a table and is about no single row.
pub(crate) fn notes(workload: &WorkloadSummary, cells: &[&CellSummary]) -> Vec<String> {
    let flags = workload.flags.iter().map(ToString::to_string);
    let more = [
        workload.noise.as_ref().map(noise),
        unclear(cells),
        detectable(cells),
        friedman(workload),
        dropped(workload),
    ];
    flags.chain(more.into_iter().flatten()).collect()
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

/// Said only where it is met.
fn unclear(cells: &[&CellSummary]) -> Option<String> {
    let verdicts = || cells.iter().filter_map(|cell| cell.verdict.as_ref());
    let unclear = || verdicts().filter(|verdict| verdict.kind == VerdictKind::Unclear);
    let needs = unclear().any(|verdict| verdict.rounds_needed.is_some());
    needs.then(|| "unclear +n: about n more rounds would tell".to_owned())
}

fn detectable(cells: &[&CellSummary]) -> Option<String> {
    let of =
        |cell: &&CellSummary| Some((cell.verdict.as_ref()?.detectable?, cell.strategy.clone()));
    let all = || cells.iter().filter_map(of);
    let least = all().min_by(|a, b| a.0.total_cmp(&b.0))?;
    let most = all().max_by(|a, b| a.0.total_cmp(&b.0))?;
    Some(format!(
        "smallest change that would be found four times in five: {} ({}) to {} ({})",
        percent(least.0),
        least.1,
        percent(most.0),
        most.1
    ))
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
