//! A fixed pool of threads that pull units, for the rows that differ only by their client.

use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use anyhow::{Context, Result};
use workloads::{Io, Tally, Work};

use crate::pull::lanes::{Lanes, Spawn};
use crate::{Facts, Setup, ready};

/// As many threads as the limit, started before the clock. Each runs a lane.
pub(crate) struct OnThreads<I> {
    io: I,
    limit: usize,
    pool: Pool,
}

impl<I: Io + Clone + 'static> OnThreads<I> {
    /// What such a row declares, except its name and its client.
    pub(crate) const FACTS: Facts = Facts {
        threads: "as many as the limit",
        fan_out: "a queue in front of the threads",
        ..Facts::blocking("", "")
    };

    /// Starts the threads. The futures of `io` must never suspend.
    pub(crate) fn open(io: I, setup: &Setup) -> Result<Self> {
        Ok(OnThreads {
            io,
            limit: setup.limit,
            pool: Pool::open(setup.limit)?,
        })
    }

    /// Runs all of the work.
    pub(crate) fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        let (lanes, finished) = Lanes::new(work, self.io.clone(), self.pool.queue(), self.limit);
        lanes.start();
        finished.wait()
    }
}

/// A lane in a box: one per thread and run, not one per unit.
type Job = Box<dyn FnOnce() + Send>;

struct Pool {
    jobs: Option<Sender<Job>>,
    threads: Vec<JoinHandle<()>>,
}

impl Pool {
    fn open(size: usize) -> Result<Self> {
        let (jobs, queue) = mpsc::channel();
        let queue = Arc::new(Mutex::new(queue));
        let start = |number| {
            let queue = Arc::clone(&queue);
            let thread = thread::Builder::new()
                .name(format!("pool-{number}"))
                .spawn(move || work(&queue));
            thread.with_context(|| format!("cannot start thread {number} of a pool of {size}"))
        };
        let threads = (0..size).map(start).collect::<Result<_>>()?;
        Ok(Pool {
            jobs: Some(jobs),
            threads,
        })
    }

    fn queue(&self) -> Queue {
        Queue(
            self.jobs
                .clone()
                .expect("the queue is closed only when the pool is dropped"),
        )
    }
}

/// Runs jobs until the queue is closed. No lock is held while a job runs.
fn work(queue: &Mutex<Receiver<Job>>) {
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
    while let Ok(job) = next() {
        job();
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.jobs = None;
        for thread in self.threads.drain(..) {
            // A thread that ended by a panic has already said so.
            let _ = thread.join();
        }
    }
}

#[derive(Clone)]
struct Queue(Sender<Job>);

impl Spawn for Queue {
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        // The receiver is gone only if all threads have panicked. Then the dropped task ends the run with a wrong tally.
        let _ = self.0.send(Box::new(move || ready(task)));
    }
}
