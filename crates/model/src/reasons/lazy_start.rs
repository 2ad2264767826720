//! Futures that nobody polls yet.

use crate::reasons::evidence::Evidence;
use crate::reasons::reason::{Rule, Said};

pub(super) const RULE: Rule = Rule {
    id: "lazy-start",
    when: "an asynchronous strategy that awaits each unit before it polls the next, so that its own floor is above that of the workload",
    source: "https://doc.rust-lang.org/std/future/trait.Future.html",
    finds,
};

/// That it is so is declared, and its own floor is a bound.
fn finds(seen: &Evidence) -> Option<Said> {
    let lazy = seen.cell.manner.awaits_each && seen.cell.own_floor > seen.cell.floor;
    let (times, _) = seen.own.filter(|_| lazy)?;
    let text = "is asynchronous, but starts a unit only when the one before has ended, because a future does nothing until it is polled";
    let detail = format!(
        "{} units one after the other, {times:.2} times the sum of their waits",
        seen.cell.units
    );
    Some((text.to_owned(), detail))
}

#[cfg(test)]
pub(super) fn holds(seen: &mut Evidence) {
    seen.cell.manner.awaits_each = true;
    seen.cell.in_flight = 1;
    seen.cell.own_floor = Some(std::time::Duration::from_millis(1200));
}

/// There is one unit only, so nothing could have started earlier.
#[cfg(test)]
pub(super) fn does_not_hold(seen: &mut Evidence) {
    seen.cell.manner.awaits_each = true;
    seen.cell.in_flight = 1;
}
