//! The mock server as a process of its own, so that its descriptors and its CPU time are not the worker's.
//!
//! It is steered over its standard input and output, never over the sockets that it witnesses.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use workloads::{Params, Witness};

use crate::parent::process::Process;
use crate::protocol::server::{FromServer, ToServer};
use crate::{Interrupt, affinity};

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
