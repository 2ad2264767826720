//! One file for each way to write tables down.

pub(crate) mod csv;
pub(crate) mod escape;
pub(crate) mod markdown;
pub(crate) mod terminal;
