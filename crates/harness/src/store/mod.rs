//! What is kept of a run: its folder, and the journal in it.

mod file;
mod folder;
pub mod journal;

pub use file::write;
pub use folder::RunFolder;
