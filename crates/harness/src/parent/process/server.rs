//! The mock server as a process of its own, so that its descriptors and its CPU time are not the worker's.
//!
//! It is steered over its standard input and output, never over the sockets that it witnesses.

use std::net::SocketAddr;
use std::time::Duration;

use workloads::{Params, Witness};

use crate::machine::affinity;
use crate::parent::interrupt::Interrupt;
use crate::parent::process::Process;
use crate::parent::process::fault::Fault;
use crate::protocol::role::Role;
use crate::protocol::server::{FromServer, ToServer};

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
    ///
    /// # Errors
    ///
    /// If the system refuses to start it, or it does not say where it listens.
    pub fn start() -> anyhow::Result<Self> {
        let mut process = affinity::beside(|| Ok(Process::start(Role::Server, &[])?))?;
        let what = "the mock server did not start";
        match process.hear(WITHIN, &Interrupt::default()) {
            Ok(FromServer::Listening { address }) => Ok(ServerProcess { process, address }),
            Ok(FromServer::Failed { reason }) => Err(blamed(what, Fault::Failed { reason })),
            Ok(FromServer::Witness(_)) => Err(out_of_turn("the mock server began with an account")),
            Err(fault) => Err(blamed(what, fault)),
        }
        .map_err(anyhow::Error::from)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Why it answers no more, if it does not. One that answers too late is gone.
    pub(crate) fn failure(&mut self) -> Option<Fault> {
        self.account().err()
    }

    /// Starts counting anew, with these sizes.
    ///
    /// # Errors
    ///
    /// If it is gone, or has no such workload.
    pub fn reset(&mut self, params: &Params) -> Result<(), Fault> {
        self.ask(&ToServer::Reset(params.clone())).map(drop)
    }

    /// What it saw since the last reset.
    ///
    /// # Errors
    ///
    /// If it is gone.
    pub fn account(&mut self) -> Result<Witness, Fault> {
        self.ask(&ToServer::Account)
    }

    fn ask(&mut self, message: &ToServer) -> Result<Witness, Fault> {
        let said = self.process.say(message);
        // The account of a sample is asked for even when the run is being interrupted.
        let heard = said.and_then(|()| self.process.hear(WITHIN, &Interrupt::default()));
        match heard.map_err(|fault| blamed("the mock server failed", fault))? {
            FromServer::Witness(witness) => Ok(witness),
            FromServer::Failed { reason } => {
                let fault = Fault::Failed { reason };
                Err(blamed("the mock server refused", fault))
            }
            FromServer::Listening { .. } => Err(out_of_turn("the mock server started twice")),
        }
    }
}

fn blamed(what: &'static str, fault: Fault) -> Fault {
    let fault = Box::new(fault);
    Fault::Server { what, fault }
}

fn out_of_turn(said: &str) -> Fault {
    let said = said.to_owned();
    Fault::OutOfTurn { said }
}
