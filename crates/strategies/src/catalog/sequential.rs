//! Sequential: one unit after the other on one thread. Most comparisons take it as their reference.

use anyhow::Result;
use workloads::{Done, Need, Tally, Unit, Work};

use crate::pull::queue::Queue;
use crate::{BlockingIo, Capacity, Facts, Setup, Strategy, ready};

/// A loop.
pub struct Sequential {
    io: BlockingIo,
}

impl Strategy for Sequential {
    const FACTS: Facts = Facts {
        threads: "the calling thread",
        fan_out: "a loop",
        capacity: Capacity::One,
        lacks: &[
            (Need::Join, "a unit waits for one answer at a time"),
            (
                Need::Cancel,
                "a thread that waits in a call cannot be told to stop",
            ),
            (Need::Runtime, "there is no runtime to enter"),
            (Need::Beside, "it does one thing at a time"),
        ],
        ..Facts::blocking("sequential", "a loop on one thread")
    };

    fn open(setup: &Setup) -> Result<Self> {
        Ok(Sequential {
            io: BlockingIo::open(setup)?,
        })
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        let mut queue = Queue::of(work);
        while let Some(unit) = queue.next() {
            queue.book(ready(work.step(&self.io, unit))?);
        }
        Ok(queue.tally())
    }

    fn alone<W: Work>(&self, work: &W, unit: Unit) -> Result<Done> {
        ready(work.step(&self.io, unit))
    }
}
