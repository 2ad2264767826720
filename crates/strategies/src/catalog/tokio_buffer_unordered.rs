//! Fan-out: a stream with `buffer_unordered`, all units inside one task.

use std::sync::Arc;

use anyhow::Result;
use futures_util::{StreamExt, stream};
use workloads::{Tally, Unit, Work};

use crate::io::hyper::AsyncIo;
use crate::pull::queue::{Queue, one};
use crate::runtimes::tokio::{IN_ONE_TASK, ONE_TASK, OnTokio, Workers};
use crate::{Facts, Heartbeat, Setup, Strategy};

/// Units as a buffered stream; what they uncover is the next stream.
pub struct TokioBufferUnordered(Workers<AsyncIo<OnTokio>>);

impl Strategy for TokioBufferUnordered {
    const FACTS: Facts = Facts {
        name: "tokio-buffer-unordered",
        about: "fan-out by buffer_unordered(limit) over a stream of units, all in one task",
        packages: &["tokio", "hyper", "futures-util"],
        fan_out: "buffer_unordered",
        root: ONE_TASK,
        manner: IN_ONE_TASK,
        ..Workers::FACTS
    };

    fn open(setup: &Setup) -> Result<Self> {
        Workers::with_hyper(setup).map(TokioBufferUnordered)
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        self.0.run_in_one_task(work, all)
    }

    fn beside(&self, heartbeat: Heartbeat) -> Result<()> {
        self.0.beside(heartbeat)
    }
}

async fn all<W: Work>(work: Arc<W>, io: AsyncIo<OnTokio>, limit: usize) -> Result<Tally> {
    let mut queue = Queue::of(&*work);
    loop {
        let known: Vec<Unit> = queue.by_ref().collect();
        if known.is_empty() {
            return Ok(queue.tally());
        }
        let units = known
            .into_iter()
            .map(|unit| one(Arc::clone(&work), io.clone(), unit));
        let mut buffered = stream::iter(units).buffer_unordered(limit);
        while let Some(done) = buffered.next().await {
            queue.book(done?);
        }
    }
}
