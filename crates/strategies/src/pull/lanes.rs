//! Lanes: tasks that do one unit after the other. There are at most as many as the limit, so no semaphore is needed.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use anyhow::{Context as _, Result};
use futures_channel::oneshot;
use workloads::{Io, Tally, Unit, Work};

use crate::pull::ledger::Ledger;

/// Where a lane runs.
pub trait Spawn: Clone + Send + Sync + 'static {
    /// Starts a task that nobody waits for: the ledger tells when all are done.
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static);
}

/// A run on lanes that has not started yet.
pub struct Lanes<W, I, S> {
    ledger: Arc<Ledger<W, I>>,
    spawn: S,
}

impl<W: Work, I: Io + 'static, S: Spawn> Lanes<W, I, S> {
    /// Prepares a run of `work` with at most `limit` lanes, each a task of `spawn` that waits through `io`.
    pub fn new(work: &W, io: I, spawn: S, limit: usize) -> (Self, Finished) {
        let (ledger, result) = Ledger::open(work, io, limit);
        (
            Lanes {
                ledger: Arc::new(ledger),
                spawn,
            },
            Finished(result),
        )
    }

    /// The start as a task, because tasks are cheapest to start on their runtime. It is in one box per run, which spares the compiler a
    /// second kind of task for every cell.
    pub fn on_a_task(self) -> Start {
        Start::new(move || self.start())
    }

    /// Starts the first lanes.
    pub fn start(self) {
        for unit in self.ledger.first() {
            launch(&self.ledger, &self.spawn, unit);
        }
    }
}

/// A run that starts when it is polled, once.
pub struct Start(Option<Box<dyn FnOnce() + Send>>);

impl Start {
    pub(crate) fn new(start: impl FnOnce() + Send + 'static) -> Self {
        Start(Some(Box::new(start)))
    }
}

impl Future for Start {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context) -> Poll<()> {
        if let Some(start) = self.0.take() {
            start();
        }
        Poll::Ready(())
    }
}

/// The result of a run to come.
pub struct Finished(pub(crate) oneshot::Receiver<Result<Tally>>);

impl Finished {
    /// Parks the calling thread until the last lane has ended. No runtime takes part: the function of smol's that does it needs none.
    pub fn wait(self) -> Result<Tally> {
        smol::future::block_on(self.tally())
    }

    /// Starts a run on the thread that waits for it.
    pub async fn after(self, start: Start) -> Result<Tally> {
        start.await;
        self.tally().await
    }

    /// Waits for the last lane.
    pub async fn tally(self) -> Result<Tally> {
        self.0.await.context("the run was dropped before its end")?
    }
}

/// Starts one lane. Not `async`, so that a lane may start lanes without its type containing itself.
fn launch<W: Work, I: Io + 'static, S: Spawn>(ledger: &Arc<Ledger<W, I>>, spawn: &S, unit: Unit) {
    spawn.spawn(lane(Arc::clone(ledger), spawn.clone(), unit));
}

/// Not an `async fn`: `Send` must be promised, or the compiler looks for it in a type that it is still making.
fn lane<W: Work, I: Io + 'static, S: Spawn>(
    ledger: Arc<Ledger<W, I>>,
    spawn: S,
    first: Unit,
) -> impl Future<Output = ()> + Send + 'static {
    // One variable and no copies, because a task is as large as what it keeps over a wait.
    let mut unit = first;
    async move {
        loop {
            let outcome = ledger.work.step(&ledger.io, unit).await;
            for uncovered in ledger.settle(outcome) {
                launch(&ledger, &spawn, uncovered);
            }
            match ledger.take() {
                Some(next) => unit = next,
                None => return,
            }
        }
    }
}
