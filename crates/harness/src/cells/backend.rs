//! Who runs a cell: a strategy of this executable, or a program of its own.

use std::time::Duration;

use anyhow::Result;
use model::{Program, Spec};
use strategies::{Family, Row, Setup};
use workloads::Entry;

use crate::Registry;

/// One of a spec's strategies, as a cell must know it.
#[derive(Clone, Copy)]
pub(crate) enum Way<'a> {
    /// It is compiled in.
    Strategy(&'a Row),
    /// The spec declares it.
    Program(&'a Program),
}

impl<'a> Way<'a> {
    /// The strategy or program of that name.
    pub(crate) fn find(registry: &'a Registry, spec: &'a Spec, name: &str) -> Result<Self> {
        let program = spec.programs.iter().find(|program| program.name == name);
        match program {
            Some(program) => Ok(Way::Program(program)),
            None => Ok(Way::Strategy(registry.strategy(name)?)),
        }
    }

    /// Why it cannot run a workload, as far as that is known without starting anything.
    pub(crate) fn unsupported(self, registry: &Registry, entry: &Entry) -> Option<String> {
        match self {
            Way::Strategy(row) => registry.unsupported(entry, row),
            Way::Program(program) => {
                let speaks = &program.workloads;
                let known = speaks.iter().any(|name| name == entry.facts.name);
                (!known).then(|| format!("it speaks only {}", speaks.join(", ")))
            }
        }
    }

    pub(crate) fn name(self) -> &'a str {
        match self {
            Way::Strategy(row) => row.facts.name,
            Way::Program(program) => &program.name,
        }
    }

    /// What speaks HTTP for it.
    pub(crate) fn client(self) -> &'a str {
        match self {
            Way::Strategy(row) => row.facts.client.name(),
            Way::Program(program) => &program.client,
        }
    }

    /// Units that it can have in flight.
    pub(crate) fn in_flight(self, setup: &Setup) -> usize {
        match self {
            Way::Strategy(row) => row.facts.capacity.of(setup),
            Way::Program(program) => program.capacity.of(setup.limit, setup.workers),
        }
    }

    /// Threads that wait for units while it is open. A program does not tell how it waits, so the worst is assumed.
    pub(crate) fn threads(self, in_flight: usize) -> usize {
        match self {
            Way::Strategy(row) if row.facts.family == Family::Async => 0,
            Way::Strategy(_) | Way::Program(_) => in_flight,
        }
    }

    /// Whether its units can wait for several answers together.
    pub(crate) fn joins(self) -> bool {
        match self {
            Way::Strategy(row) => row.facts.joins(),
            // A program that asks one by one is slower than it could be, and not wrong.
            Way::Program(_) => true,
        }
    }

    /// The step of its timer, as far as it is known.
    pub(crate) fn quantum(self) -> Duration {
        match self {
            Way::Strategy(row) => row.facts.quantum,
            Way::Program(_) => Duration::ZERO,
        }
    }

    /// What a reader must know before taking it into use.
    pub(crate) fn advisory(self) -> Option<String> {
        match self {
            Way::Strategy(row) => row.facts.advisory.map(str::to_owned),
            Way::Program(_) => None,
        }
    }

    /// Variables to set before the worker starts.
    pub(crate) fn environment(self, setup: &Setup) -> Vec<(&'static str, String)> {
        match self {
            Way::Strategy(row) => (row.environment)(setup),
            Way::Program(_) => Vec::new(),
        }
    }

    /// What to start instead of this executable.
    pub(crate) fn command(self) -> Option<Vec<String>> {
        match self {
            Way::Strategy(_) => None,
            Way::Program(program) => Some(program.command.clone()),
        }
    }
}
