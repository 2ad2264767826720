//! Tokio with reqwest: the pair most people deploy.

use std::time::Duration;

use anyhow::Result;
use tokio::runtime::Runtime;
use workloads::{Tally, Work};

use crate::io::reqwest::ReqwestIo;
use crate::pull::lanes::Lanes;
use crate::runtimes::tokio::{OnTokio, multi_thread};
use crate::{Capacity, Client, Facts, Family, Heart, Setup, Strategy};

/// Tasks on tokio's multi-threaded runtime, over reqwest.
pub struct TokioReqwest {
    io: ReqwestIo,
    limit: usize,
    runtime: Runtime,
}

impl Strategy for TokioReqwest {
    const FACTS: Facts = Facts {
        name: "tokio-reqwest",
        about: "tasks on the multi-threaded runtime, through reqwest and its pool",
        family: Family::Async,
        packages: &["tokio", "reqwest"],
        client: Client::Reqwest,
        root: "runtime worker",
        threads: "the workers",
        fan_out: "tokio::spawn",
        capacity: Capacity::Limit,
        quantum: Duration::from_millis(1),
        lacks: &[],
        advisory: None,
    };

    fn open(setup: &Setup) -> Result<Self> {
        let runtime = multi_thread(setup)?;
        Ok(TokioReqwest {
            io: runtime.block_on(ReqwestIo::open(setup))?,
            limit: setup.limit,
            runtime,
        })
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        let (lanes, finished) = Lanes::new(work, self.io.clone(), OnTokio, self.limit);
        self.runtime.spawn(lanes.on_a_task());
        self.runtime.block_on(finished.tally())
    }

    fn beside(&self, heart: Heart) -> Result<()> {
        self.runtime.spawn(heart.live_on(OnTokio));
        Ok(())
    }
}
