//! The time between two resets, and what is counted in it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use workloads::{Answer, Entry, Params, Witness};

use crate::counters::Counters;
use crate::site::Site;

/// What is served between two resets, and its counts. A request keeps the epoch it arrived in, so it cannot touch the next one.
pub(crate) struct Epoch {
    /// From 1.
    number: u64,
    site: Site,
    counters: RefCell<Counters>,
}

impl Epoch {
    /// The first one.
    pub(crate) fn first(workloads: &[Entry], params: &Params) -> anyhow::Result<Self> {
        let site = Site::new(workloads, params)?;
        Ok(Epoch {
            number: 1,
            counters: RefCell::new(Counters::begin(None, site.requests())),
            site,
        })
    }

    /// The one after this, which takes over the memory of the counters. An error changes nothing.
    pub(crate) fn next(&self, workloads: &[Entry], params: &Params) -> anyhow::Result<Self> {
        let site = Site::new(workloads, params)?;
        let counters = Counters::begin(Some(&mut self.counters.borrow_mut()), site.requests());
        Ok(Epoch {
            number: self.number + 1,
            site,
            counters: RefCell::new(counters),
        })
    }

    /// What was counted so far.
    pub(crate) fn stats(&self) -> Witness {
        self.counters.borrow().stats()
    }

    /// Counts something that is no request for a known path.
    pub(crate) fn count(&self, event: impl FnOnce(&mut Counters)) {
        event(&mut self.counters.borrow_mut());
    }

    /// What a workload promises for this path; none if no workload knows it.
    pub(crate) fn promised(&self, path: &str, attempt: u32) -> Option<Answer> {
        self.site.answer(path, attempt)
    }
}

/// A request in flight, until it is dropped.
pub(crate) struct Flight {
    epoch: Rc<Epoch>,
    arrived: Instant,
    key: u64,
    bytes: usize,
}

impl Flight {
    /// Begins with a request for a known path, and counts it.
    pub(crate) fn begin(
        epoch: Rc<Epoch>,
        connection: &Connection,
        arrived: Instant,
        promised: &Answer,
    ) -> Self {
        let first = connection.used_in.replace(epoch.number) != epoch.number;
        epoch.counters.borrow_mut().arrived(first);
        Flight {
            epoch,
            arrived,
            key: promised.key,
            bytes: promised.reply.len(),
        }
    }

    /// The whole answer is ready. `lateness` is the time since its deadline; none if it did not wait.
    pub(crate) fn answered(&self, lateness: Option<Duration>) {
        let mut counters = self.epoch.counters.borrow_mut();
        counters.answered(self.key, self.bytes, lateness);
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        let mut counters = self.epoch.counters.borrow_mut();
        counters.left(self.arrived.elapsed());
    }
}

/// One client's connection.
#[derive(Default)]
pub(crate) struct Connection {
    /// The last epoch in which it brought a request for a known path; 0 before the first.
    used_in: Cell<u64>,
    resets: Cell<bool>,
}

impl Connection {
    /// It is to end with a TCP reset: because that was promised, or because the client closes it and no port may be left in
    /// TIME_WAIT.
    pub(crate) fn reset_at_end(&self) {
        self.resets.set(true);
    }

    /// Whether it is to end with a TCP reset.
    pub(crate) fn resets(&self) -> bool {
        self.resets.get()
    }
}
