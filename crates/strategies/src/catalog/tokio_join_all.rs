//! Fan-out: `join_all`, which has no limit of its own, so it is called once per wave of the limit.

use std::sync::Arc;

use anyhow::Result;
use futures_util::future::join_all;
use workloads::{Tally, Unit, Work};

use crate::io::hyper::AsyncIo;
use crate::pull::queue::{Queue, one};
use crate::runtimes::tokio::{IN_ONE_TASK, ONE_TASK, OnTokio, Workers};
use crate::{Facts, Heartbeat, Manner, Setup, Strategy};

/// Units in waves of the limit, each joined as a whole.
pub struct TokioJoinAll(Workers<AsyncIo<OnTokio>>);

impl Strategy for TokioJoinAll {
    const FACTS: Facts = Facts {
        name: "tokio-join-all",
        about: "fan-out by join_all: all units in one task, as many at a time as the limit, then the next as many",
        packages: &["tokio", "hyper", "futures-util"],
        fan_out: "join_all",
        root: ONE_TASK,
        manner: Manner {
            waves: true,
            ..IN_ONE_TASK
        },
        ..Workers::FACTS
    };

    fn open(setup: &Setup) -> Result<Self> {
        Workers::with_hyper(setup).map(TokioJoinAll)
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
        for wave in known.chunks(limit) {
            let units = wave
                .iter()
                .map(|unit| one(Arc::clone(&work), io.clone(), *unit));
            for done in join_all(units).await {
                queue.book(done?);
            }
        }
    }
}
