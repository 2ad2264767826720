//! Blocking: the pool of threads over HTTP by hand, the least that does the work.

use anyhow::Result;
use workloads::{Tally, Work};

use crate::io::sockets::SocketIo;
use crate::pull::threads::OnThreads;
use crate::{Client, Facts, Setup, Strategy};

/// As many threads as the limit, over sockets of the standard library.
pub struct ThreadPoolRaw(OnThreads<SocketIo>);

impl Strategy for ThreadPoolRaw {
    const FACTS: Facts = Facts {
        name: "thread-pool-raw",
        about: "as thread-pool, with HTTP by hand over blocking sockets",
        client: Client::Raw,
        ..OnThreads::<SocketIo>::FACTS
    };

    fn open(setup: &Setup) -> Result<Self> {
        OnThreads::open(SocketIo::open(setup)?, setup).map(ThreadPoolRaw)
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        self.0.run(work)
    }
}
