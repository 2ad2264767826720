//! What is done: units of waiting work, written once for every way of running them.
//!
//! # Layout
//!
//! - [`Work`] is one workload: an async body over a small [`Io`], the tally it must produce and a lower bound of its time.
//! - [`Params`] are its sizes; [`Latency`] is how long each wait lasts; [`Tally`] is the proof that the work was done.
//! - [`catalog`] holds every workload, one file each, and the list of them. `shapes` is what several of them share.
//! - `wire` is what goes over the wire: [`Request`], [`Response`], [`Answer`], [`Reply`].
//!
//! # Invariants
//!
//! - No runtime, HTTP client, thread or process is named here: a body can wait only through its [`Io`].
//! - What a run must produce is a pure function of the parameters: computed, never recorded. Only bodies ([`Work::step`]) read
//!   files and clocks.
//! - A workload brings both ends of its wire: what is asked ([`Work::step`]) and what is answered ([`Outline::answer`]).

#![forbid(unsafe_code)]

mod boxed;
pub mod catalog;
mod content;
mod facts;
mod floor;
mod histogram;
mod io;
mod latency;
mod params;
mod registry;
mod shapes;
mod tally;
mod wire;
mod witness;
mod work;

pub use catalog::{Boxed, all};
pub use content::{content, key, mix};
pub use facts::{Facts, Need, Number};
pub use floor::{Means, Pace, floor};
pub use histogram::{Latencies, Recorder};
pub use io::Io;
pub use latency::{LONGEST_WAIT, Latency};
pub use params::{MOST_TASKS, Params};
pub use registry::Entry;
pub use shapes::computing::{ROUNDS, computed};
pub use tally::Tally;
pub use wire::{Answer, Reply, Request, Response, ok};
pub use witness::Witness;
pub use work::{Done, Ended, Outline, Unit, Work, Workload, said};
