//! Tokio as a [`Runtime`], shared by its rows.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Handle, Runtime as TokioRuntime};

use workloads::{Tally, Work};

use crate::io::hyper::AsyncIo;
use crate::pull::lanes::Spawn;
use crate::runtimes::Runtime;
use crate::{Capacity, Client, Facts, Family, Heart, Setup};

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

/// A multi-threaded runtime with the workers of `setup`, and a pool for blocking calls of its limit.
pub(crate) fn multi_thread(setup: &Setup) -> Result<TokioRuntime> {
    let runtime = Builder::new_multi_thread()
        .worker_threads(setup.workers)
        .max_blocking_threads(setup.limit)
        // After the default of 10 s a parked cell would start its threads anew inside the next sample.
        .thread_keep_alive(Duration::from_secs(24 * 60 * 60))
        .enable_all()
        .build()?;
    Ok(runtime)
}

/// A runtime that lives on the thread that calls it, with the same pool for files, which it reads nowhere else.
pub(crate) fn current_thread(setup: &Setup) -> Result<TokioRuntime> {
    let runtime = Builder::new_current_thread()
        .max_blocking_threads(setup.limit)
        .thread_keep_alive(Duration::from_secs(24 * 60 * 60))
        .enable_all()
        .build()?;
    Ok(runtime)
}

/// A multi-threaded runtime with open connections: what rows have in common that differ in how they fan out.
pub(crate) struct FanOut {
    pub(crate) io: AsyncIo<OnTokio>,
    pub(crate) limit: usize,
    pub(crate) runtime: TokioRuntime,
}

impl FanOut {
    /// What such a row declares, but for its name.
    pub(crate) const FACTS: Facts = Facts {
        name: "",
        about: "",
        family: Family::Async,
        packages: &["tokio", "hyper"],
        client: Client::Hyper,
        root: "runtime worker",
        threads: "the workers",
        fan_out: "tokio::spawn",
        capacity: Capacity::Limit,
        quantum: Duration::from_millis(1),
        lacks: &[],
        advisory: None,
    };

    pub(crate) fn open(setup: &Setup) -> Result<Self> {
        let runtime = multi_thread(setup)?;
        let io = runtime.block_on(AsyncIo::open(OnTokio, setup))?;
        Ok(FanOut {
            io,
            limit: setup.limit,
            runtime,
        })
    }

    /// Starts a heartbeat beside the units, as a task among theirs.
    pub(crate) fn beside(&self, heart: Heart) -> Result<()> {
        self.runtime.spawn(heart.live_on(OnTokio));
        Ok(())
    }

    /// Runs all of the work as one future on a worker, where it may spawn.
    pub(crate) fn run<W: Work, F>(
        &self,
        work: &W,
        all: fn(Arc<W>, AsyncIo<OnTokio>, usize) -> F,
    ) -> Result<Tally>
    where
        F: Future<Output = Result<Tally>> + Send + 'static,
    {
        let root = all(Arc::new(work.clone()), self.io.clone(), self.limit);
        self.runtime.block_on(self.runtime.spawn(root))?
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
