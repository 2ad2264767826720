//! Blocking: the pool of threads over `reqwest::blocking`, which hides an event loop behind its calls.

use anyhow::Result;
use workloads::{Tally, Work};

use crate::io::reqwest_blocking::ReqwestBlockingIo;
use crate::pull::threads::OnThreads;
use crate::{Client, Facts, Manner, Setup, Strategy};

/// As many threads as the limit. One hidden thread with an event loop serves them all.
pub struct ThreadPoolReqwest(OnThreads<ReqwestBlockingIo>);

impl Strategy for ThreadPoolReqwest {
    const FACTS: Facts = Facts {
        name: "thread-pool-reqwest",
        about: "as thread-pool, through reqwest::blocking: one hidden thread with an event loop serves all",
        packages: &["reqwest", "tokio"],
        client: Client::ReqwestBlocking,
        threads: "as many as the limit, all served by one hidden thread with an event loop",
        manner: Manner {
            funnel: Some("one hidden thread"),
            ..Manner::PLAIN
        },
        ..OnThreads::<ReqwestBlockingIo>::FACTS
    };

    fn open(setup: &Setup) -> Result<Self> {
        OnThreads::open(ReqwestBlockingIo::open(setup)?, setup).map(ThreadPoolReqwest)
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        self.0.run(work)
    }
}
