//! What is kept of a run: its folder, and the journal in it, line by line.

mod file;
mod folder;
pub mod journal;

pub use file::write;
pub use folder::RunFolder;
