//! Where and when work is run.
//!
//! # Layout
//!
//! - `roles` is what this executable can be: worker, server, child, load. [`play_role`] chooses by a hidden first argument.
//! - `parent` steers: [`run()`] starts workers and the server, follows the plan, checks every sample and hands it on.
//! - `cells` is what is run: the [`Registry`], and [`prepare`](Registry::prepare), which turns a spec into [`Prepared`] cells.
//! - [`protocol`] is what parent and worker say to each other.
//! - [`machine`] is where it runs: host, limits, kernel counters, processors, [`doctor`].
//! - `meter` reads the clocks of one sample.
//! - [`store`] keeps what was measured: the run folder, and its [`journal`] line by line.
//!
//! # Invariants
//!
//! - The worker times, the parent judges. No time passes through a pipe.
//! - A sample is taken with all other workers parked, and none is ever repeated silently.
//! - Nothing is printed here: events, values and errors go out.

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
pub use machine::{affinity, doctor, host, kernel, limits};
pub use meter::Meter;
pub use parent::event::{Event, Taken, Tell};
pub use parent::fault::{Fault, LastWords, Line};
pub use parent::files::Files;
pub use parent::hello::probe;
pub use parent::interrupt::Interrupt;
pub use parent::job::{Job, Measured};
pub use parent::load::LoadProcess;
pub use parent::run::{run, run_plan};
pub use parent::server::ServerProcess;
pub use roles::play_role;
pub use store::RunFolder;
pub use store::journal;
