//! What several workloads share.

pub(crate) mod computing;
pub(crate) mod downloads;
pub(crate) mod graph;
pub(crate) mod items;
