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

/// What one of several builds of a side is called, by its number from 1: `base`, `base-2`, `base-3`.
pub fn build_name(side: &str, number: usize) -> String {
    match number {
        1 => side.to_owned(),
        _ => format!("{side}-{number}"),
    }
}

/// The number of a further build of a side, from 0; none where it is none.
pub(crate) fn further(side: &str, name: &str) -> Option<usize> {
    let number = name.strip_prefix(side)?.strip_prefix('-')?;
    number.parse::<usize>().ok()?.checked_sub(2)
}
