//! The server of a run, which may be lost.
//!
//! A server that ends before its time costs the rows that need it the rest of their samples in that launch. The next launch gets a
//! new one. Two launches in a row that lose it are enough: then the run goes on without.

use model::Launch;
use workloads::{Params, Witness};

use crate::cells::prepared::Prepared;
use crate::parent::place::Numbered;
use crate::parent::process::fault::Fault;
use crate::parent::process::server::ServerProcess;

/// So many launches in a row that lost the server are enough.
const ENOUGH: usize = 2;

/// The server, as long as there is one, and its losses.
#[derive(Default)]
pub(super) struct Serving {
    server: Option<ServerProcess>,
    /// The launch that lost the server last.
    lost: Option<(usize, Launch)>,
    /// How many launches have lost it, one behind the other, until now.
    losses_in_a_row: usize,
}

/// Whether a launch needed a new server.
pub(super) enum Started {
    /// It is the first one, or it has lived on.
    AsPlanned,
    /// The one before had ended since the launch before.
    Anew,
}

impl Serving {
    /// Starts a server if there is none, or none any more, and tells the cells where it is.
    pub(super) fn start(&mut self, cells: &mut [Prepared]) -> anyhow::Result<Started> {
        let had_one = self.server.is_some();
        if let Some(server) = &mut self.server
            && server.failure().is_none()
        {
            return Ok(Started::AsPlanned);
        }
        let server = ServerProcess::start()?;
        for cell in cells.iter_mut().filter(|cell| cell.server) {
            cell.setup.server = Some(server.address());
        }
        self.server = Some(server);
        Ok(match had_one {
            true => Started::Anew,
            false => Started::AsPlanned,
        })
    }

    /// Whether there is a server.
    pub(super) fn is_there(&self) -> bool {
        self.server.is_some()
    }

    /// Its process.
    pub(super) fn id(&self) -> Option<u32> {
        self.server.as_ref().map(ServerProcess::id)
    }

    /// Whether no server is started any more.
    pub(super) fn gave_up(&self) -> bool {
        self.losses_in_a_row >= ENOUGH
    }

    /// A launch has ended that did not lose it.
    pub(super) fn survived(&mut self) {
        if !self.gave_up() {
            self.losses_in_a_row = 0;
        }
    }

    /// A launch has lost it.
    pub(super) fn lose(&mut self, launch: Numbered) {
        self.server = None;
        self.lost = Some((launch.number, launch.plan.clone()));
        self.losses_in_a_row += 1;
    }

    /// The launch that lost it last.
    pub(super) fn take_lost(&mut self) -> Option<(usize, Launch)> {
        self.lost.take()
    }

    /// Why the server is gone, if the cell needs it and it is: then what went wrong with the cell was not the cell's fault.
    pub(super) fn failure(&mut self, cell: &Prepared) -> Option<Fault> {
        self.of(cell).and_then(ServerProcess::failure)
    }

    /// Has it count anew, for a sample of the cell with these sizes, or for a wave of it.
    pub(super) fn reset(&mut self, cell: &Prepared, params: &Params) -> Result<(), Fault> {
        self.of(cell).map_or(Ok(()), |server| server.reset(params))
    }

    /// What it saw of a sample; nothing where the cell needs no server.
    pub(super) fn account(&mut self, cell: &Prepared) -> Result<Option<Witness>, Fault> {
        let account = self.of(cell).map(ServerProcess::account).transpose();
        account.map_err(|fault| Fault::Server {
            what: "no account of the sample",
            fault: fault.into(),
        })
    }

    fn of(&mut self, cell: &Prepared) -> Option<&mut ServerProcess> {
        self.server.as_mut().filter(|_| cell.server)
    }
}
