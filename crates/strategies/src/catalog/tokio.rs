//! Async: tokio's multi-threaded runtime.

use anyhow::Result;
use workloads::{Tally, Work};

use crate::io::hyper::AsyncIo;
use crate::runtimes::tokio::{OnTokio, Workers};
use crate::{Facts, Heartbeat, Setup, Strategy};

/// Tasks on tokio's work-stealing scheduler.
pub struct Tokio(Workers<AsyncIo<OnTokio>>);

impl Strategy for Tokio {
    const FACTS: Facts = Facts {
        name: "tokio",
        about: "tasks on the multi-threaded, work-stealing runtime",
        ..Workers::FACTS
    };

    fn open(setup: &Setup) -> Result<Self> {
        Workers::with_hyper(setup).map(Tokio)
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        self.0.run(work)
    }

    fn beside(&self, heartbeat: Heartbeat) -> Result<()> {
        self.0.beside(heartbeat)
    }
}
