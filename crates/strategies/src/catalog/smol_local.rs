//! Async: smol's executor for tasks that never leave their thread.

use std::rc::{Rc, Weak};

use anyhow::Result;
use send_wrapper::SendWrapper;
use smol::LocalExecutor;
use workloads::{Tally, Work};

use crate::io::hyper::AsyncIo;
use crate::pull::lanes::{Lanes, Spawn};
use crate::runtimes::async_io::{Executor, OnAsyncIo};
use crate::{Facts, Heartbeat, Manner, Setup, Strategy};

/// Local tasks on the calling thread.
pub struct SmolLocal {
    // Declared first, so dropped first: connections end before the executor drops what is left of them.
    io: AsyncIo<OnAsyncIo<OnLocal>>,
    limit: usize,
    executor: Rc<LocalExecutor<'static>>,
}

impl Strategy for SmolLocal {
    const FACTS: Facts = Facts {
        packages: &["smol", "async-executor", "async-io", "hyper"],
        root: "calling thread, in block_on",
        threads: "the calling thread",
        fan_out: "LocalExecutor::spawn",
        manner: Manner::ON_ONE_THREAD,
        ..Facts::nonblocking("smol-local", "tasks on a LocalExecutor, all on one thread")
    };

    fn open(setup: &Setup) -> Result<Self> {
        let executor = Rc::new(LocalExecutor::new());
        let open = AsyncIo::open(OnAsyncIo(OnLocal::of(&executor)), setup);
        Ok(SmolLocal {
            io: smol::block_on(executor.run(open))?,
            limit: setup.limit,
            executor,
        })
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        let spawn = OnLocal::of(&self.executor);
        let (lanes, finished) = Lanes::new(work, self.io.clone(), spawn, self.limit);
        smol::block_on(self.executor.run(finished.after(lanes.on_a_task())))
    }

    fn beside(&self, heartbeat: Heartbeat) -> Result<()> {
        let on = OnAsyncIo(OnLocal::of(&self.executor));
        self.executor.spawn(heartbeat.beat_on(on)).detach();
        Ok(())
    }
}

/// The executor, for use on its own thread only. The wrapper panics on any other thread, and so it may be sent there. The reference
/// is weak because tasks hold it, and the executor holds them.
#[derive(Clone)]
struct OnLocal(SendWrapper<Weak<LocalExecutor<'static>>>);

impl OnLocal {
    fn of(executor: &Rc<LocalExecutor<'static>>) -> Self {
        OnLocal(SendWrapper::new(Rc::downgrade(executor)))
    }
}

impl Spawn for OnLocal {
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        // Without an executor nobody waits for the task any more.
        if let Some(executor) = self.0.upgrade() {
            executor.spawn(task).detach();
        }
    }
}

impl Executor for OnLocal {}
