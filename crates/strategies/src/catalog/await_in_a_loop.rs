//! Async: tasks are possible, but the loop awaits each unit before it starts the next. Many tutorials take this step second.

use std::time::Duration;

use anyhow::Result;
use workloads::{Tally, Work};

use crate::io::hyper::AsyncIo;
use crate::pull::queue::Queue;
use crate::runtimes::tokio::{OnTokio, OneThread};
use crate::{Capacity, Facts, Heartbeat, Manner, Setup, Strategy};

/// A loop that awaits each unit before it starts the next.
pub struct AwaitInALoop(OneThread<AsyncIo<OnTokio>>);

impl Strategy for AwaitInALoop {
    const FACTS: Facts = Facts {
        packages: &["tokio", "hyper"],
        root: "calling thread, in block_on",
        threads: "the calling thread",
        fan_out: "none",
        capacity: Capacity::One,
        quantum: Duration::from_millis(1),
        manner: Manner {
            awaits_each: true,
            ..Manner::PLAIN
        },
        ..Facts::nonblocking(
            "await-in-a-loop",
            "asynchronous but sequential: each unit is awaited before the next is started",
        )
    };

    fn open(setup: &Setup) -> Result<Self> {
        OneThread::open(setup, || AsyncIo::open(OnTokio, setup)).map(AwaitInALoop)
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        let OneThread { io, runtime, .. } = &self.0;
        runtime.block_on(async {
            let mut queue = Queue::of(work);
            while let Some(unit) = queue.next() {
                queue.book(work.step(io, unit).await?);
            }
            Ok(queue.tally())
        })
    }

    fn beside(&self, heartbeat: Heartbeat) -> Result<()> {
        self.0.beside(heartbeat)
    }
}
