//! How units are pulled: who takes the next one, and who keeps the account.
//!
//! `lanes` are tasks and `jobs` are calls in a pool; both keep their account in a `ledger`, which many threads may share. `threads` is
//! a pool of threads that run lanes. `queue` is for strategies that hand out units in one place. A line belongs here if it decides
//! which unit comes next or adds up what units produced. What only one runtime has is in `runtimes`.

pub(crate) mod jobs;
pub(crate) mod lanes;
pub(crate) mod ledger;
pub(crate) mod queue;
pub(crate) mod threads;
