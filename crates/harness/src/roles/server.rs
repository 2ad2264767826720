//! The server: a mock server that the parent steers.

use std::io;
use std::net::Ipv4Addr;
use std::time::Duration;

use anyhow::Result;
use workloads::{Latency, Params};

use crate::cells::registry::Registry;
use crate::protocol::lines;
use crate::protocol::server::{FromServer, ToServer};

/// Answers each message of the parent until it closes the line.
pub(crate) fn serve(registry: &Registry) -> Result<()> {
    let nothing = Params::new(0, 1, Latency::Fixed(Duration::ZERO));
    let server = mock_server::serve(mock_server::Config {
        listen: (Ipv4Addr::LOCALHOST, 0).into(),
        workloads: registry.workloads.clone(),
        params: nothing,
    })?;
    lines::write(
        io::stdout().lock(),
        &FromServer::Listening {
            address: server.address(),
        },
    )?;
    lines::answer(|message| {
        let account = match message {
            ToServer::Reset(params) => server.reset(params),
            ToServer::Account => server.stats(),
        };
        account.map_or_else(
            |error| FromServer::Failed {
                reason: format!("{error:#}"),
            },
            FromServer::Witness,
        )
    })
}
