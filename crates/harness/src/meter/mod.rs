//! What is read in the process that takes a sample.
//!
//! [`clocks`] are those of a sample, with what it [allocated](allocations). [`parked`] are those of a worker that waits, [`threads`]
//! counts threads in a warm-up, and [`process`] is what the system says of this process.

pub(crate) mod allocations;
pub(crate) mod clocks;
pub(crate) mod parked;
pub(crate) mod process;
pub(crate) mod threads;
