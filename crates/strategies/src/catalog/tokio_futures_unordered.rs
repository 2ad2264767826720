//! Fan-out by `FuturesUnordered`: all units inside one task.

use std::collections::VecDeque;
use std::sync::Arc;

use anyhow::Result;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use workloads::{Tally, Unit, Work};

use crate::io::hyper::{AsyncIo, one};
use crate::runtimes::tokio::{FanOut, OnTokio};
use crate::{Facts, Heart, Setup, Strategy};

/// Units in a `FuturesUnordered` that is never larger than the limit.
pub struct TokioFuturesUnordered(FanOut);

impl Strategy for TokioFuturesUnordered {
    const FACTS: Facts = Facts {
        name: "tokio-futures-unordered",
        about: "fan-out by FuturesUnordered: all units in one task, the next one pushed when one has ended",
        packages: &["tokio", "hyper", "futures-util"],
        fan_out: "FuturesUnordered",
        ..FanOut::FACTS
    };

    fn open(setup: &Setup) -> Result<Self> {
        Ok(TokioFuturesUnordered(FanOut::open(setup)?))
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
    let mut units = FuturesUnordered::new();
    loop {
        while units.len() < limit {
            let Some(unit) = roots.next().or_else(|| uncovered.pop_front()) else {
                break;
            };
            units.push(one(Arc::clone(&work), io.clone(), unit));
        }
        let Some(done) = units.next().await else {
            return Ok(tally);
        };
        let done = done?;
        tally += done.tally;
        uncovered.extend(done.next);
    }
}
