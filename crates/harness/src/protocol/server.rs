//! What parent and server say to each other, over the standard input and output of the server.

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};
use workloads::{Params, Witness};

#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(crate) enum ToServer {
    /// Start counting anew, with these sizes.
    Reset(Params),
    /// Tell what was counted.
    Account,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(crate) enum FromServer {
    Listening { address: SocketAddr },
    Witness(Witness),
    Failed { reason: String },
}
