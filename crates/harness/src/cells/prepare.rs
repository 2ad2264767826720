//! From a spec to its cells: what each one is given, and what it must show.

use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;

use anyhow::Result;
use bytes::Bytes;
use model::{Cell, Computes, Expectation, Load, RAW, Row, Spec};
use strategies::Setup;
use workloads::{Entry, Means, Outline, Pace, Params, ROUNDS};

use crate::cells::backend::{Backend, Compiled};
use crate::cells::prepared::Prepared;
use crate::cells::registry::Registry;

/// How long a sample may take where the question is whether it hangs.
const ASKED_WITHIN: Duration = Duration::from_secs(3);

/// Ten seconds, ten times the floor, and a millisecond for each piece of work. No disturbance explains more than that.
fn timeout(cell: &Cell, expectation: &Expectation) -> Duration {
    if cell.asks {
        return ASKED_WITHIN;
    }
    let pieces = expectation.units.max(expectation.requests.unwrap_or(0));
    let work = Duration::from_millis(pieces);
    Duration::from_secs(10) + 10 * cell.own_floor.unwrap_or(Duration::from_secs(5)) + work
}

impl Registry {
    /// All cells of a spec. Its `strategies` must be names: of strategies, or of programs that it declares. Nothing is started, so
    /// what a program says of itself is not known yet.
    ///
    /// # Errors
    ///
    /// If a name is unknown, or a workload cannot have these sizes. The error names the parameter.
    pub fn prepare(&self, spec: &Spec) -> Result<Vec<Prepared>> {
        let mut prepared: Vec<Prepared> = Vec::new();
        for load in &spec.workloads {
            let entry = self.workload(&load.name)?;
            let work = Work::of(entry, load, spec)?;
            for name in self.strategies_of(spec, load) {
                let (backend, unsupported) = self.backend(spec, entry, name)?;
                prepared.push(work.on(backend, Row::named(name)?, unsupported));
            }
        }
        Ok(prepared)
    }

    /// The strategies that run a workload: those of the spec. Where clients are calibrated, the row that they are compared with is
    /// added.
    fn strategies_of<'a>(&self, spec: &'a Spec, load: &Load) -> Vec<&'a str> {
        let mut names: Vec<&str> = spec.strategies.iter().map(String::as_str).collect();
        let server = self
            .workload(&load.name)
            .is_ok_and(|entry| entry.facts.server);
        if load.calibration && server && !names.contains(&RAW) && self.strategy(RAW).is_ok() {
            names.push(RAW);
        }
        names
    }

    /// What runs the strategy or program of that name, and why it cannot run this workload, as far as that is known without starting
    /// anything.
    fn backend(&self, spec: &Spec, entry: &Entry, name: &str) -> Result<(Backend, Option<String>)> {
        let program = spec.programs.iter().find(|program| program.name == name);
        Ok(match program {
            Some(program) => {
                let speaks = &program.workloads;
                let known = speaks.iter().any(|name| name == entry.facts.name);
                let unsupported = (!known).then(|| format!("it speaks only {}", speaks.join(", ")));
                (Backend::Program(program.clone()), unsupported)
            }
            None => {
                let row = self.strategy(name)?;
                let backend = Backend::ThisExecutable(Compiled::of(row));
                (backend, self.unsupported(entry, row))
            }
        })
    }
}

/// What the cells of one workload share. It is computed once.
struct Work<'a> {
    entry: &'a Entry,
    load: &'a Load,
    spec: &'a Spec,
    params: Params,
    outline: Box<dyn Outline>,
    files: Arc<[(String, Bytes)]>,
    expectation: Expectation,
}

impl<'a> Work<'a> {
    fn of(entry: &'a Entry, load: &'a Load, spec: &'a Spec) -> Result<Self> {
        let mut params = load.params(spec.seed);
        if let Some(steps) = load.steps(entry.facts, spec.computing.as_ref())? {
            params.numbers.insert(ROUNDS.name.to_owned(), steps);
        }
        let outline = (entry.outline)(&params)?;
        let (facts, limit) = (entry.facts, load.concurrency(spec));
        // Only certain bounds may refuse a sample, and how fast a machine computes is never certain.
        let floor = |limit, joins| {
            outline.floor(Means {
                limit,
                joins,
                pace: None,
            })
        };
        let expectation = Expectation {
            tally: outline.expected(),
            units: outline.units(),
            requests: facts.server.then(|| outline.requests()),
            answered: outline.answered(),
            fresh: facts.fresh,
            inner: outline.inner(),
            claimed: limit as u64,
            least: floor(limit, true),
            waiting: floor(1, false).filter(|_| facts.waits),
            processors: available_parallelism().map_or(1, |count| count.get() as u64),
        };
        Ok(Work {
            entry,
            load,
            spec,
            params,
            files: outline.files().into(),
            outline,
            expectation,
        })
    }

