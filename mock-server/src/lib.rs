//! A GET server on loopback. Its delays and bodies are pure functions of a seed, and it witnesses what it served.
//!
//! # Use
//!
//! [`serve`] starts a server that a [`Config`] describes, on a thread of its own. The [`Handle`] tells its URL, reports the
//! [`Witness`](workloads::Witness) of what was served, and resets the counts. [`ServeArgs`], [`open`] and [`attend`] are the same as a command
//! line.
//!
//! Any HTTP client can ask it:
//!
//! - `GET /get/7` answers as item 7 of the workload `get` promises: after its delay, with its body. The first segment names the
//!   workload; the workload knows the rest.
//! - The header `x-attempt: 2` says that this request was sent twice before. Each attempt has a delay and a fault of its own.
//! - `GET /stats` answers at once with the counts as JSON, `GET /ready` with one line. Neither is counted.
//! - Unknown paths get 404, other methods 405, a bad `x-attempt` 400. They are counted as `unknown`.
//!
//! # Layout
//!
//! - `handle` is what another thread holds; `shard` is the server's thread with its listener, its connections and an inbox.
//! - `service` turns a request into an answer. `site` knows what a workload promises for a path, `respond` makes the HTTP answer,
//!   `pieces` is a body that arrives piece by piece, and `faults` are the promised failures.
//! - `builtin` holds the paths that belong to no workload, one file each.
//! - `epoch` is the time between two resets, with its `counters`.
//! - `timer` keeps any number of waits on one alarm of the kernel.
//!
//! # Invariants
//!
//! - The delay and the body of an answer depend on the parameters, the path and the attempt. They never depend on an order or on
//!   the time of day.
//! - A delay counts from the parsed request head and never ends early. A delay of 0 does not touch the timer.
//! - There is one thread. A waiting request holds no lock and no thread, and a reset takes effect for all or for none.
//! - Counts are kept, never requests; the one exception is a key for each distinct answer.

#![forbid(unsafe_code)]

mod builtin;
mod cli;
mod config;
mod counters;
mod epoch;
mod faults;
mod handle;
mod pieces;
mod respond;
mod service;
mod shard;
mod site;
mod timer;

pub use cli::{ServeArgs, attend, open};
pub use config::Config;
pub use handle::{Handle, serve};
