//! What a run carries from launch to launch.

use anyhow::Result;
use model::{Launch, SampleOutcome};

use crate::cells::draws::{Drawn, Draws};
use crate::cells::fit::must_release;
use crate::cells::prepared::Prepared;
use crate::machine::limits::limits;
use crate::parent::before::Before;
use crate::parent::books::Books;
use crate::parent::event::{Taken, Tell};
use crate::parent::interrupt::Interrupt;
use crate::parent::place::{Numbered, Place};
use crate::parent::serving::Serving;

/// The state of a run between its launches.
pub(super) struct State<'a> {
    pub(super) cells: Vec<Prepared>,
    pub(super) interrupt: &'a Interrupt,
    pub(super) serving: Serving,
    pub(super) draws: Draws,
    pub(super) books: Books<'a>,
    /// Whether all workers let go of threads and connections between samples.
    pub(super) release: bool,
}

impl<'a> State<'a> {
    pub(super) fn new(
        cells: Vec<Prepared>,
        before: Option<&Before>,
        interrupt: &'a Interrupt,
        tell: &'a mut Tell<'a>,
    ) -> Self {
        let books = match before {
            Some(before) => Books::go_on(&cells, before, tell),
            None => Books::new(&cells, tell),
        };
        State {
            interrupt,
            serving: Serving::default(),
            draws: Draws::default(),
            books,
            release: must_release(&cells, &limits()),
            cells,
        }
    }

    /// Which cells take no more samples.
    pub(super) fn out(&self) -> Vec<bool> {
        (0..self.cells.len())
            .map(|cell| self.books.is_out(cell))
            .collect()
    }

    /// Whether a cell can take samples now.
    pub(super) fn able(&self, cell: usize) -> bool {
        !self.books.is_out(cell) && (self.serving.is_there() || !self.cells[cell].server)
    }

    /// Whether a cell lets go between samples: because all together hold too much, or because it must find everything as new.
    pub(super) fn releases(&self, cell: usize) -> bool {
        self.release || self.cells[cell].cell.asks
    }

    /// Another launch than those planned, unless nothing could run in it.
    pub(super) fn more(&self, more: &mut dyn FnMut(&Taken) -> Option<Launch>) -> Option<Launch> {
        let able = (0..self.cells.len()).any(|cell| self.able(cell));
        (able || !self.serving.gave_up()).then(|| more(self.books.taken()))?
    }

    /// Books a cell that could not take its sample of a round.
    pub(super) fn fail(&mut self, place: Place, reason: String) -> Result<()> {
        let cell = &self.cells[place.cell];
        let outcome = SampleOutcome::Failed { reason };
        self.books.sample(place, cell, &Drawn::first(cell), outcome)
    }

    /// Rows that have nothing to show because the server was lost fail with that reason.
    pub(super) fn fail_rows_without_samples(&mut self) -> Result<()> {
        let Some((number, launch)) = self.serving.take_lost() else {
            return Ok(());
        };
        let Some((_, reason)) = self.books.taken().server_losses.last() else {
            return Ok(());
        };
        let reason = format!("the server was lost: {reason}");
        let launch = Numbered {
            number,
            plan: &launch,
        };
        for cell in 0..self.cells.len() {
            if let Some(place) = self.missing(launch, cell) {
                self.fail(place, reason.clone())?;
            }
        }
        Ok(())
    }

    /// Where a cell that needs the server lacks a sample, if it has none to show.
    fn missing<'l>(&self, launch: Numbered<'l>, cell: usize) -> Option<Place<'l>> {
        let (own, needs) = (&self.cells[cell].cell, self.cells[cell].server);
        let samples = self.books.taken().samples.iter();
        let samples: Vec<_> = samples
            .filter(|it| it.workload == own.workload && it.row == own.row)
            .collect();
        let shows = samples.iter().any(|sample| sample.kept || own.calibration);
        if !needs || self.books.is_out(cell) || shows {
            return None;
        }
        let mut rounds = launch.plan.rounds.iter();
        let round = rounds.find(|round| samples.iter().all(|it| it.round != round.number))?;
        Some(Place {
            launch,
            round,
            cell,
            at_ns: self.books.now_ns(),
        })
    }
}
