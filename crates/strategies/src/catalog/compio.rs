//! io_uring: compio, on one thread.

use std::net::SocketAddr;
use std::path::Path;
use std::pin::Pin;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use compio::io::compat::AsyncStream;
use compio::net::TcpStream;
use compio::runtime::Runtime as CompioRuntime;
use send_wrapper::SendWrapper;
use smol_hyper::rt::FuturesIo;
use workloads::{Tally, Work};

use crate::io::hyper::AsyncIo;
use crate::pull::lanes::{Lanes, Spawn};
use crate::runtimes::Runtime;
use crate::runtimes::one_thread::{Local, io_uring};
use crate::{Facts, Heartbeat, Manner, Setup, Strategy};

/// Tasks on compio's runtime, on the calling thread.
pub struct Compio {
    io: AsyncIo<OnCompio>,
    limit: usize,
    // Declared last, so dropped last: it ends the tasks that hold the sockets.
    runtime: CompioRuntime,
}

impl Strategy for Compio {
    const FACTS: Facts = Facts {
        packages: &["compio", "hyper"],
        root: "calling thread, in block_on",
        threads: "the calling thread",
        fan_out: "runtime::spawn",
        manner: Manner::ON_ONE_THREAD,
        ..Facts::nonblocking(
            "compio",
            "tasks on the calling thread; io_uring and never another driver",
        )
    };

    fn supported() -> Result<()> {
        io_uring("5.11")?;
        start().map(drop)
    }

    fn open(setup: &Setup) -> Result<Self> {
        let runtime = start()?;
        let io = runtime.block_on(AsyncIo::open(OnCompio, setup))?;
        Ok(Compio {
            io,
            limit: setup.limit,
            runtime,
        })
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        let (lanes, finished) = Lanes::new(work, self.io.clone(), OnCompio, self.limit);
        self.runtime.block_on(finished.after(lanes.on_a_task()))
    }

    fn beside(&self, heartbeat: Heartbeat) -> Result<()> {
        self.runtime.spawn(heartbeat.beat_on(OnCompio)).detach();
        Ok(())
    }
}

/// A runtime over io_uring. No other driver is compiled, unless another crate turns on a second one; then the library would choose.
fn start() -> Result<CompioRuntime> {
    let runtime = CompioRuntime::new().context("cannot start compio over io_uring")?;
    let driver = runtime.driver_type();
    ensure!(
        driver.is_iouring(),
        "compio chose its driver {driver:?} instead of io_uring"
    );
    Ok(runtime)
}

/// The runtime that drives the calling task.
#[derive(Clone, Copy)]
struct OnCompio;

impl Spawn for OnCompio {
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        compio::runtime::spawn(task).detach();
    }
}

impl Runtime for OnCompio {
    type Stream = Local<FuturesIo<Pin<Box<AsyncStream<TcpStream>>>>>;

    fn connect(
        &self,
        server: SocketAddr,
    ) -> impl Future<Output = std::io::Result<Self::Stream>> + Send {
        SendWrapper::new(async move {
            let stream = TcpStream::connect(server).await?;
            stream.set_nodelay(true)?;
            Ok(Local::new(FuturesIo::new(Box::pin(AsyncStream::new(
                stream,
            )))))
        })
    }

    fn sleep_until(&self, at: Instant) -> impl Future<Output = ()> + Send {
        SendWrapper::new(compio::time::sleep_until(at))
    }

    fn read(&self, path: &Path) -> impl Future<Output = std::io::Result<Vec<u8>>> + Send {
        SendWrapper::new(compio::fs::read(path))
    }

    fn reenter(&self, duration: Duration) {
        CompioRuntime::with_current(|runtime| runtime.block_on(compio::time::sleep(duration)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::hyper::tests::reads_whole_files;

    #[test]
    fn files_are_read_whole() {
        if Compio::supported().is_ok() {
            start().unwrap().block_on(reads_whole_files(OnCompio));
        }
    }
}
