//! Async: tokio's current-thread runtime, with all tasks on one thread.

use std::time::Duration;

use anyhow::Result;
use workloads::{Tally, Work};

use crate::io::hyper::AsyncIo;
use crate::runtimes::tokio::{OnTokio, OneThread};
use crate::{Facts, Heartbeat, Manner, Setup, Strategy};

/// Tasks on the calling thread.
pub struct TokioCurrentThread(OneThread<AsyncIo<OnTokio>>);

impl Strategy for TokioCurrentThread {
    const FACTS: Facts = Facts {
        packages: &["tokio", "hyper"],
        root: "calling thread, in block_on",
        threads: "the calling thread",
        fan_out: "tokio::spawn",
        quantum: Duration::from_millis(1),
        manner: Manner::ON_ONE_THREAD,
        ..Facts::nonblocking("tokio-current-thread", "tasks on one thread")
    };

    fn open(setup: &Setup) -> Result<Self> {
        OneThread::open(setup, || AsyncIo::open(OnTokio, setup)).map(TokioCurrentThread)
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        self.0.run(work)
    }

    fn beside(&self, heartbeat: Heartbeat) -> Result<()> {
        self.0.beside(heartbeat)
    }
}
