//! The account of one run: what is left to do and what has been done. All tasks and threads of the run share it.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::{Error, Result};
use futures_channel::oneshot;
use workloads::{Done, Tally, Unit, Work};

/// The account of one run, behind a reference count. The end of the account *is* the end of the run: whoever drops the last reference
/// sends the result. So the end of a run costs no counting of its own, and a unit that panics cannot hang the run.
pub(crate) struct Ledger<W, I> {
    pub(crate) work: W,
    pub(crate) io: I,
    roots: u64,
    cursor: AtomicU64,
    limit: usize,
    frontier: Mutex<Frontier>,
    total: Total,
    failure: Mutex<Option<Error>>,
    finished: Option<oneshot::Sender<Result<Tally>>>,
}

/// Units that other units uncovered. Workloads that know all units up front never touch it.
struct Frontier {
    waiting: VecDeque<Unit>,
    lanes: usize,
}

/// What was produced, on a cache line of its own. There is one total and no shards: with shards by unit every worker would touch every
/// line, which costs CPU time in the benchmark `by-hand`.
#[derive(Default)]
#[repr(align(128))]
struct Total {
    count: AtomicU64,
    digest: AtomicU64,
}

impl<W: Work, I> Ledger<W, I> {
    /// Opens the account of one run for at most `limit` lanes; the receiver gets the result when the last reference is gone.
    pub(crate) fn open(work: &W, io: I, limit: usize) -> (Self, oneshot::Receiver<Result<Tally>>) {
        let (finished, result) = oneshot::channel();
        let roots = work.units();
        let lanes = usize::try_from(roots).unwrap_or(usize::MAX).min(limit);
        let ledger = Ledger {
            work: work.clone(),
            io,
            roots,
            cursor: AtomicU64::new(lanes as u64),
            limit,
            frontier: Mutex::new(Frontier {
                waiting: VecDeque::new(),
                lanes,
            }),
            total: Total::default(),
            failure: Mutex::new(None),
            finished: Some(finished),
        };
        (ledger, result)
    }

    /// The first unit of each of the first lanes. [`take`](Self::take) continues after them.
    pub(crate) fn first(&self) -> impl Iterator<Item = Unit> + use<W, I> {
        (0..self.cursor.load(Ordering::Relaxed)).map(Unit)
    }

    /// The next unit for a lane that has finished one; `None` ends the lane.
    pub(crate) fn take(&self) -> Option<Unit> {
        // This load keeps the cache line shared once all roots are taken. With a high limit they are taken from the start.
        if self.cursor.load(Ordering::Relaxed) < self.roots {
            let root = self.cursor.fetch_add(1, Ordering::Relaxed);
            if root < self.roots {
                return Some(Unit(root));
            }
        }
        if !self.work.facts().uncovers {
            return None;
        }
        let mut frontier = lock(&self.frontier);
        let unit = frontier.waiting.pop_front();
        frontier.lanes -= usize::from(unit.is_none());
        unit
    }

    /// Books what a unit produced. Returns the first units of the lanes to add for what it uncovered. The other units wait.
    pub(crate) fn settle(&self, outcome: Result<Done>) -> Vec<Unit> {
        let uncovered = self.book(outcome);
        if uncovered.is_empty() {
            return uncovered;
        }
        let mut frontier = lock(&self.frontier);
        frontier.waiting.extend(uncovered);
        // The calling lane takes one of them itself.
        let lanes = (self.limit - frontier.lanes).min(frontier.waiting.len() - 1);
        frontier.lanes += lanes;
        frontier.waiting.drain(..lanes).collect()
    }

    /// Books what a unit produced and returns all that it uncovered, for strategies with a queue of their own.
    pub(crate) fn book(&self, outcome: Result<Done>) -> Vec<Unit> {
        match outcome {
            Ok(done) => {
                let total = &self.total;
                total.count.fetch_add(done.tally.count, Ordering::Relaxed);
                total.digest.fetch_add(done.tally.digest, Ordering::Relaxed);
                done.next
            }
            Err(error) => {
                lock(&self.failure).get_or_insert(error);
                self.cursor.store(self.roots, Ordering::Relaxed);
                lock(&self.frontier).waiting.clear();
                Vec::new()
            }
        }
    }
}

impl<W, I> Ledger<W, I> {
    /// The result of a run, for a caller that has seen its last unit end.
    pub(crate) fn close(&self) -> Result<Tally> {
        let tally = Tally {
            count: self.total.count.load(Ordering::Relaxed),
            digest: self.total.digest.load(Ordering::Relaxed),
        };
        match lock(&self.failure).take() {
            Some(error) => Err(error),
            None => Ok(tally),
        }
    }
}

impl<W, I> Drop for Ledger<W, I> {
    fn drop(&mut self) {
        if let Some(finished) = self.finished.take() {
            // Nobody listens if the caller closes the account itself.
            let _ = finished.send(self.close());
        }
    }
}

/// A unit that panicked loses its own result. The account of the others is still whole, so a poisoned lock is taken as it is.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
