//! A workload on a strategy, as the plan and the analysis see it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::Computes;
use crate::plan::manner::Manner;
use crate::spec::row::{self, Row};

/// One cell of the comparison: who, what, and how fast it could be at best.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// Name of the workload, with the swept sizes.
    pub workload: String,
    /// The strategy, and which entry of it.
    #[serde(flatten, with = "row::fields")]
    pub row: Row,
    /// Whether it measures timers and clients before the comparison, instead of being part of it.
    pub calibration: bool,
    /// What speaks HTTP; none where the workload does not.
    pub client: Option<String>,
    /// Units that may be in flight at most.
    pub limit: usize,
    /// Units that the strategy can have in flight.
    pub in_flight: usize,
    /// Lower bound of the makespan under the common limit; none where none is known.
    pub floor: Option<Duration>,
    /// Lower bound with as many in flight as this strategy can have.
    pub own_floor: Option<Duration>,
    /// Units that are waited for in one sample, with those that others uncover.
    pub units: u64,
    /// Requests that should be seen in flight together at least once; none where that cannot be told.
    pub peak: Option<u64>,
    /// Whether its units can wait for several answers together.
    pub joins: bool,
    /// Whether connections may come and go inside samples because the workload wants it so.
    pub reconnects: bool,
    /// Whether its result is what happens, not how long it takes.
    pub asks: bool,
    /// Whether its units begin at times of their own, so that their latency counts from there.
    pub paced: bool,
    /// Median of the waits asked for.
    pub latency: Duration,
    /// Step of the strategy's timer where the workload waits on it; zero otherwise.
    pub quantum: Duration,
    /// What its units compute, and how that bounds it; none where they do not, or where nobody knows how fast.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub computes: Option<Computes>,
    /// What the strategy declares of its way of working.
    #[serde(default, skip_serializing_if = "Manner::is_plain")]
    pub manner: Manner,
    /// What a reader must know before taking the strategy into use.
    pub advisory: Option<String>,
    /// Why it cannot run at all, if it cannot.
    pub unsupported: Option<String>,
}

impl Cell {
    /// A cell of one unit, one at a time, of which nothing else is known: no server, no floor, no caveat.
    pub fn new(workload: impl Into<String>, row: Row) -> Cell {
        Cell {
            workload: workload.into(),
            row,
            calibration: false,
            client: None,
            limit: 1,
            in_flight: 1,
            floor: None,
            own_floor: None,
            units: 1,
            peak: None,
            joins: true,
            reconnects: false,
            asks: false,
            paced: false,
            latency: Duration::ZERO,
            quantum: Duration::ZERO,
            computes: None,
            manner: Manner::default(),
            advisory: None,
            unsupported: None,
        }
    }

    /// Whether the strategy cannot use the common limit, and that costs it time.
    pub fn is_capped(&self) -> bool {
        self.in_flight < self.limit && self.own_floor > self.floor
    }

    /// Whether its units ask one by one what others ask together, and that costs it time.
    pub fn is_one_by_one(&self) -> bool {
        self.in_flight == self.limit && !self.joins && self.own_floor > self.floor
    }

    /// Whether it is in the planned subset of rounds only: its own floor is over twice the workload's.
    pub fn is_long(&self) -> bool {
        matches!((self.floor, self.own_floor), (Some(floor), Some(own)) if own > 2 * floor)
    }
}
