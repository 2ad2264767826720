//! The clients: one file for each way to sleep, to speak HTTP and to read a file.

pub(crate) mod hyper;
pub(crate) mod reqwest;
pub(crate) mod reqwest_blocking;
pub(crate) mod sockets;
pub(crate) mod ureq;
