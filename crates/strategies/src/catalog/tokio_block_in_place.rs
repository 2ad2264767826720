//! Executor, the remedy: a task announces that it will block, and tokio moves the other tasks to another thread.

use std::path::Path;
use std::time::Instant;

use anyhow::Result;
use bytes::Bytes;
use tokio::task::block_in_place;
use workloads::{Io, Request, Response, Tally, Work};

use crate::runtimes::tokio::Workers;
use crate::{BlockingIo, Facts, Family, Heartbeat, Setup, Strategy, ready};

/// Tasks that call a blocking client inside `block_in_place`.
pub struct TokioBlockInPlace(Workers<InPlace>);

impl Strategy for TokioBlockInPlace {
    const FACTS: Facts = Facts {
        family: Family::BlockingInExecutor,
        packages: &["tokio"],
        root: "runtime worker",
        threads: "the workers, replaced while they block",
        fan_out: "tokio::spawn",
        ..Facts::blocking(
            "tokio-block-in-place",
            "a remedy: block_in_place around each blocking call, which costs a thread hand-over",
        )
    };

    fn open(setup: &Setup) -> Result<Self> {
        Workers::open(setup, || async { BlockingIo::open(setup).map(InPlace) })
            .map(TokioBlockInPlace)
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        self.0.run(work)
    }

    fn beside(&self, heartbeat: Heartbeat) -> Result<()> {
        self.0.beside(heartbeat)
    }
}

#[derive(Clone)]
struct InPlace(BlockingIo);

impl Io for InPlace {
    async fn sleep_until(&self, at: Instant) {
        block_in_place(|| ready(self.0.sleep_until(at)));
    }

    async fn fetch(&self, request: Request) -> Result<Response> {
        block_in_place(|| ready(self.0.fetch(request)))
    }

    async fn stream(&self, request: Request, piece: impl FnMut(&[u8]) + Send) -> Result<u16> {
        block_in_place(|| ready(self.0.stream(request, piece)))
    }

    async fn read(&self, path: &Path) -> Result<Bytes> {
        block_in_place(|| ready(self.0.read(path)))
    }

    async fn wait(&self, what: impl Future<Output = ()> + Send) {
        block_in_place(|| ready(self.0.wait(what)));
    }
}
