//! The other remedy: a task says that it will block, and tokio moves the other tasks to another thread.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;
use bytes::Bytes;
use tokio::runtime::Runtime;
use tokio::task::block_in_place;
use workloads::{Io, Request, Response, Tally, Work};

use crate::pull::lanes::Lanes;
use crate::runtimes::tokio::{OnTokio, multi_thread};
use crate::{
    BLOCKING_LACKS, BlockingIo, Capacity, Client, Facts, Family, Heart, Setup, Strategy, ready,
};

/// Tasks that call a blocking client inside `block_in_place`.
pub struct TokioBlockInPlace {
    io: InPlace,
    limit: usize,
    runtime: Runtime,
}

impl Strategy for TokioBlockInPlace {
    const FACTS: Facts = Facts {
        name: "tokio-block-in-place",
        about: "a remedy: block_in_place around each blocking call, which costs a thread hand-over",
        family: Family::BlockingInExecutor,
        packages: &["tokio"],
        client: Client::Ureq,
        root: "runtime worker",
        threads: "the workers, replaced while they block",
        fan_out: "tokio::spawn",
        capacity: Capacity::Limit,
        quantum: Duration::ZERO,
        lacks: BLOCKING_LACKS,
        advisory: None,
    };

    fn open(setup: &Setup) -> Result<Self> {
        Ok(TokioBlockInPlace {
            io: InPlace(BlockingIo::open(setup)?),
            limit: setup.limit,
            runtime: multi_thread(setup)?,
        })
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        let (lanes, finished) = Lanes::new(work, self.io.clone(), OnTokio, self.limit);
        self.runtime.spawn(lanes.on_a_task());
        self.runtime.block_on(finished.tally())
    }

    fn beside(&self, heart: Heart) -> Result<()> {
        self.runtime.spawn(heart.live_on(OnTokio));
        Ok(())
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
}
