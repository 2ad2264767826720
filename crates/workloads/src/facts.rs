//! What a workload declares about itself.

use std::fmt;

use serde::Serialize;

/// A workload's declaration. Written as a constant: `Facts { needs: &[Need::Cancel], ..Facts::new("name", "about") }`.
#[derive(Debug)]
pub struct Facts {
    /// Its name, as in the registry and on the command line.
    pub name: &'static str,
    /// One line for `list workloads`.
    pub about: &'static str,
    /// Whether it speaks to the mock server. Then there is a [witness](crate::Witness).
    pub server: bool,
    /// Whether its units uncover others. If not, no strategy keeps a queue for them.
    pub uncovers: bool,
    /// What a strategy must have to run it. Which cells exist follows from this, never from a list.
    pub needs: &'static [Need],
    /// Whether a heartbeat of the strategy's own runs beside it.
    pub heartbeat: bool,
    /// Whether it asks what happens, not how long it takes.
    pub asks: bool,
    /// Whether each request has a connection of its own, so that none is opened in advance.
    pub fresh: bool,
    /// Whether connections may be lost and opened again inside a sample, because the workload is about that.
    pub reconnects: bool,
    /// Whether its waits are known from its size. Then a run that does one unit at a time shows by its time.
    pub waits: bool,
    /// Whether its units begin at times of their own: an open loop. Their latency then counts from the intended start.
    pub paced: bool,
    /// Whether each unit computes as many [steps](crate::computed) as its size [`ROUNDS`](crate::ROUNDS) says. Then a time to compute can
    /// be asked for, and computing is part of the lower bound.
    pub computes: bool,
    /// Its sizes beside the number of tasks and the latency.
    pub numbers: &'static [Number],
}

impl Facts {
    /// A workload of independent units that wait, without a server.
    pub const fn new(name: &'static str, about: &'static str) -> Self {
        Facts {
            name,
            about,
            server: false,
            uncovers: false,
            needs: &[],
            heartbeat: false,
            asks: false,
            fresh: false,
            reconnects: false,
            waits: true,
            paced: false,
            computes: false,
            numbers: &[],
        }
    }

    /// The same with requests to the server.
    pub const fn http(name: &'static str, about: &'static str) -> Self {
        Facts {
            server: true,
            ..Facts::new(name, about)
        }
    }
}

/// A size that a workload declares beside tasks and latency.
#[derive(Debug)]
pub struct Number {
    /// Its key in a scenario file.
    pub name: &'static str,
    /// Its meaning, with the unit.
    pub about: &'static str,
    /// Its value if none is given.
    pub default: u64,
    /// The least allowed value.
    pub min: u64,
    /// The largest allowed value.
    pub max: u64,
}

/// Something that a workload may need and that some strategies lack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// To wait for several answers at once inside one unit. A strategy without it asks one by one, and has a lower bound of its own.
    Join,
    /// To give up a request that has not been answered.
    Cancel,
    /// A runtime that a unit could try to enter from within.
    Runtime,
    /// Units that see the same memory.
    Memory,
    /// A way to run something beside the units.
    Beside,
    /// A queue for units that other units uncover.
    Queue,
    /// To wait until another unit brings something about.
    Messages,
    /// To have all units in flight at once, if the limit allows it, because they wait for each other.
    Together,
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Need::Join => "joining inside a unit",
            Need::Cancel => "cancelling a request",
            Need::Runtime => "a runtime around its units",
            Need::Memory => "memory that units share",
            Need::Beside => "something that runs beside the units",
            Need::Queue => "a queue for units that others uncover",
            Need::Messages => "messages between units",
            Need::Together => "room for all units at once",
        })
    }
}
