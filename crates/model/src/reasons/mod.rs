//! Why a row has a number that surprises: a catalogue of rules over what is known and what was measured.
//!
//! To add a reason: write its file here, declare the module, add its line to the list. A file has a `RULE`, and for the tests a change of a
//! clean row for which it holds, and one that is close and for which it does not. `docs/reasons.md` is made of the list:
//! `makespan list reasons --markdown`.
//!
//! A rule says no more than it knows. A time counts only if the whole interval of the excess matters. What follows from what is declared
//! is said as it is; what only fits the numbers *may* be the reason.

mod budget_exhausted;
mod capped;
pub(crate) mod evidence;
mod funnel;
mod head_of_line;
mod lazy_start;
mod oversubscribed_cores;
mod quantised_timer;
pub(crate) mod reason;
mod spinning_pool;
#[cfg(test)]
mod tests;

use crate::reasons::evidence::Evidence;
use crate::reasons::reason::{Reason, Rule};

/// Makes the list of rules: each line is a module.
macro_rules! catalogue {
    ($($module:ident),+ $(,)?) => {
        /// Every reason, in the order in which they stand beside a row.
        pub const REASONS: &[Rule] = &[$($module::RULE),+];

        /// A change of a clean row for which each holds, and one for which it does not.
        #[cfg(test)]
        const EXAMPLES: &[(tests::Change, tests::Change)] =
            &[$(($module::holds, $module::does_not_hold)),+];
    };
}

catalogue! {
    capped,
    lazy_start,
    funnel,
    budget_exhausted,
    head_of_line,
    quantised_timer,
    oversubscribed_cores,
    spinning_pool,
}

/// All reasons that hold for a row.
pub(crate) fn reasons(seen: &Evidence) -> Vec<Reason> {
    REASONS
        .iter()
        .filter_map(|rule| rule.reason(seen))
        .collect()
}
