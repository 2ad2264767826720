//! The mock server as a process of its own, so that its descriptors and its CPU time are not the worker's.
//!
//! It is steered over its standard input and output, never over the sockets that it witnesses.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use workloads::{Latency, Params, Witness};

use crate::process::Process;
use crate::{Interrupt, Registry, affinity, lines};

#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum ToServer {
    /// Start counting anew, with these sizes.
    Reset(Params),
    /// Tell what was counted.
    Account,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum FromServer {
    Listening { address: SocketAddr },
    Witness(Witness),
    Failed { reason: String },
}

/// Answers the parent until it closes the line.
pub(crate) fn serve(registry: &Registry) -> Result<()> {
    let nothing = Params {
        seed: 0,
        tasks: 1,
        latency: Latency::Fixed(Duration::ZERO),
        draw: 0,
        folder: None,
        numbers: Default::default(),
    };
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

/// All answers come at once; a server that needs longer is gone.
const WITHIN: Duration = Duration::from_secs(30);

/// The parent's end of the server.
pub struct ServerProcess {
    process: Process,
    address: SocketAddr,
}

impl ServerProcess {
    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// Starts a server on a free port of 127.0.0.1.
    pub fn start() -> Result<Self> {
        let mut process = affinity::beside(|| Process::start("server", &[]))?;
        match process
            .hear(WITHIN, &Interrupt::default())
            .context("the mock server did not start")?
        {
            FromServer::Listening { address } => Ok(ServerProcess { process, address }),
            FromServer::Failed { reason } => bail!("the mock server did not start: {reason}"),
            FromServer::Witness(_) => bail!("the mock server began with an account"),
        }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Why it answers no more, if it does not. One that answers too late is gone.
    pub(crate) fn failure(&mut self) -> Option<String> {
        self.account().err().map(|error| format!("{error:#}"))
    }

    /// Starts counting anew, with these sizes.
    pub fn reset(&mut self, params: &Params) -> Result<()> {
        self.ask(&ToServer::Reset(params.clone())).map(drop)
    }

    /// What it saw since the last reset.
    pub fn account(&mut self) -> Result<Witness> {
        self.ask(&ToServer::Account)
    }

    fn ask(&mut self, message: &ToServer) -> Result<Witness> {
        self.process
            .say(message)
            .context("the mock server failed")?;
        // The account of a sample is asked for even when the run is being interrupted.
        match self
            .process
            .hear(WITHIN, &Interrupt::default())
            .context("the mock server failed")?
        {
            FromServer::Witness(witness) => Ok(witness),
            FromServer::Failed { reason } => bail!("the mock server refused: {reason}"),
            FromServer::Listening { .. } => bail!("the mock server started twice"),
        }
    }
}
