//! One unit after the other on one thread: what everything else is compared with.

use std::collections::VecDeque;
use std::time::Duration;

use anyhow::Result;
use workloads::{Done, Need, Tally, Unit, Work};

use crate::{BlockingIo, Capacity, Client, Facts, Family, Setup, Strategy, ready};

/// A loop.
pub struct Sequential {
    io: BlockingIo,
}

impl Strategy for Sequential {
    const FACTS: Facts = Facts {
        name: "sequential",
        about: "a loop on one thread",
        family: Family::Blocking,
        packages: &[],
        client: Client::Ureq,
        root: "calling thread",
        threads: "the calling thread",
        fan_out: "a loop",
        capacity: Capacity::One,
        quantum: Duration::ZERO,
        lacks: &[
            (Need::Join, "a unit waits for one answer at a time"),
            (
                Need::Cancel,
                "a thread that waits in a call cannot be told to stop",
            ),
            (Need::Runtime, "there is no runtime to enter"),
            (Need::Beside, "it does one thing at a time"),
        ],
        advisory: None,
    };

    fn open(setup: &Setup) -> Result<Self> {
        Ok(Sequential {
            io: BlockingIo::open(setup)?,
        })
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        let mut tally = Tally::default();
        let mut uncovered = VecDeque::new();
        let mut roots = (0..work.units()).map(Unit);
        while let Some(unit) = roots.next().or_else(|| uncovered.pop_front()) {
            let done = ready(work.step(&self.io, unit))?;
            tally += done.tally;
            uncovered.extend(done.next);
        }
        Ok(tally)
    }

    fn alone<W: Work>(&self, work: &W, unit: Unit) -> Result<Done> {
        ready(work.step(&self.io, unit))
    }
}
