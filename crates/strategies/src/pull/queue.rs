//! The queue of strategies that hand out all units in one place: in a loop, or in one task.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

use anyhow::Result;
use workloads::{Done, Io, Outline, Tally, Unit, Work};

/// What one run has left to do and what it has produced. Units known up front come first, then those that others uncovered.
pub(crate) struct Queue {
    roots: Range<u64>,
    uncovered: VecDeque<Unit>,
    tally: Tally,
}

impl Queue {
    pub(crate) fn of(work: &impl Outline) -> Self {
        Queue {
            roots: 0..work.units(),
            uncovered: VecDeque::new(),
            tally: Tally::default(),
        }
    }

    /// Books what a unit produced and takes in the units that it uncovered.
    pub(crate) fn book(&mut self, done: Done) {
        self.tally += done.tally;
        self.uncovered.extend(done.next);
    }

    /// What all booked units produced.
    pub(crate) fn tally(&self) -> Tally {
        self.tally
    }
}

/// The units that are known now. After its end there are units again if one is [booked](Queue::book) that uncovers some.
impl Iterator for Queue {
    type Item = Unit;

    fn next(&mut self) -> Option<Unit> {
        let root = self.roots.next().map(Unit);
        root.or_else(|| self.uncovered.pop_front())
    }
}

/// One unit as a future that owns what it needs, for the primitives that collect futures.
pub(crate) async fn one<W: Work, I: Io>(work: Arc<W>, io: I, unit: Unit) -> Result<Done> {
    work.step(&io, unit).await
}
