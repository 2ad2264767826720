//! One comparison, from cells that are ready to everything that was recorded.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use harness::journal::Journal;
use harness::{Event, Interrupt, Prepared, Taken, enter_twins, probe};
use model::{Cell, End, Header, Host, Launch, Plan, Recorded, SCHEMA_VERSION, Spec, Summary};

/// Everything that is known before a process is started.
pub(crate) struct Job {
    pub(crate) host: Host,
    pub(crate) spec: Spec,
    pub(crate) cells: Vec<Prepared>,
}

/// What came of it.
pub(crate) struct Measured {
    pub(crate) recorded: Recorded,
    /// Why lines of the journal could not be kept, from some sample on.
    pub(crate) unkept: Option<anyhow::Error>,
    /// Launches in which the server was lost, and why.
    pub(crate) server_losses: Vec<(usize, String)>,
    /// Why it had to end before its plan did, if it had to.
    pub(crate) failure: Option<anyhow::Error>,
}

/// Refuses builds whose times mean nothing.
pub(crate) fn check_build(host: &Host, allow_debug: bool) -> Result<()> {
    ensure!(
        host.profile != "debug" || allow_debug,
        "this is a debug build, whose times mean nothing; use `cargo bench` or `cargo run --release`"
    );
    Ok(())
}

impl Job {
    /// Enters the A/A pairs, where there are none, and plans what can run here. That of programs is known only once they have been
    /// started.
    pub(crate) fn plan(&mut self, interrupt: &Interrupt) -> Plan {
        probe(&self.spec.programs, &mut self.cells, interrupt);
        // Of rows that can run.
        if self
            .cells
            .iter()
            .all(|cell| cell.cell.row.twin_of().is_none())
        {
            enter_twins(&self.spec, &mut self.cells);
        }
        Plan::new(&self.spec, &self.names())
    }

    fn names(&self) -> Vec<Cell> {
        self.cells.iter().map(|cell| cell.cell.clone()).collect()
    }

    /// The first line of what will be recorded.
    fn header(&self) -> Header {
        Header {
            schema_version: SCHEMA_VERSION,
            host: self.host.clone(),
            spec: self.spec.clone(),
            cells: self.names(),
        }
    }

    /// Measures, keeps every line in `journal` as long as that can be written, and tells what happens.
    ///
    /// # Errors
    ///
    /// If nothing could be measured at all.
    pub(crate) fn measure(
        &self,
        plan: &Plan,
        interrupt: &Interrupt,
        journal: Option<&mut Journal>,
        tell: &mut dyn FnMut(&Event),
    ) -> Result<Measured> {
        let header = self.header();
        let mut keeper = Keeper::begin(journal, &header);
        let mut stop = Stop::new(&header, plan);
        let taken = harness::run(
            plan,
            &self.cells,
            interrupt,
            &mut |event| {
                tell(&event);
                keeper.keep(&event);
                Ok(())
            },
            &mut |taken| stop.more(taken),
        )?;
        let mut end = stop.end(&taken);
        keeper.write(|journal| journal.end(&mut end));
        Ok(Measured {
            recorded: recorded(&header, &taken, end),
            unkept: keeper.failure,
            server_losses: taken.server_losses,
            failure: taken.failure,
        })
    }
}

/// Writes the journal until it cannot be written any more; what was measured is in memory too.
struct Keeper<'a> {
    journal: Option<&'a mut Journal>,
    samples: u32,
    failure: Option<anyhow::Error>,
}

impl<'a> Keeper<'a> {
    fn begin(journal: Option<&'a mut Journal>, header: &Header) -> Self {
        let mut keeper = Keeper {
            journal,
            samples: 0,
            failure: None,
        };
        keeper.write(|journal| journal.begin(header));
        keeper
    }

    fn keep(&mut self, event: &Event) {
        match event {
            Event::Sampled(sample) => {
                self.write(|journal| journal.sample(sample));
                self.samples += 1;
            }
            Event::Block(conditions) => self.write(|journal| journal.block(conditions)),
            _ => {}
        }
    }

    fn write(&mut self, write: impl FnOnce(&mut Journal) -> Result<()>) {
        let Some(journal) = self.journal.as_mut().filter(|_| self.failure.is_none()) else {
            return;
        };
        if let Err(error) = write(journal) {
            // A line that is cut off would hide the one behind it, so nothing more is written.
            let error = error.context(format!("kept until sample {}", self.samples));
            eprintln!(
                "makespan: {error:#}; the run goes on, and what it measures is in its tables only"
            );
            self.failure = Some(error);
        }
    }
}

fn recorded(header: &Header, taken: &Taken, end: End) -> Recorded {
    Recorded {
        header: header.clone(),
        samples: taken.samples.clone(),
        conditions: taken.conditions.clone(),
        end: Some(end),
        troubles: Vec::new(),
    }
}

/// Decides after each launch whether another one follows: while there is time for it and the intervals are wider than asked for.
struct Stop<'a> {
    header: &'a Header,
    plan: Plan,
    start: Instant,
    looks: u32,
    exhausted: bool,
}

impl<'a> Stop<'a> {
    fn new(header: &'a Header, plan: &Plan) -> Self {
        Stop {
            header,
            plan: plan.clone(),
            start: Instant::now(),
            looks: 0,
            exhausted: false,
        }
    }

    fn more(&mut self, taken: &Taken) -> Option<Launch> {
        self.looks += 1;
        // Time first: whether it is the last look must not depend on what is seen.
        if !self.has_time(self.start.elapsed()) {
            self.exhausted = true;
            return None;
        }
        let summary = Summary::new(&recorded(self.header, taken, self.end(taken)));
        let spec = &self.header.spec;
        if summary
            .widest()
            .is_none_or(|widest| widest <= spec.precision.share())
        {
            return None;
        }
        self.plan.extend(spec, &self.header.cells);
        self.plan.launches.last().cloned()
    }

    /// Whether a launch as long as those before would end within the budget.
    fn has_time(&self, elapsed: Duration) -> bool {
        // The one that measures timers and clients is much shorter than the others.
        let first = self.header.cells.iter().any(|cell| cell.calibration);
        let launches = (self.plan.launches.len() - usize::from(first)).max(1) as u32;
        let budget = self.header.spec.budget;
        budget.is_some_and(|budget| elapsed + elapsed / launches <= budget.0)
    }

    fn end(&self, taken: &Taken) -> End {
        let interrupted = taken.interrupted || taken.failure.is_some();
        End {
            // A plan that lacks samples was not carried out; who lost the server has not chosen when.
            interrupted: interrupted || !taken.server_losses.is_empty(),
            // Whoever interrupts a run has not seen its results, but what was looked at before has been paid for.
            looks: (self.looks + u32::from(interrupted)).max(1),
            exhausted: self.exhausted || interrupted,
            samples: taken.samples.len() as u32,
            checksum: 0,
        }
    }
}
