//! Traces: what each unit of one run did, and when.
//!
//! [`Traced`] is any workload with a recorder around it. `record` is what it writes down, `book` is where the units of a run write,
//! `observed` is the [`Io`](crate::Io) that it hands to the body, and `any_work` and `any_io` are what it wraps.
//!
//! A traced run is never timed. Recording costs time, and all calls go through pointers, so that a body is compiled once for
//! all clients and not once more for each.

mod any_io;
mod any_work;
mod book;
mod observed;
mod record;
mod traced;

pub use record::{Poll, Trace, UnitTrace, Wait};
pub use traced::Traced;
