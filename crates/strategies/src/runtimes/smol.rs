//! smol's executor on threads of its own, for the rows that run on it.

use std::sync::Arc;
use std::thread::{self, JoinHandle};

use anyhow::{Context, Result};
use smol::Executor as SmolExecutor;
use smol::channel::Sender;
use workloads::{Io, Tally, Work};

use crate::pull::lanes::{Lanes, Spawn};
use crate::runtimes::async_io::{Executor, OnAsyncIo};
use crate::{Heartbeat, Setup};

/// An explicit executor. The global one would have a single thread.
#[derive(Clone, Default)]
pub(crate) struct OnSmol(Arc<SmolExecutor<'static>>);

impl Spawn for OnSmol {
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.0.spawn(task).detach();
    }
}

impl Executor for OnSmol {}

/// An executor with its threads, and a client whose units are tasks on it.
pub(crate) struct Workers<I> {
    io: I,
    limit: usize,
    runtime: OnAsyncIo<OnSmol>,
    // Declared last, so dropped last: the threads end when the connections are closed.
    _threads: Threads,
}

impl<I: Io + Clone + 'static> Workers<I> {
    /// Starts the threads. `open` runs on one of them and opens the client.
    pub(crate) fn open<F>(
        setup: &Setup,
        open: impl FnOnce(OnAsyncIo<OnSmol>, Setup) -> F,
    ) -> Result<Self>
    where
        F: Future<Output = Result<I>> + Send + 'static,
    {
        let executor = OnSmol::default();
        let threads = Threads::start(&executor, setup.workers)?;
        let runtime = OnAsyncIo(executor);
        let opened = runtime.0.0.spawn(open(runtime.clone(), setup.clone()));
        Ok(Workers {
            io: smol::future::block_on(opened)?,
            limit: setup.limit,
            runtime,
            _threads: threads,
        })
    }

    /// Runs all of the work on lanes.
    pub(crate) fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        let (lanes, finished) = Lanes::new(work, self.io.clone(), self.runtime.clone(), self.limit);
        self.runtime.spawn(lanes.on_a_task());
        finished.wait()
    }

    /// Starts a heartbeat beside the units, as a task among theirs.
    pub(crate) fn beside(&self, heartbeat: Heartbeat) -> Result<()> {
        self.runtime.spawn(heartbeat.beat_on(self.runtime.clone()));
        Ok(())
    }
}

/// The threads that run the executor, until the sender is dropped.
struct Threads {
    stop: Option<Sender<()>>,
    threads: Vec<JoinHandle<()>>,
}

impl Threads {
    fn start(on: &OnSmol, workers: usize) -> Result<Self> {
        let (stop, stopped) = smol::channel::bounded::<()>(1);
        let start = |number| {
            let (executor, stopped) = (Arc::clone(&on.0), stopped.clone());
            let run = move || {
                // Nothing is ever sent. The receiver returns when the sender is gone.
                let _ = smol::block_on(executor.run(stopped.recv()));
            };
            thread::Builder::new()
                .name(format!("smol-{number}"))
                .spawn(run)
                .context("cannot start an executor thread")
        };
        Ok(Threads {
            threads: (0..workers).map(start).collect::<Result<_>>()?,
            stop: Some(stop),
        })
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        self.stop = None;
        for thread in self.threads.drain(..) {
            // A thread that ended by a panic has already said so.
            let _ = thread.join();
        }
    }
}
