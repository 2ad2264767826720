//! smol's executor on threads of its own: its global one would have a single thread.

use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use smol::channel::Sender;
use smol::net::TcpStream;
use smol::{Executor, Timer};
use smol_hyper::rt::FuturesIo;
use workloads::{Tally, Work};

use crate::lanes::{Lanes, Spawn};
use crate::nonblocking::{AsyncIo, Runtime};
use crate::{Capacity, Client, Facts, Family, Setup, Strategy};

/// Tasks on an explicit executor.
pub struct Smol {
    io: AsyncIo<OnSmol>,
    limit: usize,
    runtime: OnSmol,
    // Declared last, so dropped last: the threads end when the connections are closed.
    _threads: Threads,
}

impl Strategy for Smol {
    const FACTS: Facts = Facts {
        name: "smol",
        about: "tasks on an explicit executor run by the worker threads",
        family: Family::Async,
        packages: &["smol", "async-executor", "async-io", "hyper"],
        client: Client::Hyper,
        root: "executor thread",
        capacity: Capacity::Limit,
        quantum: Duration::ZERO,
        advisory: None,
    };

    fn open(setup: &Setup) -> Result<Self> {
        let runtime = OnSmol(Arc::new(Executor::new()));
        let threads = Threads::start(&runtime.0, setup.workers)?;
        let io = smol::future::block_on(runtime.0.spawn({
            let (runtime, setup) = (runtime.clone(), setup.clone());
            async move { AsyncIo::open(runtime, &setup).await }
        }))?;
        Ok(Smol {
            io,
            limit: setup.limit,
            runtime,
            _threads: threads,
        })
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        let (lanes, finished) = Lanes::new(work, self.io.clone(), self.runtime.clone(), self.limit);
        self.runtime.spawn(async move { lanes.start() });
        finished.wait()
    }
}

/// The threads that run the executor, until the sender is dropped.
struct Threads {
    stop: Option<Sender<()>>,
    threads: Vec<JoinHandle<()>>,
}

impl Threads {
    fn start(executor: &Arc<Executor<'static>>, workers: usize) -> Result<Self> {
        let (stop, stopped) = smol::channel::bounded::<()>(1);
        let start = |number| {
            let (executor, stopped) = (Arc::clone(executor), stopped.clone());
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

#[derive(Clone)]
struct OnSmol(Arc<Executor<'static>>);

impl Spawn for OnSmol {
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.0.spawn(task).detach();
    }
}

impl Runtime for OnSmol {
    type Stream = FuturesIo<TcpStream>;

    async fn connect(&self, server: SocketAddr) -> std::io::Result<Self::Stream> {
        let stream = TcpStream::connect(server).await?;
        stream.set_nodelay(true)?;
        Ok(FuturesIo::new(stream))
    }

    async fn sleep_until(&self, at: Instant) {
        Timer::at(at).await;
    }
}
