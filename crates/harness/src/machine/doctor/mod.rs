//! How well this machine can measure: facts that the kernel tells, and a short probe of its noise.
//!
//! - [`Facts::read`] reads facts and changes nothing. It tries to open an io_uring, because no file says who may open one.
//! - [`probe`] computes and sleeps in turns, and sees what came in between.
//!
//! Facts that the system does not tell are left out. The command that prints a fact says what it means.

mod facts;
mod files;
mod noise;
mod quota;

pub use facts::{Facts, Turbo};
pub use noise::{Busiest, PROBE, Probe, Spread, WAIT, probe};
pub use quota::Quota;
