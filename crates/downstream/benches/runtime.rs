//! A runtime of one's own: one executor on one thread, in the parts that smol is made of.

use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_executor::Executor;
use async_io::{Async, Timer, block_on};
use makespan::strategy::seam::{AsyncIo, FuturesIo, Lanes, Runtime, Spawn};
use makespan::strategy::{Facts, Heartbeat, Result, Setup, Strategy, Tally, Work};

/// An executor that lives where it is run.
#[derive(Clone)]
struct Mine(Arc<Executor<'static>>);

impl Spawn for Mine {
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.0.spawn(task).detach();
    }
}

impl Runtime for Mine {
    type Stream = FuturesIo<Async<TcpStream>>;

    async fn connect(&self, server: SocketAddr) -> std::io::Result<Self::Stream> {
        let stream = Async::<TcpStream>::connect(server).await?;
        stream.get_ref().set_nodelay(true)?;
        Ok(FuturesIo::new(stream))
    }

    async fn sleep_until(&self, at: Instant) {
        Timer::at(at).await;
    }

    async fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        std::fs::read(path)
    }

    fn reenter(&self, duration: Duration) {
        block_on(Timer::after(duration));
    }
}

/// Tasks on that executor.
struct OnMine {
    io: AsyncIo<Mine>,
    runtime: Mine,
    limit: usize,
}

impl Strategy for OnMine {
    const FACTS: Facts = Facts::nonblocking("mine", "tasks on an executor of one's own");

    fn open(setup: &Setup) -> Result<Self> {
        let runtime = Mine(Arc::default());
        let io = block_on(runtime.0.run(AsyncIo::open(runtime.clone(), setup)))?;
        Ok(OnMine {
            io,
            runtime,
            limit: setup.limit,
        })
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        let (lanes, finished) = Lanes::new(work, self.io.clone(), self.runtime.clone(), self.limit);
        block_on(self.runtime.0.run(finished.after(lanes.on_a_task())))
    }

    fn beside(&self, heartbeat: Heartbeat) -> Result<()> {
        self.runtime.spawn(heartbeat.beat_on(self.runtime.clone()));
        Ok(())
    }
}

makespan::bench! {
    workloads: [],
    strategies: [OnMine],
}
