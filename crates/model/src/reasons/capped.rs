//! Fewer units in flight than allowed.

use crate::judge::span::span;
use crate::reasons::evidence::Evidence;
use crate::reasons::reason::{CAPPED, Rule, Said};

pub(super) const RULE: Rule = Rule {
    id: CAPPED,
    when: "the strategy can have fewer units in flight than the limit allows, and that raises its own floor above that of the workload",
    source: "https://en.wikipedia.org/wiki/Little%27s_law",
    finds,
};

/// It is a bound and no estimate, so it needs no interval.
fn finds(seen: &Evidence) -> Option<Said> {
    let (times, own) = seen.own.filter(|_| seen.cell.is_capped())?;
    let text = format!("runs only {} at a time", seen.cell.in_flight);
    let detail = format!("{times:.2} times its own best possible {}", span(own));
    Some((text, detail))
}

#[cfg(test)]
pub(super) fn holds(seen: &mut Evidence) {
    seen.cell.in_flight = 2;
    seen.cell.own_floor = Some(std::time::Duration::from_millis(600));
}

/// It cannot use the limit, but with so few units that costs nothing.
#[cfg(test)]
pub(super) fn does_not_hold(seen: &mut Evidence) {
    seen.cell.in_flight = 2;
}
