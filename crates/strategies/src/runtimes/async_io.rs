//! smol's executor as a [`Runtime`], shared by its rows.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use futures_util::FutureExt;
use smol::channel::Sender;
use smol::net::TcpStream;
use smol::{Executor, Timer};
use smol_hyper::rt::FuturesIo;

use crate::pull::lanes::Spawn;
use crate::runtimes::Runtime;

/// The threads that run the executor, until the sender is dropped.
pub(crate) struct Threads {
    stop: Option<Sender<()>>,
    threads: Vec<JoinHandle<()>>,
}

impl Threads {
    pub(crate) fn start(on: &OnSmol, workers: usize) -> Result<Self> {
        let (stop, stopped) = smol::channel::bounded::<()>(1);
        let start = |number| {
            let (executor, stopped) = (Arc::clone(&on.0), stopped.clone());
            let run = move || {
                // Nothing is ever sent: the only news is that the sender is gone.
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

/// An explicit executor, because the global one would have a single thread.
#[derive(Clone, Default)]
pub(crate) struct OnSmol(pub(crate) Arc<Executor<'static>>);

impl Spawn for OnSmol {
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.0.spawn(task).detach();
    }
}

impl Runtime for OnSmol {
    type Stream = FuturesIo<TcpStream>;

    fn connect(
        &self,
        server: SocketAddr,
    ) -> impl Future<Output = std::io::Result<Self::Stream>> + Send {
        connect(server)
    }

    fn sleep_until(&self, at: Instant) -> impl Future<Output = ()> + Send {
        sleep_until(at)
    }

    fn read(&self, path: &Path) -> impl Future<Output = std::io::Result<Vec<u8>>> + Send {
        smol::fs::read(path.to_owned())
    }

    fn reenter(&self, duration: Duration) {
        smol::block_on(Timer::after(duration));
    }
}

/// Connects a socket of async-io, which any executor can wait for.
pub(crate) async fn connect(server: SocketAddr) -> std::io::Result<FuturesIo<TcpStream>> {
    let stream = TcpStream::connect(server).await?;
    stream.set_nodelay(true)?;
    Ok(FuturesIo::new(stream))
}

/// Waits on a timer of async-io, as any executor can. Not `async`: a task would keep the deadline beside the timer.
pub(crate) fn sleep_until(at: Instant) -> impl Future<Output = ()> + Send {
    Timer::at(at).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::hyper::tests::reads_whole_files;

    #[test]
    fn files_are_read_whole() {
        smol::block_on(reads_whole_files(OnSmol::default()));
    }
}
