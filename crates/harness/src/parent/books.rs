//! The books of a run: what was taken so far, and which cells take no more samples.

use std::time::{Duration, Instant};

use anyhow::Result;
use model::{Conditions, RefusalKind, SUSPICIONS_THAT_CONVICT, Sample, SampleOutcome};

use crate::cells::draws::Drawn;
use crate::cells::prepared::Prepared;
use crate::parent::before::{self, Before};
use crate::parent::event::{Event, Taken, Tell};
use crate::parent::place::Place;

/// Writes down what happens, and tells it.
pub(super) struct Books<'a> {
    tell: &'a mut Tell<'a>,
    start: Instant,
    /// How long the run had been under way before it was interrupted.
    earlier: Duration,
    /// How often each cell was too slow to be believed.
    suspicions: Vec<usize>,
    /// Cells that take no more samples.
    out: Vec<bool>,
    taken: Taken,
}

impl<'a> Books<'a> {
    /// Begins with the cells that can run.
    pub(super) fn new(cells: &[Prepared], tell: &'a mut Tell<'a>) -> Self {
        let out = cells.iter().map(|cell| cell.cell.unsupported.is_some());
        Books {
            tell,
            start: Instant::now(),
            earlier: Duration::ZERO,
            suspicions: vec![0; cells.len()],
            out: out.collect(),
            taken: Taken::default(),
        }
    }

    /// Continues the books of a run that was interrupted.
    pub(super) fn go_on(cells: &[Prepared], before: &Before, tell: &'a mut Tell<'a>) -> Self {
        let mut books = Books::new(cells, tell);
        books.earlier = before.elapsed;
        for sample in &before.recorded.samples {
            if let Some(index) = before::cell_of(cells, sample) {
                books.judge(index, &sample.outcome);
            }
        }
        books.taken.samples.clone_from(&before.recorded.samples);
        books
            .taken
            .conditions
            .clone_from(&before.recorded.conditions);
        books.taken.resumed.clone_from(&before.recorded.resumed);
        books.taken.resumed.push(before.resumed());
        books
    }

    /// Everything that was taken.
    pub(super) fn taken(&self) -> &Taken {
        &self.taken
    }

    /// Everything that was taken, to say how the run ended.
    pub(super) fn taken_mut(&mut self) -> &mut Taken {
        &mut self.taken
    }

    /// Closes the books.
    pub(super) fn close(self) -> Taken {
        self.taken
    }

    /// Whether a cell takes no more samples.
    pub(super) fn is_out(&self, cell: usize) -> bool {
        self.out[cell]
    }

    /// The time since the run began.
    pub(super) fn now_ns(&self) -> u64 {
        (self.earlier + self.start.elapsed()).as_nanos() as u64
    }

    /// Tells of an event that leaves nothing in the books.
    pub(super) fn tell(&mut self, event: Event) -> Result<()> {
        (self.tell)(event)
    }

    /// Books a sample of a cell. A cell that failed or did wrong work is out, and so is one that was suspected too often.
    pub(super) fn sample(
        &mut self,
        place: Place,
        cell: &Prepared,
        drawn: &Drawn,
        outcome: SampleOutcome,
    ) -> Result<()> {
        let index = place.cell;
        self.judge(index, &outcome);
        let sample = Sample {
            launch: place.launch.number as u32,
            round: place.round.number,
            position: self.taken.samples.len() as u32,
            kept: place.round.kept,
            workload: cell.cell.workload.clone(),
            row: cell.cell.row.clone(),
            padding_bytes: place.launch.plan.padding_bytes[index],
            draw: drawn.params.draw,
            floor_ns: drawn.floor_ns,
            own_floor_ns: drawn.own_floor_ns,
            at_ns: place.at_ns,
            outcome,
        };
        (self.tell)(Event::Sampled(&sample))?;
        self.taken.samples.push(sample);
        Ok(())
    }

    /// Whether a cell is out after that.
    fn judge(&mut self, index: usize, outcome: &SampleOutcome) {
        self.out[index] |= match outcome {
            SampleOutcome::Measured(_) => false,
            SampleOutcome::Refused {
                kind: RefusalKind::Suspicion,
                ..
            } => {
                self.suspicions[index] += 1;
                self.suspicions[index] >= SUSPICIONS_THAT_CONVICT
            }
            SampleOutcome::Refused { .. } | SampleOutcome::Failed { .. } => true,
        };
    }

    /// Books what else the machine did during a block.
    pub(super) fn block(&mut self, conditions: Conditions) -> Result<()> {
        (self.tell)(Event::Block(&conditions))?;
        self.taken.conditions.push(conditions);
        Ok(())
    }

    /// Books that a launch has lost the server.
    pub(super) fn server_lost(&mut self, launch: usize, reason: String) -> Result<()> {
        let told = &reason;
        (self.tell)(Event::ServerLost {
            launch,
            reason: told,
        })?;
        self.taken.server_losses.push((launch, reason));
        Ok(())
    }
}
