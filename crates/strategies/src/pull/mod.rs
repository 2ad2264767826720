//! How units are pulled: by lanes of a runtime, by jobs, by threads. All count in one ledger.

pub(crate) mod jobs;
pub(crate) mod lanes;
pub(crate) mod ledger;
pub(crate) mod threads;
