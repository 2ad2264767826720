//! The clients: how units wait, speak HTTP and read files. One file per client.
//!
//! A line belongs here if it opens connections, sends a request or reads an answer. `idle`, `server`, `deadline` and `blocking` are
//! what several clients share. Clients know nothing of scheduling.

pub(crate) mod blocking;
pub(crate) mod deadline;
pub(crate) mod hyper;
pub(crate) mod idle;
pub(crate) mod raw;
pub(crate) mod reqwest;
pub(crate) mod reqwest_blocking;
pub(crate) mod server;
pub(crate) mod sockets;
pub(crate) mod ureq;
