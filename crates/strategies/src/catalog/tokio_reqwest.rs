//! Async: tokio with reqwest, which many people deploy together.

use std::time::Duration;

use anyhow::Result;
use workloads::{Tally, Work};

use crate::io::reqwest::ReqwestIo;
use crate::runtimes::tokio::Workers;
use crate::{Client, Facts, Heartbeat, Setup, Strategy};

/// Tasks on tokio's multi-threaded runtime, over reqwest.
pub struct TokioReqwest(Workers<ReqwestIo>);

impl Strategy for TokioReqwest {
    const FACTS: Facts = Facts {
        packages: &["tokio", "reqwest"],
        client: Client::Reqwest,
        root: "runtime worker",
        threads: "the workers",
        fan_out: "tokio::spawn",
        quantum: Duration::from_millis(1),
        ..Facts::nonblocking(
            "tokio-reqwest",
            "tasks on the multi-threaded runtime, through reqwest and its pool",
        )
    };

    fn open(setup: &Setup) -> Result<Self> {
        Workers::open(setup, || ReqwestIo::open(setup)).map(TokioReqwest)
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        self.0.run(work)
    }

    fn beside(&self, heartbeat: Heartbeat) -> Result<()> {
        self.0.beside(heartbeat)
    }
}
