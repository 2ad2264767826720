//! Blocking: child processes instead of threads, as tutorials of other languages do it.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use workloads::{Done, Facts as WorkFacts, Io, Need, Outline, Params, Tally, Unit, Work};

use crate::processes::children::Children;
use crate::pull::threads::OnThreads;
use crate::{BlockingIo, Facts, Setup, Strategy};

/// As many child processes as the limit, started before the clock, each behind a thread that waits for it.
pub struct Processes {
    children: Arc<Children>,
    threads: OnThreads<BlockingIo>,
}

impl Strategy for Processes {
    const FACTS: Facts = Facts {
        name: "processes",
        about: "as many child processes as the limit, started before the clock, each asked for a unit at a time",
        threads: "as many processes as the limit, and as many threads that wait for them",
        fan_out: "a line to a child process",
        lacks: &[
            (Need::Join, "a unit waits for one answer at a time"),
            (
                Need::Cancel,
                "a process that waits in a call cannot be told to stop",
            ),
            (
                Need::Runtime,
                "its units are calls, around which there is no runtime to enter",
            ),
            (Need::Memory, "processes share none"),
            (Need::Messages, "its processes do not speak to each other"),
        ],
        advisory: Some(
            "CPU time is that of all its processes, memory and switches are those of the first alone",
        ),
        ..OnThreads::<BlockingIo>::FACTS
    };

    fn open(setup: &Setup) -> Result<Self> {
        // The threads send no request themselves: the children have the connections.
        let nothing = Setup {
            connections: 0,
            server: None,
            ..setup.clone()
        };
        Ok(Processes {
            children: Arc::new(Children::start(setup)?),
            threads: OnThreads::open(BlockingIo::open(&nothing)?, setup)?,
        })
    }

    fn prepare<W: Work>(&self, work: &W) -> Result<()> {
        self.children.open(work)
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        self.threads.run(&Remote {
            work: work.clone(),
            children: Arc::clone(&self.children),
        })
    }

    fn elsewhere(&self) -> Duration {
        self.children.take_cpu()
    }
}

/// Work whose units are done by children. A thread that does one of its units waits for a child.
#[derive(Clone)]
struct Remote<W> {
    work: W,
    children: Arc<Children>,
}

/// Answers only what the scheduling asks. Everything else is asked of the work itself.
impl<W: Work> Outline for Remote<W> {
    fn facts(&self) -> &'static WorkFacts {
        self.work.facts()
    }

    fn params(&self) -> &Params {
        self.work.params()
    }

    fn expected(&self) -> Tally {
        self.work.expected()
    }

    fn units(&self) -> u64 {
        self.work.units()
    }
}

impl<W: Work> Work for Remote<W> {
    async fn step<I: Io>(&self, _: &I, unit: Unit) -> Result<Done> {
        self.children.unit(&self.work, unit)
    }
}
