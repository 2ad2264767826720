//! What the rows of a gate are called, and the builds in them.

/// What the head is compared with.
pub const BASE: &str = "base";
/// What is asked about.
pub const HEAD: &str = "head";
/// The base, built again in another folder.
pub const AGAIN: &str = "again";

/// What a row is called, whichever build runs it: in tables, in files of margins, on the command line of `bisect`.
pub fn row_name(workload: &str, strategy: &str) -> String {
    format!("{workload}/{strategy}")
}
