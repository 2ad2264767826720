//! The programs without makespan: one task per unit, two atomic counters, and the last task to end tells by the reference count
//! that all of them share anyway, which is the cheapest join there is.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::Result;
use smol::Executor;
use tokio::runtime::Builder;
use tokio::sync::oneshot;
use workloads::{Params, Tally, mix};

/// A runtime as one would use it for this alone.
pub(crate) trait ByHand: Clone + Send + Sync + 'static {
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static);

    fn sleep(duration: Duration) -> impl Future<Output = ()> + Send;

    /// All units on this runtime, started from one of its own threads.
    fn run(&self, params: &Params) -> Result<Tally> {
        let (seed, tasks, latency) = (params.seed, params.tasks, params.latency);
        let (done, tally) = oneshot::channel();
        let runtime = self.clone();
        self.spawn(async move {
            let shared = Arc::new(Shared {
                count: AtomicU64::new(0),
                digest: AtomicU64::new(0),
                done: Some(done),
            });
            for unit in 0..tasks {
                let shared = Arc::clone(&shared);
                runtime.spawn(async move {
                    let delay = latency.delay(seed, "sleep", unit, 0);
                    Self::sleep(delay).await;
                    let tally = Tally::of(mix(seed, unit), &delay.as_nanos().to_le_bytes());
                    shared.count.fetch_add(tally.count, Ordering::Relaxed);
                    shared.digest.fetch_add(tally.digest, Ordering::Relaxed);
                });
            }
        });
        Ok(tally.blocking_recv()?)
    }
}

/// What the tasks share.
struct Shared {
    count: AtomicU64,
    digest: AtomicU64,
    done: Option<oneshot::Sender<Tally>>,
}

impl Drop for Shared {
    fn drop(&mut self) {
        let tally = Tally {
            count: *self.count.get_mut(),
            digest: *self.digest.get_mut(),
        };
        // The receiver waits for exactly this.
        let _ = self.done.take().map(|done| done.send(tally));
    }
}

/// Tokio's multi-threaded runtime.
#[derive(Clone)]
pub(crate) struct OnTokio(Arc<tokio::runtime::Runtime>);

pub(crate) fn on_tokio(workers: usize) -> Result<OnTokio> {
    let mut builder = Builder::new_multi_thread();
    let runtime = builder.worker_threads(workers).enable_all().build()?;
    Ok(OnTokio(Arc::new(runtime)))
}

impl ByHand for OnTokio {
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.0.spawn(task);
    }

    fn sleep(duration: Duration) -> impl Future<Output = ()> + Send {
        tokio::time::sleep(duration)
    }
}

/// An executor of smol on threads that run for ever.
#[derive(Clone)]
pub(crate) struct OnSmol(Arc<Executor<'static>>);

pub(crate) fn on_smol(workers: usize) -> OnSmol {
    let executor = Arc::new(Executor::new());
    for _ in 0..workers {
        let executor = Arc::clone(&executor);
        thread::spawn(move || smol::block_on(executor.run(std::future::pending::<()>())));
    }
    OnSmol(executor)
}

impl ByHand for OnSmol {
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.0.spawn(task).detach();
    }

    async fn sleep(duration: Duration) {
        smol::Timer::after(duration).await;
    }
}

/// The global executor of async-std; its threads are counted by a variable of the environment.
#[cfg(feature = "async-std")]
#[derive(Clone)]
pub(crate) struct OnAsyncStd;

#[cfg(feature = "async-std")]
impl ByHand for OnAsyncStd {
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        async_std::task::spawn(task);
    }

    fn sleep(duration: Duration) -> impl Future<Output = ()> + Send {
        async_std::task::sleep(duration)
    }
}
