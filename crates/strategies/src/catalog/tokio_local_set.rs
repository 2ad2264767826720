//! Async: tokio's set of tasks that never leave their thread.

use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;
use tokio::runtime::Runtime as TokioRuntime;
use tokio::task::{LocalSet, spawn_local};
use workloads::{Tally, Work};

use crate::io::hyper::AsyncIo;
use crate::pull::lanes::{Lanes, Spawn};
use crate::runtimes::Runtime;
use crate::runtimes::tokio::{OnTokio, current_thread};
use crate::{Facts, Heartbeat, Manner, Setup, Strategy};

/// Local tasks on the calling thread.
pub struct TokioLocalSet {
    io: AsyncIo<OnLocalSet>,
    limit: usize,
    tasks: LocalSet,
    runtime: TokioRuntime,
}

impl Strategy for TokioLocalSet {
    const FACTS: Facts = Facts {
        packages: &["tokio", "hyper"],
        root: "calling thread, in block_on",
        threads: "the calling thread",
        fan_out: "spawn_local",
        quantum: Duration::from_millis(1),
        manner: Manner::ON_ONE_THREAD,
        ..Facts::nonblocking(
            "tokio-local-set",
            "spawn_local on a LocalSet, all on one thread",
        )
    };

    fn open(setup: &Setup) -> Result<Self> {
        let (runtime, tasks) = (current_thread(setup)?, LocalSet::new());
        let io = tasks.block_on(&runtime, AsyncIo::open(OnLocalSet, setup))?;
        Ok(TokioLocalSet {
            io,
            limit: setup.limit,
            tasks,
            runtime,
        })
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        let (lanes, finished) = Lanes::new(work, self.io.clone(), OnLocalSet, self.limit);
        self.tasks
            .block_on(&self.runtime, finished.after(lanes.on_a_task()))
    }

    fn beside(&self, heartbeat: Heartbeat) -> Result<()> {
        self.tasks.spawn_local(heartbeat.beat_on(OnLocalSet));
        Ok(())
    }
}

/// The set whose context the caller is in.
#[derive(Clone, Copy)]
struct OnLocalSet;

impl Spawn for OnLocalSet {
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        spawn_local(task);
    }
}

impl Runtime for OnLocalSet {
    type Stream = <OnTokio as Runtime>::Stream;

    fn connect(
        &self,
        server: SocketAddr,
    ) -> impl Future<Output = std::io::Result<Self::Stream>> + Send {
        OnTokio.connect(server)
    }

    fn sleep_until(&self, at: Instant) -> impl Future<Output = ()> + Send {
        OnTokio.sleep_until(at)
    }

    fn read(&self, path: &Path) -> impl Future<Output = std::io::Result<Vec<u8>>> + Send {
        OnTokio.read(path)
    }

    fn reenter(&self, duration: Duration) {
        OnTokio.reenter(duration);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::hyper::tests::reads_whole_files;

    #[test]
    fn files_are_read_whole() {
        let runtime = current_thread(&crate::tests::SETUP).unwrap();
        LocalSet::new().block_on(&runtime, reads_whole_files(OnLocalSet));
    }
}
