//! Where and when work is run: processes, the clock, the machine, and what is kept.
//!
//! # What flows through
//!
//! ```text
//! Spec -> Registry::prepare -> Prepared cells -> Job -> Sample -> Journal, Recorded
//!                                                 |        ^
//!                                               worker, server
//! ```
//!
//! 1. A [`Spec`](model::Spec) names workloads and strategies. [`Registry::prepare`] looks them up and makes one [`Prepared`] cell
//!    of each pair: its sizes, its [`Backend`], and what each of its samples must show.
//! 2. [`fit::apply`] takes out the cells that this machine has no room for. [`probe`] asks programs and other builds what they can
//!    run. [`enter_twins`] enters the A/A pairs.
//! 3. A [`Job`] follows its [`Plan`](model::Plan), or [`run()`] does it without a journal. Each launch starts a worker for each cell,
//!    and the first one that needs it starts the server. In each round one worker at a time is asked for one sample.
//! 4. The worker opens its cell, runs one wave, and waits. When it is told to, it runs the whole work once between two readings of
//!    its [`Meter`], and sends what it measured.
//! 5. The parent adds the server's account, compares both with the expectation, and books a [`Sample`](model::Sample): measured,
//!    refused or failed.
//! 6. Every sample is an [`Event`], and a line of the [`journal`] in the [`RunFolder`]. [`Recorded`](model::Recorded) is the same
//!    in memory.
//!
//! # Where a line belongs
//!
//! - `roles`: what a process of makespan does that is not the parent. [`play_role`] chooses by a hidden first argument.
//! - `parent`: starting processes, the order of samples, checking and booking them, and everything that can go wrong ([`Fault`]).
//! - `cells`: what is run, before anything is started.
//! - [`protocol`]: the messages between processes, and how they are written.
//! - [`machine`]: host, limits, kernel counters, processors, and the [`doctor`]. It knows nothing of cells.
//! - `meter`: the clocks and counters of one process.
//! - [`store`]: files of a run. It knows nothing of processes.
//!
//! # Invariants
//!
//! - The worker times, and the parent judges. No time passes through a pipe.
//! - While a sample is taken, all other workers are parked. No sample is ever repeated silently.
//! - The server's account of a sample comes from the server, never from the worker.
//! - A cell that fails is out, and the others go on. A run that has to end early keeps all that it took.
//! - Nothing is printed here. Events, values and errors go out, and no text of an error is ever taken apart.
//! - No two files need each other, directly or through others.

// Counting allocations is unsafe; nothing else is.
#![cfg_attr(not(feature = "allocations"), forbid(unsafe_code))]

mod cells;
pub mod machine;
mod meter;
mod parent;
pub mod protocol;
mod roles;
pub mod store;

pub use cells::backend::{Backend, Compiled};
pub use cells::calibrate::calibrate;
pub use cells::fit;
pub use cells::pairs::enter_twins;
pub use cells::prepared::Prepared;
pub use cells::registry::{Own, Registry};
pub use machine::{affinity, doctor, host, limits};
pub use meter::clocks::Meter;
pub use parent::before::Before;
pub use parent::event::{Event, Taken};
pub use parent::files::Files;
pub use parent::interrupt::Interrupt;
pub use parent::job::{Job, Measured};
pub use parent::process::fault::{Fault, LastWords, Line};
pub use parent::process::hello::probe;
pub use parent::process::load::LoadProcess;
pub use parent::process::server::ServerProcess;
pub use parent::run::{run, run_plan};
pub use parent::trace::{MOST_TRACED, trace};
pub use roles::opened::OpenedCell;
pub use roles::play_role;
pub use store::RunFolder;
pub use store::journal;
