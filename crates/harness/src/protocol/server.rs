//! The messages between parent and server, over the standard input and output of the server.

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};
use workloads::{Params, Witness};

#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(crate) enum ToServer {
    /// Start to count anew, with these sizes.
    Reset(Params),
    /// Say what was counted.
    Account,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(crate) enum FromServer {
    Listening { address: SocketAddr },
    Witness(Witness),
    Failed { reason: String },
}
