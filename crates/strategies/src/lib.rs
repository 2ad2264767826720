//! Every strategy: how the units of a workload are scheduled, and over which HTTP client.
//!
//! # What flows through this crate
//!
//! 1. The harness picks a [`Row`] out of [`all`] and reads its [`Facts`]: what the strategy is, and what it lacks.
//! 2. It makes a [`Setup`], the numbers of the cell, and calls [`Open`] with the name and the sizes of a workload. `cell` pairs the
//!    two types and opens the strategy: runtimes, pools and connections, all before the clock starts.
//! 3. The [`Runner`] that comes back warms up once. Then each [`Runner::run`] is one timed sample: `pull` hands out units, and each
//!    unit waits through a client of `io`.
//! 4. [`Runner::seen`] says what the sample saw beside its tally, such as latencies and the [`Heartbeat`].
//!
//! # Rooms
//!
//! - [`catalog`]: every strategy, one file each, and the list of them. `registry` says what a line of that list makes.
//! - `pull`: how units are pulled: by lanes, by jobs, by threads, out of one queue.
//! - `io`: one file per client. `http1` is HTTP by hand.
//! - `runtimes`: what runtimes bring. `event_loop`: epoll by hand. [`processes`]: children that do one unit at a time.
//!
//! # How to add a strategy
//!
//! 1. Write `catalog/my_strategy.rs` with a type that is a [`Strategy`]; its first line says its group.
//! 2. Build it from parts: a client of `io`, and `Lanes` of `pull` where a task is easy to start. `catalog/tokio.rs` is the shortest.
//! 3. Declare the module in `catalog/mod.rs` and add the line `my_strategy::MyStrategy,` to the list there.
//! 4. Name it in the documentation, and run the tests: they run each strategy of the list with a tree of units and compare the tally.
//!
//! # Invariants
//!
//! - Beside the mock server, only this crate names a runtime or an HTTP client.
//! - No strategy knows a workload. The future of a unit is in no box, unless the workload is [boxed](workloads::Boxed).
//! - At most [`Setup::limit`] units are in flight. The size of a pool is always passed and never left to a library's default.
//! - The harness times samples. In this crate, only waits and the heartbeat read a clock.

// Only the strategy `may` needs unsafe code, to start a coroutine.
#![cfg_attr(not(feature = "may"), forbid(unsafe_code))]

pub mod catalog;
mod cell;
mod event_loop;
mod facts;
mod heartbeat;
mod http1;
mod io;
pub mod processes;
mod pull;
mod registry;
mod runtimes;
mod strategy;
mod versions;

pub use catalog::{OPTIONAL, add, all};
pub use cell::{Open, OpenTraced, Runner, Seen, open};
pub use facts::{BLOCKING_LACKS, Capacity, Client, Facts, Family, Lack, Manner, Setup};
pub use heartbeat::Heartbeat;
pub use io::blocking::ready;
pub use io::ureq::BlockingIo;
pub use registry::Row;
pub use strategy::Strategy;
pub use versions::versions;

/// What a runtime of another crate must bring ([`Runtime`](seam::Runtime)), and what then works on it.
pub mod seam {
    pub use smol_hyper::rt::FuturesIo;

    pub use crate::io::hyper::AsyncIo;
    pub use crate::pull::lanes::{Finished, Lanes, Spawn, Start};
    pub use crate::runtimes::Runtime;
}

/// Whether the kernel gives this process an io_uring. Found out by asking for one; `None` in a build without a strategy over it.
pub fn io_uring() -> Option<bool> {
    #[cfg(any(feature = "compio", feature = "monoio", feature = "glommio"))]
    let opened = Some(runtimes::one_thread::ring().is_ok());
    #[cfg(not(any(feature = "compio", feature = "monoio", feature = "glommio")))]
    let opened = None;
    opened
}

#[cfg(test)]
mod tests;
