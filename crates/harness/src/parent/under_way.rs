//! The launch that is under way: its number, its plan and its workers.

use anyhow::Result;
use model::Round;

use crate::parent::event::Event;
use crate::parent::place::{Numbered, Place};
use crate::parent::process::worker::WorkerProcess;
use crate::parent::serving::Started;
use crate::parent::state::State;

/// A launch with its workers.
pub(super) struct UnderWay<'l, 'a> {
    pub(super) run: &'l mut State<'a>,
    pub(super) launch: Numbered<'l>,
    /// Its live workers, by cell.
    pub(super) workers: Vec<Option<WorkerProcess>>,
    /// Whether it has lost the server.
    lost_server: bool,
}

impl<'l, 'a> UnderWay<'l, 'a> {
    /// Begins, without any worker.
    pub(super) fn begin(run: &'l mut State<'a>, launch: Numbered<'l>) -> Result<Self> {
        let number = launch.number;
        run.books.tell(Event::Launching { launch: number })?;
        Ok(UnderWay {
            workers: run.cells.iter().map(|_| None).collect(),
            run,
            launch,
            lost_server: false,
        })
    }

    /// Ends, with all its workers.
    pub(super) fn end(self) {
        if !self.lost_server {
            self.run.serving.survived();
        }
    }

    /// Whether the run is to end.
    pub(super) fn is_interrupted(&self) -> bool {
        self.run.interrupt.is_set()
    }

    /// Where the next sample of a cell belongs.
    pub(super) fn place<'r>(&self, round: &'r Round, cell: usize) -> Place<'r>
    where
        'l: 'r,
    {
        Place {
            launch: self.launch,
            round,
            cell,
            at_ns: self.run.books.now_ns(),
        }
    }

    /// Starts the server if rows of this launch need one and there is none, or none any more.
    pub(super) fn serve(&mut self) -> Result<()> {
        let run = &mut *self.run;
        let needs = |(_, cell): (_, usize)| run.cells[cell].server && !run.books.is_out(cell);
        if run.serving.gave_up() || !self.launch.plan.samples().any(needs) {
            return Ok(());
        }
        match run.serving.start(&mut run.cells) {
            Ok(Started::AsPlanned) => Ok(()),
            Ok(Started::Anew) => {
                let launch = self.launch.number;
                run.books.tell(Event::ServerStartedAnew { launch })
            }
            Err(error) => self.lose_server(format!("{error:#}")),
        }
    }

    /// Goes on without the server until the next launch, or for good if the launch before has lost it too.
    pub(super) fn lose_server(&mut self, reason: String) -> Result<()> {
        self.lost_server = true;
        self.run.serving.lose(self.launch);
        for (cell, worker) in self.run.cells.iter().zip(&mut self.workers) {
            if cell.server {
                *worker = None;
            }
        }
        self.run.books.server_lost(self.launch.number, reason)
    }
}
