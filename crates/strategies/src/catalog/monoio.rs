//! io_uring: monoio, on one thread.

use std::cell::RefCell;
use std::net::SocketAddr;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use hyper_util::rt::TokioIo;
use monoio::net::TcpStream;
use monoio::time::TimeDriver;
use monoio::{IoUringDriver, RuntimeBuilder};
use monoio_compat::TcpStreamCompat;
use send_wrapper::SendWrapper;
use workloads::{Tally, Work};

use crate::pull::lanes::{Lanes, Spawn};
use crate::runtimes::Runtime;
use crate::runtimes::closing::Connections;
use crate::runtimes::one_thread::{Local, io_uring};
use crate::{Facts, Heartbeat, Manner, Setup, Strategy};

/// Tasks on monoio's runtime, on the calling thread.
pub struct Monoio {
    connections: Connections<OnMonoio>,
    limit: usize,
    runtime: RefCell<MonoioRuntime>,
}

/// The driver is in the type: there is no other to fall back to.
type MonoioRuntime = monoio::Runtime<TimeDriver<IoUringDriver>>;

impl Strategy for Monoio {
    const FACTS: Facts = Facts {
        packages: &["monoio", "hyper"],
        root: "calling thread, in block_on",
        threads: "the calling thread",
        fan_out: "monoio::spawn",
        quantum: Duration::from_millis(1),
        manner: Manner::ON_ONE_THREAD,
        ..Facts::nonblocking(
            "monoio",
            "tasks on the calling thread; io_uring and never another driver",
        )
    };

    fn supported() -> Result<()> {
        io_uring("5.6")?;
        start().map(drop)
    }

    fn open(setup: &Setup) -> Result<Self> {
        let mut runtime = start()?;
        let connections = runtime.block_on(Connections::open(OnMonoio, setup))?;
        Ok(Monoio {
            connections,
            limit: setup.limit,
            runtime: RefCell::new(runtime),
        })
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        let (lanes, finished) = Lanes::new(work, self.connections.io(), OnMonoio, self.limit);
        let run = finished.after(lanes.on_a_task());
        self.runtime.borrow_mut().block_on(run)
    }

    fn beside(&self, heartbeat: Heartbeat) -> Result<()> {
        let start = async { OnMonoio.spawn(heartbeat.beat_on(OnMonoio)) };
        self.runtime.borrow_mut().block_on(start);
        Ok(())
    }
}

impl Drop for Monoio {
    fn drop(&mut self) {
        if !thread::panicking() {
            self.runtime.get_mut().block_on(self.connections.close());
        }
    }
}

fn start() -> Result<MonoioRuntime> {
    RuntimeBuilder::<IoUringDriver>::new()
        .enable_timer()
        .build()
        .context("cannot start monoio over io_uring")
}

/// The runtime that drives the calling task.
#[derive(Clone, Copy)]
struct OnMonoio;

impl Spawn for OnMonoio {
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        monoio::spawn(task);
    }
}

impl Runtime for OnMonoio {
    type Stream = Local<TokioIo<TcpStreamCompat>>;

    fn connect(
        &self,
        server: SocketAddr,
    ) -> impl Future<Output = std::io::Result<Self::Stream>> + Send {
        SendWrapper::new(async move {
            let stream = TcpStream::connect(server).await?;
            stream.set_nodelay(true)?;
            Ok(Local::new(TokioIo::new(TcpStreamCompat::new(stream))))
        })
    }

    fn sleep_until(&self, at: Instant) -> impl Future<Output = ()> + Send {
        SendWrapper::new(monoio::time::sleep_until(at.into()))
    }

    fn read(&self, path: &Path) -> impl Future<Output = std::io::Result<Vec<u8>>> + Send {
        SendWrapper::new(monoio::fs::read(path))
    }

    fn reenter(&self, duration: Duration) {
        // A task cannot reach the runtime that runs it.
        let mut runtime = start().expect("there was one already");
        runtime.block_on(async { monoio::time::sleep(duration).await });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::hyper::tests::reads_whole_files;

    #[test]
    fn files_are_read_whole() {
        if Monoio::supported().is_ok() {
            start().unwrap().block_on(reads_whole_files(OnMonoio));
        }
    }
}
