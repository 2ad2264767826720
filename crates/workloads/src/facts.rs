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
    /// Whether it speaks to the mock server, so that there is a second witness.
    pub server: bool,
    /// Whether its units uncover others. Where not, nobody keeps a queue for them.
    pub uncovers: bool,
    /// What a strategy must have to run it: from this, and never from a list, it follows which cells there are.
    pub needs: &'static [Need],
    /// Whether a heartbeat of the strategy's own runs beside it.
    pub heartbeat: bool,
    /// Whether its result is what happens, not how long it takes.
    pub asks: bool,
    /// Whether each request has a connection of its own, so that none is opened in advance.
    pub fresh: bool,
    /// Whether connections may be lost and opened anew inside a sample because the workload wants it so.
    pub reconnects: bool,
    /// Whether its waits can be told from its size: then one by one is seen by the time it takes.
    pub waits: bool,
    /// Whether its units begin at times of their own, ready or not: an open loop. Then their latency counts from the intended start.
    pub paced: bool,
    /// Whether its units compute as many [steps](crate::computed) as its size [`ROUNDS`](crate::ROUNDS) says, so that computing can
    /// be asked for as a time and is part of its lower bound.
    pub computes: bool,
    /// The sizes it has beside the number of tasks and the latency.
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
    /// Its value where nobody says one.
    pub default: u64,
    /// The least allowed value.
    pub min: u64,
    /// The largest allowed value.
    pub max: u64,
}

/// Something that a workload needs and that not every strategy has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// To wait for several answers inside one unit. A strategy without it asks one by one, which has a floor of its own.
    Join,
    /// To give up a request that has not been answered.
    Cancel,
    /// A runtime that one could try to enter from within.
    Runtime,
    /// Units that see the same memory.
    Memory,
    /// Something that runs beside the units.
    Beside,
    /// A queue for units that nobody knew of before.
    Queue,
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
        })
    }
}
