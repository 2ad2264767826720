//! Fan-out: `FuturesUnordered`, all units inside one task.

use std::sync::Arc;

use anyhow::Result;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use workloads::{Tally, Work};

use crate::io::hyper::AsyncIo;
use crate::pull::queue::{Queue, one};
use crate::runtimes::tokio::{IN_ONE_TASK, ONE_TASK, OnTokio, Workers};
use crate::{Facts, Heartbeat, Setup, Strategy};

/// Units in a `FuturesUnordered` that is never larger than the limit.
pub struct TokioFuturesUnordered(Workers<AsyncIo<OnTokio>>);

impl Strategy for TokioFuturesUnordered {
    const FACTS: Facts = Facts {
        name: "tokio-futures-unordered",
        about: "fan-out by FuturesUnordered: all units in one task, the next one pushed when one has ended",
        packages: &["tokio", "hyper", "futures-util"],
        fan_out: "FuturesUnordered",
        root: ONE_TASK,
        manner: IN_ONE_TASK,
        ..Workers::FACTS
    };

    fn open(setup: &Setup) -> Result<Self> {
        Workers::with_hyper(setup).map(TokioFuturesUnordered)
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
    let mut units = FuturesUnordered::new();
    loop {
        while units.len() < limit
            && let Some(unit) = queue.next()
        {
            units.push(one(Arc::clone(&work), io.clone(), unit));
        }
        let Some(done) = units.next().await else {
            return Ok(queue.tally());
        };
        queue.book(done?);
    }
}
