//! The journal of a run, `samples.jsonl`: everything that a run leaves behind, line by line.
//!
//! The first line is the header. Then come samples and blocks, in the order in which they were taken. The last line says how the run
//! ended. Each line is written at once, so a run that is cut off keeps what it had.

mod line;
mod reader;
mod writer;

pub use line::JOURNAL;
pub use reader::{ReadError, read};
pub use writer::Journal;

#[cfg(test)]
mod tests;
