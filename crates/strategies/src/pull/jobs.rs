//! Jobs: a call per unit on a pool for blocking calls. The pool is the queue, and its size is the limit.

use std::sync::Arc;

use workloads::{Unit, Work};

use crate::pull::lanes::{Finished, Start};
use crate::pull::ledger::Ledger;
use crate::{BlockingIo, ready};

/// A pool for blocking calls.
pub(crate) trait Submit: Copy + Send + Sync + 'static {
    /// Starts a job that nobody waits for: the ledger tells when all are done.
    fn submit(&self, job: impl FnOnce() + Send + 'static);
}

/// A run with a job per unit that has not started yet.
pub(crate) struct Jobs<W, S> {
    ledger: Arc<Ledger<W, BlockingIo>>,
    pool: S,
    roots: u64,
}

impl<W: Work, S: Submit> Jobs<W, S> {
    /// Prepares a run of `work` on a pool with `limit` threads.
    pub(crate) fn new(work: &W, io: BlockingIo, pool: S, limit: usize) -> (Self, Finished) {
        let (ledger, result) = Ledger::open(work, io, limit);
        let jobs = Jobs {
            ledger: Arc::new(ledger),
            pool,
            roots: work.units(),
        };
        (jobs, Finished(result))
    }

    /// The start as a task, for pools that expect it on their runtime.
    pub(crate) fn on_a_task(self) -> Start {
        Start::new(move || self.start())
    }

    /// Submits all units that are known.
    pub(crate) fn start(self) {
        for unit in (0..self.roots).map(Unit) {
            submit(&self.ledger, self.pool, unit);
        }
    }
}

fn submit<W: Work, S: Submit>(ledger: &Arc<Ledger<W, BlockingIo>>, pool: S, unit: Unit) {
    let ledger = Arc::clone(ledger);
    pool.submit(move || {
        let outcome = ready(ledger.work.step(&ledger.io, unit));
        for uncovered in ledger.book(outcome) {
            submit(&ledger, pool, uncovered);
        }
    });
}
