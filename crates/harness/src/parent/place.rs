//! Where a sample belongs: its launch, its round and its cell.

use model::{Launch, Round};

/// A launch and its number.
#[derive(Clone, Copy)]
pub(super) struct Numbered<'a> {
    /// From 0.
    pub(super) number: usize,
    /// What it measures.
    pub(super) plan: &'a Launch,
}

/// Where a sample belongs.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) launch: Numbered<'a>,
    pub(super) round: &'a Round,
    /// Index of the cell.
    pub(super) cell: usize,
    /// When it began, since the run did.
    pub(super) at_ns: u64,
}
