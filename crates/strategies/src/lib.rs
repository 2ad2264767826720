//! How work is scheduled: every way of running units that makespan compares.
//!
//! # Layout
//!
//! - [`Strategy`] is one way; [`Facts`] is what it declares about itself; [`Setup`] are the numbers it is opened with.
//! - [`catalog`] holds every strategy, one file each, and the list of them. `registry` says what a line of that list stands for.
//! - `pull` is how units are pulled: lanes of a runtime, jobs in a pool, threads. All of them count in one ledger.
//! - `io` has one file per client. `runtimes` is what a runtime brings, `event_loop` is epoll by hand, [`http1`] is HTTP by hand.
//! - [`processes`] are child processes that do one unit at a time.
//! - `cell` pairs a strategy with a workload; `heartbeat` is the heartbeat that some workloads want beside them.
//!
//! # Invariants
//!
//! - Only this crate names a runtime or an HTTP client.
//! - No strategy knows a workload. Units of bare workloads are never in a box of our making; those of boxed ones are, one
//!   allocation each, or the compiler would have to write every strategy's tasks for every workload.
//! - At most [`Setup::limit`] units are in flight, and pool sizes are always passed, never a library's default.
//! - The harness times samples. Only the heartbeat reads a clock of its own, because its gaps are what it measures.

// Starting a coroutine is unsafe; nothing else is.
#![cfg_attr(not(feature = "may"), forbid(unsafe_code))]

pub mod catalog;
mod cell;
mod event_loop;
mod facts;
mod heartbeat;
pub mod http1;
mod io;
pub mod processes;
mod pull;
mod registry;
mod runtimes;
mod strategy;
mod versions;

pub use catalog::{OPTIONAL, add, all};
pub use cell::{Open, Runner, Seen, open};
pub use facts::{Capacity, Client, Facts, Family, Lack, Setup};
pub use heartbeat::Heart;
pub use io::ureq::{BLOCKING_LACKS, BlockingIo, ready};
pub use registry::Row;
pub use strategy::Strategy;
pub use versions::versions;

/// For runtimes that are not here: what they must bring ([`Runtime`](seam::Runtime)), and what then works on them.
pub mod seam {
    pub use smol_hyper::rt::FuturesIo;

    pub use crate::io::hyper::AsyncIo;
    pub use crate::pull::lanes::{Finished, Lanes, Spawn, Start};
    pub use crate::runtimes::Runtime;
}

/// Whether the kernel gives this process an io_uring, by asking for one; none in a build without a strategy over it.
pub fn io_uring() -> Option<bool> {
    #[cfg(any(feature = "compio", feature = "monoio", feature = "glommio"))]
    let opened = Some(runtimes::one_thread::ring().is_ok());
    #[cfg(not(any(feature = "compio", feature = "monoio", feature = "glommio")))]
    let opened = None;
    opened
}

#[cfg(test)]
mod tests;
