//! What a run does when its server ends before its time: rows that need none go on, and the next launch gets a new one.

use anyhow::Result;
use model::{Launch, Round};

use super::{Event, Run, Taken, Workers};
use crate::ServerProcess;

impl Run<'_> {
    /// Starts the server if rows of this launch need one and there is none, or none any more.
    pub(super) fn serve(
        &mut self,
        index: usize,
        launch: &Launch,
        workers: &mut Workers,
    ) -> Result<()> {
        let needs = |(_, cell): (_, usize)| self.cells[cell].server && !self.out[cell];
        if self.gave_up() || !launch.samples().any(needs) {
            return Ok(());
        }
        let had_one = match &mut self.server {
            Some(server) => match server.failure() {
                None => return Ok(()),
                Some(_) => true,
            },
            None => false,
        };
        match ServerProcess::start() {
            Err(error) => self.lose_server(index, launch, workers, format!("{error:#}")),
            Ok(server) => {
                for cell in self.cells.iter_mut().filter(|cell| cell.server) {
                    cell.setup.server = Some(server.address());
                }
                self.server = Some(server);
                match had_one {
                    true => (self.tell)(Event::ServerStartedAnew { launch: index }),
                    false => Ok(()),
                }
            }
        }
    }

    /// Whether something went wrong with a cell because its server is gone: then it was not the cell's fault.
    pub(super) fn without_server(&mut self, cell: usize) -> Option<String> {
        let server = self.server.as_mut().filter(|_| self.cells[cell].server);
        server.and_then(ServerProcess::failure)
    }

    /// Goes on without the server until the next launch, or for good if the launch before has lost it too.
    pub(super) fn lose_server(
        &mut self,
        index: usize,
        launch: &Launch,
        workers: &mut Workers,
        reason: String,
    ) -> Result<()> {
        (self.server, self.lost) = (None, Some((index, launch.clone())));
        self.losses_in_a_row += 1;
        for (cell, worker) in self.cells.iter().zip(workers) {
            if cell.server {
                *worker = None;
            }
        }
        (self.tell)(Event::ServerLost {
            launch: index,
            reason: &reason,
        })?;
        self.taken.server_losses.push((index, reason));
        Ok(())
    }

    /// A server that was lost in two launches in a row is not started again.
    pub(super) fn gave_up(&self) -> bool {
        self.losses_in_a_row >= 2
    }

    /// Whether a cell can take samples in this launch.
    pub(super) fn able(&self, cell: usize) -> bool {
        !self.out[cell] && (self.server.is_some() || !self.cells[cell].server)
    }

    /// Another launch than those planned, unless nothing could run in it.
    pub(super) fn more(&self, more: &mut dyn FnMut(&Taken) -> Option<Launch>) -> Option<Launch> {
        let able = (0..self.cells.len()).any(|cell| self.able(cell));
        (able || !self.gave_up()).then(|| more(&self.taken))?
    }

    /// Rows that have nothing to show because the server was lost fail with that reason.
    pub(super) fn fail_rows_without_samples(&mut self) -> Result<()> {
        let (Some((index, launch)), Some((_, reason))) =
            (self.lost.take(), self.taken.server_losses.last())
        else {
            return Ok(());
        };
        let reason = format!("the server was lost: {reason}");
        for cell in 0..self.cells.len() {
            let (own, needs) = (&self.cells[cell].cell, self.cells[cell].server);
            let (label, row) = (&own.workload, &own.row);
            let samples = self.taken.samples.iter();
            let samples: Vec<_> = samples
                .filter(|it| it.workload == *label && it.row == *row)
                .collect();
            let free = |round: &&Round| samples.iter().all(|it| it.round != round.number);
            let free = launch.rounds.iter().find(free);
            let shows = samples.iter().any(|sample| sample.kept || own.calibration);
            if let (true, false, Some(round)) = (needs && !self.out[cell], shows, free) {
                self.fail(index, &launch, round, cell, reason.clone())?;
            }
        }
        Ok(())
    }
}
