//! What a run had taken before it was interrupted.

use std::collections::BTreeSet;
use std::time::Duration;

use model::{Recorded, Resumed, Sample};

use crate::cells::prepared::Prepared;

/// A run that was interrupted and goes on.
#[derive(Clone, Debug)]
pub struct Before {
    /// Everything that is in its journal.
    pub recorded: Recorded,
    /// When it goes on, in UTC, RFC 3339.
    pub at: String,
    /// How long it had been under way.
    pub elapsed: Duration,
}

impl Before {
    /// A run as its journal has it, that goes on now.
    pub fn new(recorded: Recorded, at: String) -> Before {
        let last = recorded.samples.last().map_or(0, |sample| sample.at_ns);
        Before {
            recorded,
            at,
            elapsed: Duration::from_nanos(last),
        }
    }

    /// The line that says so.
    pub(super) fn resumed(&self) -> Resumed {
        Resumed {
            samples: self.recorded.samples.len() as u32,
            at: self.at.clone(),
        }
    }

    /// The samples that are there, by round and cell.
    pub(super) fn taken(&self, cells: &[Prepared]) -> BTreeSet<(u32, usize)> {
        let samples = self.recorded.samples.iter();
        let taken = samples.filter_map(|it| Some((it.round, cell_of(cells, it)?)));
        taken.collect()
    }

    /// The number of the next launch: what is left of one that had begun is measured by other workers, so it is another one.
    pub(super) fn launches(&self) -> usize {
        let samples = self.recorded.samples.iter();
        let last = samples.map(|sample| sample.launch as usize).max();
        last.map_or(0, |last| last + 1)
    }
}

/// The index of the cell that a sample is of.
pub(super) fn cell_of(cells: &[Prepared], sample: &Sample) -> Option<usize> {
    let is = |it: &Prepared| it.cell.workload == sample.workload && it.cell.row == sample.row;
    cells.iter().position(is)
}
