//! What a strategy declares, and the numbers it is opened with.

use std::net::SocketAddr;
use std::num::NonZero;
use std::thread::available_parallelism;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use workloads::Need;

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
    /// These numbers, for a workload without a server.
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
    /// What a unit does to its thread while it waits.
    pub family: Family,
    /// The packages that schedule it. Their locked versions are in [`versions`](crate::versions()). An empty list means the standard
    /// library.
    pub packages: &'static [&'static str],
    /// What speaks HTTP for it.
    pub client: Client,
    /// Where the code that starts the units runs.
    pub root: &'static str,
    /// Threads that do the units.
    pub threads: &'static str,
    /// How it starts many units.
    pub fan_out: &'static str,
    /// How many units can be in flight.
    pub capacity: Capacity,
    /// The step of its timer, as its documentation or source says. Zero means that only the kernel's step applies.
    pub quantum: Duration,
    /// What of its way of working explains numbers.
    pub manner: Manner,
    /// What it lacks of what a workload might need, with the reasons. The cells that do not exist follow from this list.
    pub lacks: &'static [Lack],
    /// What a reader must know before using it. `None` if it is actively maintained.
    pub advisory: Option<&'static str>,
}

/// Something that a strategy lacks, and why.
pub type Lack = (Need, &'static str);

/// What a strategy lacks if its units hold their thread while they wait.
pub const BLOCKING_LACKS: &[Lack] = &[
    (Need::Join, "a unit waits for one answer at a time"),
    (
        Need::Cancel,
        "a thread that waits in a call cannot be told to stop",
    ),
    (
        Need::Runtime,
        "its units are calls, around which there is no runtime to enter",
    ),
];

impl Facts {
    /// The facts of a strategy whose units hold their thread, over [`BlockingIo`](crate::BlockingIo). Most strategies change some of
    /// them.
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
            manner: Manner::PLAIN,
            lacks: BLOCKING_LACKS,
            advisory: None,
        }
    }

    /// The facts of a strategy whose units are tasks, over [`AsyncIo`](crate::seam::AsyncIo).
    pub const fn nonblocking(name: &'static str, about: &'static str) -> Self {
        Facts {
            family: Family::Async,
            client: Client::Hyper,
            lacks: &[],
            ..Facts::blocking(name, about)
        }
    }

    /// Why it lacks what is needed; `None` if it does not lack it.
    pub fn lack(&self, need: Need) -> Option<&'static str> {
        if need == Need::Together && !matches!(self.capacity, Capacity::Limit) {
            return Some("it holds fewer, whatever the limit");
        }
        let lack = self.lacks.iter().find(|(lacked, _)| *lacked == need);
        lack.map(|(_, why)| *why)
    }

    /// Whether one unit can wait for several answers at once.
    pub fn joins(&self) -> bool {
        self.lack(Need::Join).is_none()
    }
}

/// What of a strategy's way of working may explain the numbers of its rows. A report says so beside a row where the numbers fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Manner {
    /// What all its units pass through one at a time when they run: one thread, or one task. `None` if there is no such thing.
    pub funnel: Option<&'static str>,
    /// Whether it is asynchronous and nevertheless polls a unit for the first time only when the one before has ended.
    pub awaits_each: bool,
    /// How many futures may become ready in one poll of the one task that holds all units, as the runtime's documentation or source
    /// says. `None` if each unit has a task of its own, or if the runtime has no such budget.
    pub budget: Option<u64>,
    /// Whether its idle threads look for work in a loop before they sleep.
    pub spins: bool,
    /// Whether it starts as many units as the limit together, and the next ones only when all of these have ended.
    pub waves: bool,
}

impl Manner {
    /// Nothing of the kind.
    pub const PLAIN: Manner = Manner {
        funnel: None,
        awaits_each: false,
        budget: None,
        spins: false,
        waves: false,
    };

    /// All units run on the calling thread.
    pub const ON_ONE_THREAD: Manner = Manner {
        funnel: Some("the calling thread"),
        ..Manner::PLAIN
    };
}

/// What a unit does to its thread while it waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// It holds the thread.
    Blocking,
    /// It holds a thread of an asynchronous runtime: by mistake, or in a pool for blocking calls, the remedy.
    BlockingInExecutor,
    /// It gives the thread back: units are tasks.
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

/// The HTTP client of a strategy. It is declared, so that nobody takes the cost of a client for the cost of a scheduler.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Client {
    /// ureq, blocking.
    Ureq,
    /// hyper's connections over the strategy's own sockets.
    Hyper,
    /// reqwest with its own pool.
    Reqwest,
    /// `reqwest::blocking`: one hidden thread around the asynchronous client.
    ReqwestBlocking,
    /// HTTP by hand, the least that any client must do.
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

/// How many units a strategy can have in flight, however high the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Capacity {
    /// One.
    One,
    /// One per worker thread of its runtime.
    Workers,
    /// One per processor that this process may use.
    Processors,
    /// As many as the limit.
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
