//! Many futures in one task, and a budget for each of its polls.

use crate::reasons::evidence::{Evidence, count, percent};
use crate::reasons::reason::{Rule, Said};

pub(super) const RULE: Rule = Rule {
    id: "budget-exhausted",
    when: "all units are futures in one spawned task, more of them in flight than its budget for one poll, CPU time is at least half of the \
           excess over the floor, and the polls in vain that follow, n² / (2 x budget) for n units in flight, take at least a tenth of it at 20 ns each",
    source: "https://docs.rs/tokio/latest/tokio/task/coop/index.html",
    finds,
};

/// What a poll in vain costs at least: it takes the future from a list and puts it there again.
const POLL_NS: f64 = 20.0;

fn finds(seen: &Evidence) -> Option<Said> {
    let budget = seen.cell.manner.budget? as f64;
    let (units, limit) = (seen.cell.units as f64, seen.cell.in_flight as f64);
    let at_once = units.min(limit);
    if at_once <= budget {
        return None;
    }
    // If all are ready at once, each poll of the task ends `budget` of them and polls all others in vain.
    let polls = (units / at_once) * at_once * at_once / (2.0 * budget);
    let (low, high) = seen.excess(0.05)?;
    let cpu = seen.cpu_ns?;
    if polls * POLL_NS < 0.1 * high || cpu < 0.5 * low {
        return None;
    }
    let text = format!(
        "all units are in one spawned task, of which one poll may end {budget:.0}; the others that are ready may be polled in vain, the more the more there are"
    );
    let detail = format!(
        "{} units, {} at once, up to {} polls in vain; CPU time is {} of the makespan, at least {} of which is above the floor",
        count(units),
        count(at_once),
        count(polls),
        percent(cpu / seen.wall_ns),
        percent(low / seen.wall_ns)
    );
    Some((text, detail))
}

/// 50 000 sleeps of a second, as they were measured in a spawned task.
#[cfg(test)]
fn measured(seen: &mut Evidence) {
    let second = Some(std::time::Duration::from_secs(1));
    (seen.cell.units, seen.cell.limit, seen.cell.in_flight) = (50_000, 50_000, 50_000);
    (seen.cell.floor, seen.cell.own_floor) = (second, second);
    seen.wall_ns = 1.5e9;
    seen.excess_ns = Some((0.48e9, 0.52e9));
    seen.cpu_ns = Some(0.5e9);
}

#[cfg(test)]
pub(super) fn holds(seen: &mut Evidence) {
    measured(seen);
    seen.cell.manner.budget = Some(128);
}

/// The same time with a task for each unit has another reason.
#[cfg(test)]
pub(super) fn does_not_hold(seen: &mut Evidence) {
    measured(seen);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reasons::tests::clean;

    #[test]
    fn polls_grow_with_the_square_of_the_units_in_flight() {
        let mut seen = clean();
        holds(&mut seen);
        let (_, detail) = finds(&seen).unwrap();
        assert!(detail.contains("up to 9 765 625 polls"), "{detail}");
        // In waves of a hundredth, there are a hundredth of them, which is too few for that excess.
        (seen.cell.limit, seen.cell.in_flight) = (500, 500);
        assert_eq!(finds(&seen), None);
        // Below the budget there are none.
        (seen.cell.limit, seen.cell.in_flight) = (128, 128);
        seen.excess_ns = Some((0.06e9, 0.07e9));
        assert_eq!(finds(&seen), None);
    }
}
