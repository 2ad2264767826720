//! io_uring: glommio, on one thread. It knows no other driver.

use std::cell::Cell;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use anyhow::{Error, Result, anyhow, ensure};
use glommio::io::BufferedFile;
use glommio::net::TcpStream;
use glommio::timer::Timer;
use glommio::{LocalExecutor, LocalExecutorBuilder, Placement};
use send_wrapper::SendWrapper;
use smol_hyper::rt::FuturesIo;
use workloads::{Tally, Work};

use crate::pull::lanes::{Lanes, Spawn};
use crate::runtimes::Runtime;
use crate::runtimes::closing::Connections;
use crate::runtimes::one_thread::{Local, io_uring};
use crate::{Facts, Heartbeat, Manner, Setup, Strategy};

/// Tasks on glommio's executor, on the calling thread.
pub struct Glommio {
    connections: Connections<OnGlommio>,
    limit: usize,
    executor: LocalExecutor,
    /// Whether a run has begun and not returned. A run in which a unit panics never returns, and the executor loses its queue of tasks.
    runs: Cell<bool>,
}

impl Strategy for Glommio {
    const FACTS: Facts = Facts {
        packages: &["glommio", "hyper"],
        root: "calling thread, in run",
        threads: "the calling thread",
        fan_out: "spawn_local",
        manner: Manner::ON_ONE_THREAD,
        ..Facts::nonblocking(
            "glommio",
            "tasks on an executor on the calling thread; it knows io_uring only",
        )
    };

    fn supported() -> Result<()> {
        // Each executor leaks a descriptor when it ends, so support is checked only once.
        static HERE: OnceLock<Result<(), String>> = OnceLock::new();
        let here = || io_uring("5.8").and_then(|()| start().map(drop));
        let here = HERE.get_or_init(|| here().map_err(|error| format!("{error:#}")));
        here.clone().map_err(Error::msg)
    }

    fn open(setup: &Setup) -> Result<Self> {
        let executor = start()?;
        let connections = executor.run(Connections::open(OnGlommio, setup))?;
        Ok(Glommio {
            connections,
            limit: setup.limit,
            executor,
            runs: Cell::new(false),
        })
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        let (lanes, finished) = Lanes::new(work, self.connections.io(), OnGlommio, self.limit);
        ensure!(
            !self.runs.replace(true),
            "glommio's executor does not survive a panic"
        );
        let tally = self.executor.run(finished.after(lanes.on_a_task()));
        self.runs.set(false);
        tally
    }

    fn beside(&self, heartbeat: Heartbeat) -> Result<()> {
        let start = async { OnGlommio.spawn(heartbeat.beat_on(OnGlommio)) };
        self.executor.run(start);
        Ok(())
    }
}

impl Drop for Glommio {
    fn drop(&mut self) {
        // An executor that has lost its tasks would wait for them forever.
        if !self.runs.get() {
            self.executor.run(self.connections.close());
        }
    }
}

/// An executor without a processor of its own, as all other strategies have it.
fn start() -> Result<LocalExecutor> {
    LocalExecutorBuilder::new(Placement::Unbound)
        .make()
        .map_err(|error| {
            anyhow!(
                "cannot start glommio, which wants 512 KiB of locked memory (`ulimit -l`): {error}"
            )
        })
}

/// The executor that runs the calling task.
#[derive(Clone, Copy)]
struct OnGlommio;

impl Spawn for OnGlommio {
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        glommio::spawn_local(task).detach();
    }
}

impl Runtime for OnGlommio {
    type Stream = Local<FuturesIo<TcpStream>>;

    fn connect(
        &self,
        server: SocketAddr,
    ) -> impl Future<Output = std::io::Result<Self::Stream>> + Send {
        SendWrapper::new(async move {
            let stream = TcpStream::connect(server).await?;
            stream.set_nodelay(true)?;
            Ok(Local::new(FuturesIo::new(stream)))
        })
    }

    fn sleep_until(&self, at: Instant) -> impl Future<Output = ()> + Send {
        SendWrapper::new(async move {
            Timer::new(at.saturating_duration_since(Instant::now())).await;
        })
    }

    fn read(&self, path: &Path) -> impl Future<Output = std::io::Result<Vec<u8>>> + Send {
        SendWrapper::new(async move {
            let file = BufferedFile::open(path).await?;
            let mut bytes = Vec::new();
            loop {
                // A file may be longer than its size says, as those in /proc are.
                let piece = file.read_at(bytes.len() as u64, PIECE).await?;
                if piece.is_empty() {
                    break;
                }
                bytes.extend_from_slice(&piece);
            }
            file.close().await?;
            Ok(bytes)
        })
    }

    fn reenter(&self, duration: Duration) {
        // A task cannot reach the executor that runs it.
        let executor = start().expect("there was one already");
        executor.run(async { Timer::new(duration).await });
    }
}

/// Bytes of a file that are read at a time.
const PIECE: usize = 64 * 1024;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::hyper::tests::reads_whole_files;

    #[test]
    fn files_are_read_whole() {
        if Glommio::supported().is_ok() {
            start().unwrap().run(reads_whole_files(OnGlommio));
        }
    }
}
