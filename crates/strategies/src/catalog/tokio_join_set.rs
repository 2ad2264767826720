//! Fan-out by `JoinSet`: a task per unit, joined as they end.

use std::collections::VecDeque;
use std::sync::Arc;

use anyhow::Result;
use tokio::task::JoinSet;
use workloads::{Tally, Unit, Work};

use crate::io::hyper::{AsyncIo, one};
use crate::runtimes::tokio::{FanOut, OnTokio};
use crate::{Facts, Heart, Setup, Strategy};

/// Units in a `JoinSet` that is never larger than the limit.
pub struct TokioJoinSet(FanOut);

impl Strategy for TokioJoinSet {
    const FACTS: Facts = Facts {
        name: "tokio-join-set",
        about: "fan-out by JoinSet: a task per unit, the next one spawned when one has been joined",
        fan_out: "JoinSet",
        ..FanOut::FACTS
    };

    fn open(setup: &Setup) -> Result<Self> {
        Ok(TokioJoinSet(FanOut::open(setup)?))
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        self.0.run(work, all)
    }

    fn beside(&self, heart: Heart) -> Result<()> {
        self.0.beside(heart)
    }
}

async fn all<W: Work>(work: Arc<W>, io: AsyncIo<OnTokio>, limit: usize) -> Result<Tally> {
    let mut tally = Tally::default();
    let (mut roots, mut uncovered) = ((0..work.units()).map(Unit), VecDeque::new());
    let mut tasks = JoinSet::new();
    loop {
        while tasks.len() < limit {
            let Some(unit) = roots.next().or_else(|| uncovered.pop_front()) else {
                break;
            };
            tasks.spawn(one(Arc::clone(&work), io.clone(), unit));
        }
        let Some(joined) = tasks.join_next().await else {
            return Ok(tally);
        };
        let done = joined??;
        tally += done.tally;
        uncovered.extend(done.next);
    }
}
