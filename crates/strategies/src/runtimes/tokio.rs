//! Tokio as a [`Runtime`], and what its rows share.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Handle, Runtime as TokioRuntime};
use workloads::{Io, Tally, Work};

use crate::io::hyper::AsyncIo;
use crate::pull::lanes::{Lanes, Spawn};
use crate::runtimes::Runtime;
use crate::{Facts, Heartbeat, Manner, Setup};

/// The runtime whose context the caller is in.
#[derive(Clone, Copy)]
pub(crate) struct OnTokio;

impl Spawn for OnTokio {
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        tokio::spawn(task);
    }
}

impl Runtime for OnTokio {
    type Stream = TokioIo<TcpStream>;

    async fn connect(&self, server: SocketAddr) -> std::io::Result<Self::Stream> {
        let stream = TcpStream::connect(server).await?;
        stream.set_nodelay(true)?;
        Ok(TokioIo::new(stream))
    }

    fn sleep_until(&self, at: Instant) -> impl Future<Output = ()> + Send {
        tokio::time::sleep_until(at.into())
    }

    fn read(&self, path: &Path) -> impl Future<Output = std::io::Result<Vec<u8>>> + Send {
        tokio::fs::read(path.to_owned())
    }

    fn reenter(&self, duration: Duration) {
        Handle::current().block_on(tokio::time::sleep(duration));
    }
}

/// Where the root of a row runs that holds all units in one task. It is spawned, and not what `block_on` polls, which matters where
/// the budget of a task is used up: a worker defers the wake-ups of futures that are pending for want of budget. `FuturesUnordered`,
/// which is in `join_all` too, does not see them and polls all other ready futures in vain before it yields. Outside of the workers, in
/// `block_on`, they are woken at once, and it yields after the second one.
pub(crate) const ONE_TASK: &str = "runtime worker, as one spawned task";

/// What such a row declares. The budget is that of `tokio::task::coop`: after 128 operations of tokio's own in one poll of a task, all
/// further ones are pending, whether they are ready or not.
pub(crate) const IN_ONE_TASK: Manner = Manner {
    funnel: Some("one task, which one worker polls at a time"),
    budget: Some(128),
    ..Manner::PLAIN
};

/// A multi-threaded runtime with the workers of `setup`, and a pool for blocking calls of its limit.
pub(crate) fn multi_thread(setup: &Setup) -> Result<TokioRuntime> {
    let runtime = Builder::new_multi_thread()
        .worker_threads(setup.workers)
        .max_blocking_threads(setup.limit)
        // With the default of 10 s, a cell that waited longer would start its threads again inside the next sample.
        .thread_keep_alive(Duration::from_secs(24 * 60 * 60))
        .enable_all()
        .build()?;
    Ok(runtime)
}

/// A runtime on the calling thread, with the same pool for blocking calls. Tokio reads files only there.
pub(crate) fn current_thread(setup: &Setup) -> Result<TokioRuntime> {
    let runtime = Builder::new_current_thread()
        .max_blocking_threads(setup.limit)
        .thread_keep_alive(Duration::from_secs(24 * 60 * 60))
        .enable_all()
        .build()?;
    Ok(runtime)
}

/// A multi-threaded runtime and a client whose units are tasks on its workers.
pub(crate) struct Workers<I> {
    pub(crate) io: I,
    pub(crate) limit: usize,
    pub(crate) runtime: TokioRuntime,
}

impl<I: Io + Clone + 'static> Workers<I> {
    /// Starts the runtime. `open` opens the client on it.
    pub(crate) fn open<F: Future<Output = Result<I>>>(
        setup: &Setup,
        open: impl FnOnce() -> F,
    ) -> Result<Self> {
        let runtime = multi_thread(setup)?;
        Ok(Workers {
            io: runtime.block_on(async { open().await })?,
            limit: setup.limit,
            runtime,
        })
    }

    /// Runs all of the work on lanes.
    pub(crate) fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        let (lanes, finished) = Lanes::new(work, self.io.clone(), OnTokio, self.limit);
        self.runtime.spawn(lanes.on_a_task());
        self.runtime.block_on(finished.tally())
    }

    /// Runs all of the work as one future on a worker, where it may spawn.
    pub(crate) fn run_in_one_task<W: Work, F>(
        &self,
        work: &W,
        all: fn(Arc<W>, I, usize) -> F,
    ) -> Result<Tally>
    where
        F: Future<Output = Result<Tally>> + Send + 'static,
    {
        let root = all(Arc::new(work.clone()), self.io.clone(), self.limit);
        self.runtime.block_on(self.runtime.spawn(root))?
    }

    /// Starts a heartbeat beside the units, as a task among theirs.
    pub(crate) fn beside(&self, heartbeat: Heartbeat) -> Result<()> {
        self.runtime.spawn(heartbeat.beat_on(OnTokio));
        Ok(())
    }
}

impl Workers<AsyncIo<OnTokio>> {
    /// What a row over the shared client declares, except its name.
    pub(crate) const FACTS: Facts = Facts {
        packages: &["tokio", "hyper"],
        root: "runtime worker",
        threads: "the workers",
        fan_out: "tokio::spawn",
        quantum: Duration::from_millis(1),
        ..Facts::nonblocking("", "")
    };

    /// The same with the shared client.
    pub(crate) fn with_hyper(setup: &Setup) -> Result<Self> {
        Workers::open(setup, || AsyncIo::open(OnTokio, setup))
    }
}

/// A runtime on the calling thread and a client whose units are tasks on it.
pub(crate) struct OneThread<I> {
    pub(crate) io: I,
    pub(crate) limit: usize,
    pub(crate) runtime: TokioRuntime,
}

impl<I: Io + Clone + 'static> OneThread<I> {
    /// Starts the runtime. `open` opens the client on it.
    pub(crate) fn open<F: Future<Output = Result<I>>>(
        setup: &Setup,
        open: impl FnOnce() -> F,
    ) -> Result<Self> {
        let runtime = current_thread(setup)?;
        Ok(OneThread {
            io: runtime.block_on(async { open().await })?,
            limit: setup.limit,
            runtime,
        })
    }

    /// Runs all of the work on lanes.
    pub(crate) fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        let (lanes, finished) = Lanes::new(work, self.io.clone(), OnTokio, self.limit);
        self.runtime.block_on(finished.after(lanes.on_a_task()))
    }

    /// Starts a heartbeat beside the units, as a task among theirs.
    pub(crate) fn beside(&self, heartbeat: Heartbeat) -> Result<()> {
        self.runtime.spawn(heartbeat.beat_on(OnTokio));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::hyper::tests::reads_whole_files;

    #[test]
    fn files_are_read_whole() {
        current_thread(&crate::tests::SETUP)
            .unwrap()
            .block_on(reads_whole_files(OnTokio));
    }
}
