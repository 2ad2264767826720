//! Tokio's multi-threaded runtime.

use anyhow::Result;
use workloads::{Tally, Work};

use crate::pull::lanes::Lanes;
use crate::runtimes::tokio::{FanOut, OnTokio};
use crate::{Facts, Heart, Setup, Strategy};

/// Tasks on tokio's work-stealing scheduler.
pub struct Tokio(FanOut);

impl Strategy for Tokio {
    const FACTS: Facts = Facts {
        name: "tokio",
        about: "tasks on the multi-threaded, work-stealing runtime",
        ..FanOut::FACTS
    };

    fn open(setup: &Setup) -> Result<Self> {
        Ok(Tokio(FanOut::open(setup)?))
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        let FanOut { io, limit, runtime } = &self.0;
        let (lanes, finished) = Lanes::new(work, io.clone(), OnTokio, *limit);
        runtime.spawn(lanes.on_a_task());
        runtime.block_on(finished.tally())
    }

    fn beside(&self, heart: Heart) -> Result<()> {
        self.0.beside(heart)
    }
}