    /// The cell that this backend runs.
    fn on(&self, backend: Backend, row: Row, unsupported: Option<String>) -> Prepared {
        let spec = self.spec;
        let setup = Setup::new(self.load.concurrency(spec), self.load.workers(spec));
        let in_flight = backend.in_flight(&setup);
        let expectation = self.expected_of(&backend, in_flight);
        let setup = Setup {
            connections: self.connections(in_flight, expectation.inner),
            ..setup
        };
        let cell = self.cell(&backend, row, in_flight, &expectation);
        let unsupported = unsupported.or_else(|| self.too_narrow(in_flight));
        Prepared {
            timeout: timeout(&cell, &expectation),
            cell: Cell {
                unsupported,
                ..cell
            },
            workload: self.load.name.clone(),
            strategy: backend.name().to_owned(),
            params: self.params.clone(),
            outline: self.entry.outline,
            environment: backend.environment(&setup),
            server: self.entry.facts.server,
            files: Arc::clone(&self.files),
            threads: backend.threads(in_flight),
            pace: self.pace(),
            backend,
            expectation,
            setup,
        }
    }

    /// Why a row cannot hold all units that wait for each other, if it cannot.
    fn too_narrow(&self, in_flight: usize) -> Option<String> {
        let together = self.outline.together();
        ((in_flight as u64) < together).then(|| {
            format!(
                "{together} units wait for each other, so all must be in flight at once; it can hold {in_flight}"
            )
        })
    }

    /// What its samples must show.
    fn expected_of(&self, backend: &Backend, in_flight: usize) -> Expectation {
        let joins = backend.joins();
        let common = joins && in_flight == self.load.concurrency(self.spec);
        Expectation {
            claimed: in_flight as u64,
            inner: if joins { self.expectation.inner } else { 1 },
            least: match common {
                true => self.expectation.least,
                false => self.floor(in_flight, joins, None),
            },
            ..self.expectation.clone()
        }
    }

    /// How many connections to open before the clock starts: as many as units that are in flight can use.
    fn connections(&self, in_flight: usize, inner: u64) -> usize {
        let never_asks = self.expectation.requests == Some(0);
        if !self.entry.facts.server || self.entry.facts.fresh || never_asks {
            return 0;
        }
        let widest = usize::try_from(self.outline.widest()).unwrap_or(usize::MAX);
        widest.min(in_flight) * inner as usize
    }

    fn floor(&self, limit: usize, joins: bool, pace: Option<Pace>) -> Option<Duration> {
        self.outline.floor(Means { limit, joins, pace })
    }

    /// How fast units compute, if they compute and their speed is known.
    fn pace(&self) -> Option<Pace> {
        let computes = self.entry.facts.computes;
        self.spec.computing.filter(|_| computes).map(|it| it.pace())
    }

    /// What the units compute, and the bounds that follow.
    fn computes(&self, waits: Option<Duration>) -> Option<Computes> {
        let computing = self.spec.computing.filter(|_| self.entry.facts.computes)?;
        let (units, steps) = (self.outline.total_units(), self.outline.steps());
        Some(Computes::new(units, steps, &computing, waits))
    }

    /// What the plan and the analysis need of it.
    fn cell(
        &self,
        backend: &Backend,
        row: Row,
        in_flight: usize,
        expectation: &Expectation,
    ) -> Cell {
        let work = self.entry.facts;
        // Units that are uncovered by others, connect first, or compute may never all be in flight at the same time.
        let peaks = work.server && work.waits && !work.uncovers && !work.fresh;
        let peak = expectation.units.min(in_flight as u64) * expectation.inner;
        // The floors that are shown include what units compute.
        let with_computing = |limit, joins, certain| match self.pace() {
            Some(pace) => self.floor(limit, joins, Some(pace)),
            None => certain,
        };
        let limit = self.load.concurrency(self.spec);
        Cell {
            workload: self.load.label(),
            row,
            calibration: self.load.calibration,
            client: work.server.then(|| backend.client().to_owned()),
            limit,
            in_flight,
            floor: with_computing(limit, true, self.expectation.least),
            own_floor: with_computing(in_flight, backend.joins(), expectation.least),
            latency: self.params.latency.median(),
            quantum: if work.server {
                Duration::ZERO
            } else {
                backend.quantum()
            },
            units: self.outline.total_units(),
            peak: peaks.then_some(peak),
            joins: backend.joins(),
            reconnects: work.reconnects || work.fresh,
            asks: work.asks,
            paced: work.paced,
            computes: self.computes(self.expectation.least),
            manner: backend.manner(),
            advisory: backend.advisory(),
            unsupported: None,
        }
    }
}
