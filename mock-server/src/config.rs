//! What a server is asked to be.

use std::net::SocketAddr;

use workloads::{Entry, Params};

/// What a server listens on and answers.
#[derive(Clone)]
pub struct Config {
    /// A loopback address. Port 0 takes a free port.
    pub listen: SocketAddr,
    /// The workloads whose requests are answered. Those that speak to no server are ignored.
    pub workloads: Vec<Entry>,
    /// The sizes of all of them. Each workload takes the numbers that it declares.
    pub params: Params,
}
