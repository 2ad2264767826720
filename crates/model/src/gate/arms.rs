//! What the builds of a gate are called in its rows.

/// What the head is compared with.
pub const BASE: &str = "base";
/// What is asked about.
pub const HEAD: &str = "head";
/// The base, built again in another folder.
pub const AGAIN: &str = "again";
