//! What several workloads share: bodies to download, paginated endpoints, a link graph, computing.
//!
//! A line belongs here if two files of the catalog need it. It uses no file of the catalog: a workload brings its own name, sizes and
//! facts.

pub(crate) mod computing;
pub(crate) mod downloads;
pub(crate) mod endpoints;
pub(crate) mod graph;
pub(crate) mod items;
