//! Async: smol's executor on threads of its own. The global executor would have a single thread.

use anyhow::Result;
use workloads::{Tally, Work};

use crate::io::hyper::AsyncIo;
use crate::runtimes::async_io::OnAsyncIo;
use crate::runtimes::smol::{OnSmol, Workers};
use crate::{Facts, Heartbeat, Setup, Strategy};

/// Tasks on an explicit executor.
pub struct Smol(Workers<AsyncIo<OnAsyncIo<OnSmol>>>);

impl Strategy for Smol {
    const FACTS: Facts = Facts {
        packages: &["smol", "async-executor", "async-io", "hyper"],
        root: "executor thread",
        threads: "the workers",
        fan_out: "Executor::spawn",
        ..Facts::nonblocking(
            "smol",
            "tasks on an explicit executor run by the worker threads",
        )
    };

    fn open(setup: &Setup) -> Result<Self> {
        Workers::open(setup, |runtime, setup| async move {
            AsyncIo::open(runtime, &setup).await
        })
        .map(Smol)
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        self.0.run(work)
    }

    fn beside(&self, heartbeat: Heartbeat) -> Result<()> {
        self.0.beside(heartbeat)
    }
}
