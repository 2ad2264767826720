//! Fan-out: a semaphore. All units are tasks from the start, and permits go to as many as the limit.

use std::sync::Arc;

use anyhow::Result;
use tokio::sync::Semaphore;
use workloads::{Io, Tally, Unit, Work};

use crate::io::hyper::AsyncIo;
use crate::pull::lanes::Finished;
use crate::pull::ledger::Ledger;
use crate::runtimes::tokio::{OnTokio, Workers};
use crate::{Facts, Heartbeat, Setup, Strategy};

/// All units are spawned at once, and each waits for a permit. A unit that arrives at a time of its own waits for that time first: until
/// then it holds no permit, as if it had come from outside.
pub struct TokioSemaphore(Workers<AsyncIo<OnTokio>>);

impl Strategy for TokioSemaphore {
    const FACTS: Facts = Facts {
        name: "tokio-semaphore",
        about: "fan-out by a semaphore: all units are spawned at once, each waits for a permit",
        fan_out: "tokio::spawn behind a Semaphore",
        ..Workers::FACTS
    };

    fn open(setup: &Setup) -> Result<Self> {
        Workers::with_hyper(setup).map(TokioSemaphore)
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        let Workers { io, limit, runtime } = &self.0;
        let (ledger, result) = Ledger::open(work, io.clone(), *limit);
        let (ledger, permits, roots) = (
            Arc::new(ledger),
            Arc::new(Semaphore::new(*limit)),
            work.units(),
        );
        runtime.spawn(async move {
            for unit in (0..roots).map(Unit) {
                spawn(&ledger, &permits, unit);
            }
        });
        runtime.block_on(Finished(result).tally())
    }

    fn beside(&self, heartbeat: Heartbeat) -> Result<()> {
        self.0.beside(heartbeat)
    }
}

/// Not `async`, so that a task may spawn tasks without its type containing itself.
fn spawn<W: Work>(ledger: &Arc<Ledger<W, AsyncIo<OnTokio>>>, permits: &Arc<Semaphore>, unit: Unit) {
    tokio::spawn(permitted(Arc::clone(ledger), Arc::clone(permits), unit));
}

#[expect(
    clippy::manual_async_fn,
    reason = "`Send` must be promised, or the compiler asks the type for it while it makes it"
)]
fn permitted<W: Work>(
    ledger: Arc<Ledger<W, AsyncIo<OnTokio>>>,
    permits: Arc<Semaphore>,
    unit: Unit,
) -> impl Future<Output = ()> + Send + 'static {
    async move {
        if let Some(due) = ledger.work.due(unit) {
            ledger.io.sleep_until(due).await;
        }
        let permit = permits
            .acquire()
            .await
            .expect("nobody closes the semaphore");
        let outcome = ledger.work.step(&ledger.io, unit).await;
        drop(permit);
        for uncovered in ledger.book(outcome) {
            spawn(&ledger, &permits, uncovered);
        }
    }
}

#[cfg(test)]
mod tests;
