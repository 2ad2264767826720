//! What a workload asks, and how its lower bound follows from its sizes.

use model::{Load, Summary};

use crate::numbers::duration;

/// What the rows of a workload are compared for.
pub(crate) fn question(summary: &Summary, load: &Load) -> String {
    let asks = |cell: &model::CellSummary| !cell.verdicts.is_empty();
    let label = load.label();
    let own = summary.cells.iter().filter(|cell| cell.workload == label);
    if own.clone().any(asks) {
        return "What happens, strategy by strategy?".to_owned();
    }
    let units = match load.tasks {
        1 => "one unit that waits".to_owned(),
        count => format!("{count} units, each of which waits"),
    };
    let compute = load.compute.map(|time| format!(" and computes for {time}"));
    format!(
        "Which strategy is done first with {units} {}{}, if at most {} may be in flight?",
        load.latency,
        compute.unwrap_or_default(),
        load.concurrency(&summary.spec)
    )
}

/// Where the lower bound comes from, with its numbers; nothing where it is not simple arithmetic.
pub(crate) fn floor(summary: &Summary, load: &Load, floor_ns: u64) -> Option<String> {
    let limit = load.concurrency(&summary.spec) as u64;
    if load.params(summary.spec.seed).varies() {
        return Some(
            "the floor is computed for each round from the delays that were drawn".to_owned(),
        );
    }
    let wait_ns = u64::try_from(load.latency.median().as_nanos()).ok()?;
    let waves = load.tasks.div_ceil(limit.max(1));
    let one = load.compute.is_none() && waves.checked_mul(wait_ns)? == floor_ns;
    let waves = match waves {
        1 => "1 wave".to_owned(),
        count => format!("{count} waves"),
    };
    one.then(|| {
        format!(
            "floor: {} units, at most {limit} at a time, are {waves} of {}: {}",
            load.tasks,
            load.latency,
            duration(floor_ns)
        )
    })
}
