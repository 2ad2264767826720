//! The paths that belong to no workload. They are answered at once and counted nowhere.
//!
//! To add one: write its file here, declare the module, add its line to the list.

mod ready;
mod stats;

use crate::epoch::Epoch;
use crate::respond::Answer;

type Respond = fn(&Epoch) -> Answer;

/// Every built-in path, and what answers it.
const PATHS: &[(&str, Respond)] = &[("/ready", ready::answer), ("/stats", stats::answer)];

/// The answer of a built-in path; none for every other path.
pub(crate) fn answer(path: &str, epoch: &Epoch) -> Option<Answer> {
    let (_, answer) = PATHS.iter().find(|(known, _)| *known == path)?;
    Some(answer(epoch))
}
