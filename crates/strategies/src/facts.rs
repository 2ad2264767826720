//! What a strategy declares, and the numbers it is opened with.

use std::net::SocketAddr;
use std::num::NonZero;
use std::thread::available_parallelism;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use workloads::Need;

use crate::BLOCKING_LACKS;

/// The numbers a strategy is opened with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setup {
    /// At most this many units in flight.
    pub limit: usize,
    /// Worker threads of an asynchronous runtime that has several.
    pub workers: usize,
    /// Connections to open before the clock starts.
    pub connections: usize,
    /// The mock server, for workloads that speak to it.
    pub server: Option<SocketAddr>,
}

impl Setup {
    /// These numbers for a workload that asks no server.
    pub const fn new(limit: usize, workers: usize) -> Self {
        Setup {
            limit,
            workers,
            connections: 0,
            server: None,
        }
    }
}

/// What a strategy declares about itself.
#[derive(Debug)]
pub struct Facts {
    /// Its name, as in the registry and on the command line.
    pub name: &'static str,
    /// One line for `list strategies`.
    pub about: &'static str,
    /// What kind of way it is.
    pub family: Family,
    /// The packages that schedule it; their locked versions are in [`versions`](crate::versions). None is the standard library.
    pub packages: &'static [&'static str],
    /// What speaks HTTP for it.
    pub client: Client,
    /// Where the first of its code runs.
    pub root: &'static str,
    /// Threads that do the units.
    pub threads: &'static str,
    /// What makes several of one.
    pub fan_out: &'static str,
    /// How many units it can have in flight.
    pub capacity: Capacity,
    /// The step in which its timer counts, as its documentation or source says; zero where the kernel's applies.
    pub quantum: Duration,
    /// What a workload might need and this has not, with the reason: the cells that do not exist follow from it.
    pub lacks: &'static [Lack],
    /// What a reader must know before taking it into use; none where it is actively kept.
    pub advisory: Option<&'static str>,
}

/// Something that a strategy has not, and why.
pub type Lack = (Need, &'static str);

impl Facts {
    /// What a strategy declares at least whose units hold their thread, over [`BlockingIo`](crate::BlockingIo).
    pub const fn blocking(name: &'static str, about: &'static str) -> Self {
        Facts {
            name,
            about,
            family: Family::Blocking,
            packages: &[],
            client: Client::Ureq,
            root: "calling thread",
            threads: "its own",
            fan_out: "its own",
            capacity: Capacity::Limit,
            quantum: Duration::ZERO,
            lacks: BLOCKING_LACKS,
            advisory: None,
        }
    }

    /// The same for one whose units are tasks, over [`AsyncIo`](crate::seam::AsyncIo).
    pub const fn nonblocking(name: &'static str, about: &'static str) -> Self {
        Facts {
            family: Family::Async,
            client: Client::Hyper,
            lacks: &[],
            ..Facts::blocking(name, about)
        }
    }

    /// Why it has not what is needed; `None` if it has.
    pub fn lack(&self, need: Need) -> Option<&'static str> {
        let lack = self.lacks.iter().find(|(lacked, _)| *lacked == need);
        lack.map(|(_, why)| *why)
    }

    /// Whether its units can wait for several answers together.
    pub fn joins(&self) -> bool {
        self.lack(Need::Join).is_none()
    }
}

/// Kinds of strategies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// Each unit holds a thread while it waits.
    Blocking,
    /// Blocking calls under an asynchronous runtime, as a mistake or as a remedy.
    BlockingInExecutor,
    /// Units are tasks that give their thread back while they wait.
    Async,
}

impl Family {
    /// The name in listings.
    pub fn name(self) -> &'static str {
        match self {
            Family::Blocking => "blocking",
            Family::BlockingInExecutor => "blocking in executor",
            Family::Async => "async",
        }
    }
}

/// The HTTP client of a strategy: a declared part of a cell, never an accident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Client {
    /// ureq, blocking.
    Ureq,
    /// hyper's connections over the strategy's own sockets.
    Hyper,
    /// reqwest with its own pool.
    Reqwest,
    /// reqwest's blocking face: a thread of its own around the asynchronous client.
    ReqwestBlocking,
    /// The least exchange over a socket: what any client must do.
    Raw,
}

impl Client {
    /// The name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Client::Ureq => "ureq",
            Client::Hyper => "hyper",
            Client::Reqwest => "reqwest",
            Client::ReqwestBlocking => "reqwest sync",
            Client::Raw => "raw",
        }
    }
}

/// How many units a strategy can have in flight, whatever it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Capacity {
    /// One.
    One,
    /// One per worker thread of its runtime.
    Workers,
    /// One per processor that this process may use.
    Processors,
    /// As many as the limit allows.
    Limit,
}

impl Capacity {
    /// Units in flight under `setup`, at most.
    pub fn of(self, setup: &Setup) -> usize {
        match self {
            Capacity::One => 1,
            Capacity::Workers => setup.workers.min(setup.limit),
            Capacity::Processors => available_parallelism()
                .map_or(1, NonZero::get)
                .min(setup.limit),
            Capacity::Limit => setup.limit,
        }
    }
}
