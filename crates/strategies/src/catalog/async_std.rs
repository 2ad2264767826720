//! Async: async-std's global executor. It is discontinued and still in use.

use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;
use async_std::net::TcpStream;
use async_std::task;
use smol_hyper::rt::FuturesIo;
use workloads::{Tally, Work};

use crate::io::hyper::AsyncIo;
use crate::pull::lanes::{Lanes, Spawn};
use crate::runtimes::Runtime;
use crate::{Facts, Heartbeat, Setup, Strategy};

/// Tasks on async-std's global executor.
pub struct AsyncStd {
    io: AsyncIo<OnAsyncStd>,
    limit: usize,
}

impl Strategy for AsyncStd {
    const FACTS: Facts = Facts {
        packages: &["async-std", "hyper"],
        root: "executor thread",
        threads: "the workers",
        fan_out: "task::spawn",
        advisory: Some("discontinued, RUSTSEC-2025-0052"),
        ..Facts::nonblocking("async-std", "tasks on the global executor")
    };

    fn environment(setup: &Setup) -> Vec<(&'static str, String)> {
        vec![("ASYNC_STD_THREAD_COUNT", setup.workers.to_string())]
    }

    fn open(setup: &Setup) -> Result<Self> {
        let opened = task::spawn({
            let setup = setup.clone();
            async move { AsyncIo::open(OnAsyncStd, &setup).await }
        });
        Ok(AsyncStd {
            io: task::block_on(opened)?,
            limit: setup.limit,
        })
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        let (lanes, finished) = Lanes::new(work, self.io.clone(), OnAsyncStd, self.limit);
        task::spawn(lanes.on_a_task());
        finished.wait()
    }

    fn beside(&self, heartbeat: Heartbeat) -> Result<()> {
        task::spawn(heartbeat.beat_on(OnAsyncStd));
        Ok(())
    }
}

#[derive(Clone, Copy)]
struct OnAsyncStd;

impl Spawn for OnAsyncStd {
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        task::spawn(task);
    }
}

impl Runtime for OnAsyncStd {
    type Stream = FuturesIo<TcpStream>;

    async fn connect(&self, server: SocketAddr) -> std::io::Result<Self::Stream> {
        let stream = TcpStream::connect(server).await?;
        stream.set_nodelay(true)?;
        Ok(FuturesIo::new(stream))
    }

    fn sleep_until(&self, at: Instant) -> impl Future<Output = ()> + Send {
        task::sleep(at.saturating_duration_since(Instant::now()))
    }

    async fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        async_std::fs::read(path).await
    }

    fn reenter(&self, duration: Duration) {
        task::block_on(task::sleep(duration));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::hyper::tests::reads_whole_files;

    #[test]
    fn files_are_read_whole() {
        task::block_on(reads_whole_files(OnAsyncStd));
    }
}
