//! What became of rows over many commits: entries of runs, and where they changed for good.

mod changes;
mod entry;
mod trend;

pub use changes::{LEAST, PERMUTATIONS, Step, steps};
pub use entry::{Blessing, Entry, Line, NEWEST, entries};
pub use trend::{Shift, Trend, trends};
