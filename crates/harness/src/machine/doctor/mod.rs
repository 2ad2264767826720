//! What a machine lets one measure: facts that the kernel tells, and a short probe of its noise.
//!
//! - [`Facts::read`] reads and changes nothing; only a ring is asked for, as no file says who may have one.
//! - [`probe`] computes and sleeps in turns and looks at what came in between.
//!
//! What the system does not tell is left out. What any of it means is said by the command that prints it.

mod facts;
mod files;
mod noise;
mod quota;

pub use facts::{Facts, Turbo};
pub use noise::{Busiest, PROBE, Probe, Spread, WAIT, probe};
pub use quota::Quota;
