//! Where the units of one run write.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Instant;

use crate::Unit;
use crate::trace::record::{Poll, Trace, UnitTrace, Wait};

/// The book of one run.
pub(crate) struct Book {
    start: Instant,
    written: Mutex<Written>,
}

#[derive(Default)]
struct Written {
    units: Vec<UnitTrace>,
    threads: Vec<(ThreadId, String)>,
}

impl Book {
    /// An empty book. Its clock starts now.
    pub(crate) fn open() -> Arc<Self> {
        Arc::new(Book {
            start: Instant::now(),
            written: Mutex::default(),
        })
    }

    /// What has been written. A unit is in it once it has ended.
    pub(crate) fn trace(&self) -> Trace {
        let written = lock(&self.written);
        let mut units = written.units.clone();
        units.sort_by_key(|unit| (unit.begin_ns, unit.unit));
        Trace {
            units,
            threads: written
                .threads
                .iter()
                .map(|(_, name)| name.clone())
                .collect(),
        }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    /// The number of the calling thread.
    fn thread(&self) -> usize {
        let thread = thread::current();
        let threads = &mut lock(&self.written).threads;
        let known = threads.iter().position(|(id, _)| *id == thread.id());
        known.unwrap_or_else(|| {
            let unnamed = || format!("thread {}", threads.len());
            let name = thread.name().map_or_else(unnamed, str::to_owned);
            threads.push((thread.id(), name));
            threads.len() - 1
        })
    }
}

/// The page of one unit. It goes into the book when it is dropped, so that a unit that panics or is cancelled is there too.
pub(crate) struct Page {
    book: Arc<Book>,
    unit: Mutex<UnitTrace>,
}

impl Page {
    pub(crate) fn begin(book: &Arc<Book>, unit: Unit) -> Self {
        let now = book.now();
        Page {
            book: Arc::clone(book),
            unit: Mutex::new(UnitTrace {
                unit: unit.0,
                begin_ns: now,
                end_ns: now,
                done: false,
                waits: Vec::new(),
                polls: Vec::new(),
            }),
        }
    }

    /// Writes down a call that may wait.
    pub(crate) async fn waited<T>(&self, what: String, call: impl Future<Output = T>) -> T {
        let from_ns = self.book.now();
        let outcome = call.await;
        let until_ns = self.book.now();
        lock(&self.unit).waits.push(Wait {
            what,
            from_ns,
            until_ns,
        });
        outcome
    }

    /// Writes down one poll.
    pub(crate) fn polled<T>(&self, poll: impl FnOnce() -> T) -> T {
        let (thread, from_ns) = (self.book.thread(), self.book.now());
        let outcome = poll();
        let until_ns = self.book.now();
        lock(&self.unit).polls.push(Poll {
            thread,
            from_ns,
            until_ns,
        });
        outcome
    }

    /// Writes down that the unit is done.
    pub(crate) fn done(&self) {
        lock(&self.unit).done = true;
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        let mut unit = lock(&self.unit).clone();
        unit.end_ns = self.book.now();
        lock(&self.book.written).units.push(unit);
    }
}

/// What was written before a panic is still right.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
