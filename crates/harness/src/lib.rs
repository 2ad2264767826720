//! Where and when work is run.
//!
//! # Layout
//!
//! - [`Registry`] is all that can run; [`prepare`](Registry::prepare) turns a spec into [`Prepared`] cells.
//! - [`probe()`] asks [programs](model::Program) whether they can run here; `way` is what a cell must know of them and of
//!   strategies.
//! - [`run()`] is the parent: it starts workers and the server, follows the plan, checks every sample and hands it on. `draws` is what
//!   samples must show under the delays of their round.
//! - [`protocol`] is what parent and worker say to each other; `worker` is the other end, `unit` its children; `meter` reads the clocks,
//!   `allocations` counts where that is compiled in.
//! - `process` is a child of any kind, `outlets` what it writes.
//! - [`play_role`] makes any executable parent, worker, server and child at once, by a hidden first argument.
//! - [`affinity`] is which processors a run keeps to, and [`calibrate`] measures how fast they compute.
//! - [`Files`] are those that some workloads read.
//! - [`RunFolder`] keeps what was measured, [`journal`] line by line; [`host`], [`limits`] and [`kernel`] say where, `watch` what
//!   else happened meanwhile, and [`doctor`] what can be measured there.
//!
//! # Invariants
//!
//! - The worker times, the parent judges. No time passes through a pipe.
//! - A sample is taken with all other workers parked, and none is ever repeated silently.
//! - No text for people is made here: events and values go out.

// Counting allocations is unsafe; nothing else is.
#![cfg_attr(not(feature = "allocations"), forbid(unsafe_code))]

pub mod affinity;
mod allocations;
mod burner;
pub mod doctor;
mod draws;
mod files;
pub mod host;
mod interrupt;
pub mod journal;
pub mod kernel;
pub mod limits;
mod lines;
mod meter;
mod outlets;
mod pace;
mod prepared;
mod probe;
mod process;
pub mod protocol;
mod registry;
mod role;
mod run;
mod server;
pub mod store;
mod twins;
mod unit;
mod watch;
mod way;
mod worker;
mod worker_process;

pub use burner::Burner;
pub use files::Files;
pub use interrupt::Interrupt;
pub use meter::Meter;
pub use pace::calibrate;
pub use prepared::Prepared;
pub use probe::probe;
pub use registry::{Own, Registry};
pub use role::play_role;
pub use run::{Event, Taken, run, run_plan};
pub use server::ServerProcess;
pub use store::RunFolder;
pub use twins::enter_twins;
