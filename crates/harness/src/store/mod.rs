//! What is kept of a run: its folder, and the journal in it.

mod file;
mod folder;
pub mod journal;
mod timelines;

pub use file::write;
pub use folder::RunFolder;
pub use timelines::write_timelines;
