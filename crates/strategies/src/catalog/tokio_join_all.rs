//! Fan-out by `join_all`, as often as the limit asks for: it has no limit of its own.

use std::sync::Arc;

use anyhow::Result;
use futures_util::future::join_all;
use workloads::{Tally, Unit, Work};

use crate::io::hyper::{AsyncIo, one};
use crate::runtimes::tokio::{FanOut, OnTokio};
use crate::{Facts, Heart, Setup, Strategy};

/// Units in waves of the limit, each joined as a whole.
pub struct TokioJoinAll(FanOut);

impl Strategy for TokioJoinAll {
    const FACTS: Facts = Facts {
        name: "tokio-join-all",
        about: "fan-out by join_all: all units in one task, as many at a time as the limit, then the next as many",
        packages: &["tokio", "hyper", "futures-util"],
        fan_out: "join_all",
        ..FanOut::FACTS
    };

    fn open(setup: &Setup) -> Result<Self> {
        Ok(TokioJoinAll(FanOut::open(setup)?))
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
        let mut uncovered = Vec::new();
        for wave in units.chunks(limit) {
            for done in join_all(
                wave.iter()
                    .map(|unit| one(Arc::clone(&work), io.clone(), *unit)),
            )
            .await
            {
                let done = done?;
                tally += done.tally;
                uncovered.extend(done.next);
            }
        }
        units = uncovered;
    }
    Ok(tally)
}
