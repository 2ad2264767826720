//! Async: the pool of the `futures` crate, with sockets and timers of async-io.

use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use futures_executor::ThreadPool;
use smol::future;
use workloads::{Tally, Work};

use crate::io::hyper::AsyncIo;
use crate::pull::lanes::{Lanes, Spawn};
use crate::runtimes::async_io::{Executor, OnAsyncIo};
use crate::{Facts, Heartbeat, Setup, Strategy};

/// Tasks on a pool that knows neither sockets nor timers.
pub struct FuturesThreadPool {
    // The fields are dropped in this order: connections end on the pool, the pool ends its threads, and the last field waits for them.
    io: AsyncIo<OnAsyncIo<OnPool>>,
    limit: usize,
    runtime: OnAsyncIo<OnPool>,
    _threads: Threads,
}

impl Strategy for FuturesThreadPool {
    const FACTS: Facts = Facts {
        packages: &["futures-executor", "async-io", "hyper"],
        root: "pool thread",
        threads: "the workers, beside the thread that waits for all sockets and timers",
        fan_out: "ThreadPool::spawn_ok",
        ..Facts::nonblocking(
            "futures-thread-pool",
            "tasks on the pool of the futures crate, woken by the thread of async-io",
        )
    };

    fn open(setup: &Setup) -> Result<Self> {
        let (stopped, stops) = mpsc::channel();
        let pool = ThreadPool::builder()
            .pool_size(setup.workers)
            .name_prefix("futures-")
            .before_stop(move |_| {
                // Nobody listens only if the strategy gave up waiting.
                let _ = stopped.send(());
            })
            .create()
            .context("cannot start the threads of the pool")?;
        let runtime = OnAsyncIo(OnPool(pool));
        let threads = Threads {
            stops,
            left: setup.workers,
        };
        Ok(FuturesThreadPool {
            io: future::block_on(AsyncIo::open(runtime.clone(), setup))?,
            limit: setup.limit,
            runtime,
            _threads: threads,
        })
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        let (lanes, finished) = Lanes::new(work, self.io.clone(), self.runtime.clone(), self.limit);
        self.runtime.spawn(lanes.on_a_task());
        finished.wait()
    }

    fn beside(&self, heartbeat: Heartbeat) -> Result<()> {
        self.runtime.spawn(heartbeat.beat_on(self.runtime.clone()));
        Ok(())
    }
}

/// The threads of a pool that has no way to join them.
struct Threads {
    stops: Receiver<()>,
    left: usize,
}

/// Longer than any connection takes to end. The wait has an end because a thread that panics never reports that it stops.
const STOP_WITHIN: Duration = Duration::from_secs(1);

impl Drop for Threads {
    fn drop(&mut self) {
        let deadline = Instant::now() + STOP_WITHIN;
        for _ in 0..self.left {
            let left = deadline.saturating_duration_since(Instant::now());
            if self.stops.recv_timeout(left).is_err() {
                return;
            }
        }
    }
}

#[derive(Clone)]
struct OnPool(ThreadPool);

impl Spawn for OnPool {
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.0.spawn_ok(task);
    }
}

impl Executor for OnPool {
    fn block_on<T>(future: impl Future<Output = T>) -> T {
        futures_executor::block_on(future)
    }
}
