//! Cells with everything that is known of them before they run.

use std::time::Duration;

use anyhow::Result;
use model::{Cell, Expectation, Load, Spec};
use strategies::{Capacity, Facts, Family, Row, Setup};
use workloads::{Entry, Outline, Params};

use crate::Registry;

/// One cell, ready to be opened and judged.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// What the plan and the analysis need.
    pub cell: Cell,
    /// Sizes of the workload.
    pub params: Params,
    /// Numbers of the strategy; the server's address comes with the server.
    pub setup: Setup,
    /// Variables to set before the worker starts.
    pub environment: Vec<(&'static str, String)>,
    /// Whether the workload speaks to the server.
    pub server: bool,
    /// Threads that wait for units while it is open, beside those of a runtime.
    pub threads: usize,
    /// What each sample must show.
    pub expectation: Expectation,
    /// How long one sample may take before its worker is taken for stuck.
    pub timeout: Duration,
}

/// Ten seconds, ten times the floor, and a millisecond for each piece of work: no disturbance explains more.
fn timeout(expectation: &Expectation, own_floor: Option<Duration>) -> Duration {
    let pieces = expectation.units.max(expectation.requests.unwrap_or(0));
    let work = Duration::from_millis(pieces);
    Duration::from_secs(10) + 10 * own_floor.unwrap_or(Duration::from_secs(5)) + work
}

impl Registry {
    /// All cells of a spec whose `strategies` are names. Errors name the workload's parameter.
    pub fn prepare(&self, spec: &Spec) -> Result<Vec<Prepared>> {
        let mut prepared: Vec<Prepared> = Vec::new();
        for load in &spec.workloads {
            let entry = self.workload(&load.name)?;
            let work = Work::of(entry, load, spec)?;
            for name in &spec.strategies {
                let unsupported = self
                    .opener(&load.name, name)
                    .err()
                    .map(|error| error.to_string());
                prepared.push(work.on(self.strategy(name)?, unsupported));
            }
        }
        Ok(prepared)
    }
}

/// What the cells of one workload share; computed once.
struct Work<'a> {
    entry: &'a Entry,
    spec: &'a Spec,
    params: Params,
    outline: Box<dyn Outline>,
    expectation: Expectation,
}

impl<'a> Work<'a> {
    fn of(entry: &'a Entry, load: &Load, spec: &'a Spec) -> Result<Self> {
        let params = load.params(spec.seed);
        let outline = (entry.outline)(&params)?;
        let limit = spec.concurrency;
        let expectation = Expectation {
            tally: outline.expected(),
            units: outline.units(),
            requests: entry.facts.server.then(|| outline.requests()),
            claimed: limit as u64,
            own_floor: outline.floor(limit),
            waiting: outline.floor(1),
        };
        Ok(Work {
            entry,
            spec,
            params,
            outline,
            expectation,
        })
    }

    fn on(&self, row: &Row, unsupported: Option<String>) -> Prepared {
        let (facts, spec) = (row.facts, self.spec);
        let setup = Setup {
            limit: spec.concurrency,
            workers: spec.workers,
            connections: 0,
            server: None,
        };
        let in_flight = facts.capacity.of(&setup);
        let busy = usize::try_from(self.expectation.units)
            .unwrap_or(usize::MAX)
            .min(in_flight);
        let setup = Setup {
            connections: if self.entry.facts.server { busy } else { 0 },
            ..setup
        };
        let own_floor = match facts.capacity {
            Capacity::One => self.expectation.waiting,
            Capacity::Workers | Capacity::Processors => self.outline.floor(in_flight),
            Capacity::Limit => self.expectation.own_floor,
        };
        Prepared {
            cell: Cell {
                unsupported,
                ..self.cell(facts, in_flight, own_floor)
            },
            params: self.params.clone(),
            environment: (row.environment)(&setup),
            server: self.entry.facts.server,
            threads: if facts.family == Family::Async {
                0
            } else {
                in_flight
            },
            expectation: Expectation {
                claimed: in_flight as u64,
                own_floor,
                ..self.expectation.clone()
            },
            setup,
            timeout: timeout(&self.expectation, own_floor),
        }
    }

    fn cell(&self, facts: &Facts, in_flight: usize, own_floor: Option<Duration>) -> Cell {
        let server = self.entry.facts.server;
        Cell {
            workload: self.entry.facts.name.to_owned(),
            strategy: facts.name.to_owned(),
            client: server.then(|| facts.client.name().to_owned()),
            in_flight,
            floor: self.expectation.own_floor,
            own_floor,
            latency: self.params.latency.median(),
            quantum: if server {
                Duration::ZERO
            } else {
                facts.quantum
            },
            units: self.expectation.units,
            advisory: facts.advisory.map(str::to_owned),
            unsupported: None,
        }
    }
}
