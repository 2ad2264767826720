//! Run folders: those that are made, go on, are shared, and are over.
//!
//! - `outlook` says how long a run will take, `resume` opens one that was interrupted, `shard` is the part of one machine.
//! - `stored` is a run that is over, and whether it can be believed. `baseline` is one that is kept under a name.
//! - `chosen` is a part of a run. `splicing` puts parts into a document. `gallery` is a folder with one run of each scenario.

pub(crate) mod baseline;
pub(crate) mod chosen;
pub(crate) mod gallery;
pub(crate) mod outlook;
pub(crate) mod resume;
pub(crate) mod shard;
pub(crate) mod splicing;
pub(crate) mod stored;
