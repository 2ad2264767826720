//! Fan-out: `JoinSet`, a task per unit, joined as they end.

use std::sync::Arc;

use anyhow::Result;
use tokio::task::JoinSet;
use workloads::{Tally, Work};

use crate::io::hyper::AsyncIo;
use crate::pull::queue::{Queue, one};
use crate::runtimes::tokio::{OnTokio, Workers};
use crate::{Facts, Heartbeat, Setup, Strategy};

/// Units in a `JoinSet` that is never larger than the limit.
pub struct TokioJoinSet(Workers<AsyncIo<OnTokio>>);

impl Strategy for TokioJoinSet {
    const FACTS: Facts = Facts {
        name: "tokio-join-set",
        about: "fan-out by JoinSet: a task per unit, the next one spawned when one has been joined",
        fan_out: "JoinSet",
        ..Workers::FACTS
    };

    fn open(setup: &Setup) -> Result<Self> {
        Workers::with_hyper(setup).map(TokioJoinSet)
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
    let mut tasks = JoinSet::new();
    loop {
        while tasks.len() < limit
            && let Some(unit) = queue.next()
        {
            tasks.spawn(one(Arc::clone(&work), io.clone(), unit));
        }
        let Some(joined) = tasks.join_next().await else {
            return Ok(queue.tally());
        };
        queue.book(joined??);
    }
}
