//! Cells with everything that is known of them before they run.

pub(crate) mod backend;
pub(crate) mod draws;
pub(crate) mod pairs;
pub(crate) mod registry;

use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;

use anyhow::Result;
use bytes::Bytes;
use model::{Cell, Computes, Expectation, Load, RAW, Spec};
use strategies::{Row, Setup};
use workloads::{Entry, Means, Need, Outline, Pace, Params, ROUNDS};

use crate::Registry;
use crate::cells::backend::Way;

/// One cell, ready to be opened and judged.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// What the plan and the analysis need.
    pub cell: Cell,
    /// Name of the workload in the registry.
    pub workload: String,
    /// Name of the strategy in the registry, or of the program.
    pub strategy: String,
    /// Sizes of the workload, with the first draw of its delays.
    pub params: Params,
    /// The pure side of the workload, for these sizes or others.
    pub outline: fn(&Params) -> Result<Box<dyn Outline>>,
    /// Numbers of the strategy; the server's address comes with the server.
    pub setup: Setup,
    /// What to start instead of this executable, with its arguments, where a program of its own runs the cell.
    pub command: Option<Vec<String>>,
    /// Variables to set before the worker starts.
    pub environment: Vec<(&'static str, String)>,
    /// Whether the workload speaks to the server.
    pub server: bool,
    /// Files to write before the run, by name; cells of one workload share them.
    pub files: Arc<[(String, Bytes)]>,
    /// How fast units compute, where they do and that is known.
    pub pace: Option<Pace>,
    /// Threads that wait for units while it is open, beside those of a runtime.
    pub threads: usize,
    /// What each sample must show under the first draw.
    pub expectation: Expectation,
    /// How long one sample may take before its worker is taken for stuck.
    pub timeout: Duration,
}

/// How long something may take that is asked whether it hangs.
const ASKED_WITHIN: Duration = Duration::from_secs(3);

/// Ten seconds, ten times the floor, and a millisecond for each piece of work: no disturbance explains more.
fn timeout(expectation: &Expectation, own_floor: Option<Duration>) -> Duration {
    if expectation.asks {
        return ASKED_WITHIN;
    }
    let pieces = expectation.units.max(expectation.requests.unwrap_or(0));
    let work = Duration::from_millis(pieces);
    Duration::from_secs(10) + 10 * own_floor.unwrap_or(Duration::from_secs(5)) + work
}

impl Registry {
    /// All cells of a spec whose `strategies` are names: of strategies, or of programs that it declares. Errors name the
    /// workload's parameter. Nothing is started: what a program says itself comes with [`probe`](crate::probe()).
    pub fn prepare(&self, spec: &Spec) -> Result<Vec<Prepared>> {
        let mut prepared: Vec<Prepared> = Vec::new();
        for load in &spec.workloads {
            let entry = self.workload(&load.name)?;
            let work = Work::of(entry, load, spec)?;
            for name in self.strategies_of(spec, load) {
                let way = Way::find(self, spec, name)?;
                let unsupported = way.unsupported(self, entry);
                prepared.push(work.on(way, unsupported));
            }
        }
        Ok(prepared)
    }

    /// The strategies that run a workload: those of the spec, and where clients are calibrated the one they are compared with.
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

    /// Why a strategy cannot run a workload: because of what one needs and the other lacks, or because of this platform.
    pub fn unsupported(&self, entry: &Entry, row: &Row) -> Option<String> {
        let lack = |need: &Need| Some(format!("it lacks {need}: {}", row.facts.lack(*need)?));
        let platform = || (row.supported)().err().map(|error| format!("{error:#}"));
        let compiled = || {
            let opener = self.opener(entry.facts.name, row.facts.name);
            opener.err().map(|error| error.to_string())
        };
        let lacked = entry.facts.needs.iter().find_map(lack);
        lacked.or_else(platform).or_else(compiled)
    }
}

/// What the cells of one workload share; computed once.
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
        // What refuses a sample must be certain: how fast a machine computes never is.
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
            asks: facts.asks,
            claimed: limit as u64,
            own_floor: floor(limit, true),
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

    fn on(&self, way: Way, unsupported: Option<String>) -> Prepared {
        let (joins, spec) = (way.joins(), self.spec);
        let setup = Setup::new(self.load.concurrency(spec), self.load.workers(spec));
        let in_flight = way.in_flight(&setup);
        let inner = match joins {
            true => self.expectation.inner,
            false => 1,
        };
        let widest = usize::try_from(self.outline.widest()).unwrap_or(usize::MAX);
        let kept = self.entry.facts.server && !self.entry.facts.fresh && !self.never_asks();
        let setup = Setup {
            connections: if kept {
                widest.min(in_flight) * inner as usize
            } else {
                0
            },
            ..setup
        };
        let own_floor = match in_flight == setup.limit && joins {
            true => self.expectation.own_floor,
            false => self.floor(in_flight, joins, None),
        };
        let expectation = Expectation {
            claimed: in_flight as u64,
            inner,
            own_floor,
            ..self.expectation.clone()
        };
        let cell = self.cell(way, in_flight, &expectation);
        Prepared {
            timeout: timeout(&expectation, cell.own_floor),
            cell: Cell {
                unsupported,
                ..cell
            },
            workload: self.load.name.clone(),
            strategy: way.name().to_owned(),
            params: self.params.clone(),
            outline: self.entry.outline,
            command: way.command(),
            environment: way.environment(&setup),
            server: self.entry.facts.server,
            files: Arc::clone(&self.files),
            threads: way.threads(in_flight),
            pace: self.pace(),
            expectation,
            setup,
        }
    }

    fn floor(&self, limit: usize, joins: bool, pace: Option<Pace>) -> Option<Duration> {
        self.outline.floor(Means { limit, joins, pace })
    }

    /// How fast units compute, where they do and that is known.
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

    /// Whether nothing ever reaches the server.
    fn never_asks(&self) -> bool {
        self.expectation.requests == Some(0)
    }

    fn cell(&self, way: Way, in_flight: usize, expectation: &Expectation) -> Cell {
        let work = self.entry.facts;
        // Units that are uncovered, connect first, or compute need not all be in flight at any one time.
        let peaks = work.server && work.waits && !work.uncovers && !work.fresh;
        let peak = expectation.units.min(in_flight as u64) * expectation.inner;
        // Where units compute, that is in the floors that are shown.
        let with_computing = |limit, joins, certain| match self.pace() {
            Some(pace) => self.floor(limit, joins, Some(pace)),
            None => certain,
        };
        let limit = self.load.concurrency(self.spec);
        Cell {
            workload: self.load.label(),
            strategy: way.name().to_owned(),
            twin_of: None,
            calibration: self.load.calibration,
            client: work.server.then(|| way.client().to_owned()),
            limit,
            in_flight,
            floor: with_computing(limit, true, self.expectation.own_floor),
            own_floor: with_computing(in_flight, way.joins(), expectation.own_floor),
            latency: self.params.latency.median(),
            quantum: if work.server {
                Duration::ZERO
            } else {
                way.quantum()
            },
            units: self.outline.total_units(),
            peak: peaks.then_some(peak),
            joins: way.joins(),
            reconnects: work.reconnects || work.fresh,
            asks: work.asks,
            paced: work.paced,
            computes: self.computes(self.expectation.own_floor),
            advisory: way.advisory(),
            unsupported: None,
        }
    }
}
