//! Fan-out by a stream with `buffer_unordered`: all units inside one task.

use std::sync::Arc;

use anyhow::Result;
use futures_util::{StreamExt, stream};
use workloads::{Tally, Unit, Work};

use crate::io::hyper::{AsyncIo, one};
use crate::runtimes::tokio::{FanOut, OnTokio};
use crate::{Facts, Heart, Setup, Strategy};

/// Units as a buffered stream; what they uncover is the next stream.
pub struct TokioBufferUnordered(FanOut);

impl Strategy for TokioBufferUnordered {
    const FACTS: Facts = Facts {
        name: "tokio-buffer-unordered",
        about: "fan-out by buffer_unordered(limit) over a stream of units, all in one task",
        packages: &["tokio", "hyper", "futures-util"],
        fan_out: "buffer_unordered",
        ..FanOut::FACTS
    };

    fn open(setup: &Setup) -> Result<Self> {
        Ok(TokioBufferUnordered(FanOut::open(setup)?))
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
    let mut units: Vec<Unit> = (0..work.units()).map(Unit).collect();
    while !units.is_empty() {
        let futures = std::mem::take(&mut units)
            .into_iter()
            .map(|unit| one(Arc::clone(&work), io.clone(), unit));
        let mut buffered = stream::iter(futures).buffer_unordered(limit);
        while let Some(done) = buffered.next().await {
            let done = done?;
            tally += done.tally;
            units.extend(done.next);
        }
    }
    Ok(tally)
}
