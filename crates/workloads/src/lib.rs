//! Every workload: what is to be done, written once for every strategy.
//!
//! # What flows through this crate
//!
//! 1. The harness picks an [`Entry`] out of [`all`] and reads its [`Facts`]: what the workload needs and which sizes it has.
//! 2. [`Params`] are the sizes of one cell: a seed, a number of tasks, a [`Latency`]. [`Workload::new`] makes the work out of them.
//! 3. The pure side of the work is its [`Outline`]: the units known up front, the [`Tally`] that a run must produce, the lower bound of
//!    the makespan, and what the mock server answers.
//! 4. The body of the work is [`Work::step`]: it does one [`Unit`] over the [`Io`] of a strategy and returns what is [`Done`]: a tally,
//!    and units that nobody knew of before.
//! 5. Beside the tally a run may leave [`Histogram`], or an answer to a question. A [`Witness`] is the mock server's own account of it.
//!
//! # Rooms
//!
//! - [`catalog`]: every workload, one file each, and the list of them. `registry` and `boxed` say what a line of that list makes.
//! - `shapes`: what several workloads share.
//! - `trace`: any workload with a recorder around it, for pictures of what each unit does when.
//! - The other files are the vocabulary, one noun each. `wire` is what goes over the wire: [`Request`], [`Response`], [`Answer`],
//!   [`Reply`].
//!
//! # How to add a workload
//!
//! 1. Write `catalog/my_workload.rs` with a type that is an [`Outline`], a [`Work`] and a [`Workload`]. `catalog/sleep.rs` is the
//!    shortest; `catalog/get.rs` speaks to the server.
//! 2. Draw every wait, byte and fault from [`Params`], so that every strategy meets the same ones and [`Outline::expected`] is exact.
//! 3. Declare the module in `catalog/mod.rs` and add the line `my_workload::MyWorkload,` under `boxed`, or under `bare` if the size of
//!    a task matters.
//! 4. Name it in the documentation, and run `makespan verify`, which takes one checked sample of every cell.
//!
//! # Invariants
//!
//! - No runtime, HTTP client, thread or process is named here: a body can wait only through its [`Io`].
//! - What a run must produce is a pure function of the parameters. It is computed, never recorded. Nothing that an [`Outline`] says
//!   depends on a clock, and only bodies read files.
//! - A workload brings both ends of its wire: what is asked ([`Work::step`]) and what is answered ([`Outline::answer`]).

#![forbid(unsafe_code)]

// Every crate of makespan depends on this one, so one line speaks for all.
#[cfg(not(target_os = "linux"))]
compile_error!(
    "makespan measures with what only Linux has (/proc, timerfd, epoll, CPU clocks of processes): build it on Linux"
);

mod boxed;
pub mod catalog;
mod content;
mod facts;
mod floor;
mod histogram;
mod io;
mod latency;
mod mailbox;
mod params;
mod registry;
mod shapes;
mod tally;
mod trace;
mod wire;
mod witness;
mod work;

pub use catalog::{Boxed, all};
pub use content::{content, key, mix};
pub use facts::{Facts, Need, Number};
pub use floor::{Means, Pace, floor};
pub use histogram::{Histogram, Recorder};
pub use io::Io;
pub use latency::{LONGEST_WAIT, Latency};
pub use params::{MOST_TASKS, Params};
pub use registry::Entry;
pub use shapes::computing::{ROUNDS, computed};
pub use tally::Tally;
pub use trace::{Poll, Trace, Traced, UnitTrace, Wait};
pub use wire::{Answer, Pieces, Reply, Request, Response, ok};
pub use witness::Witness;
pub use work::{Done, Ended, Outline, Unit, Work, Workload, said};
