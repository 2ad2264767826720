//! One comparison, from cells that are ready to everything that was recorded.

use std::cell::RefCell;

use anyhow::Result;
use model::{Cell, Header, Host, Plan, Recorded, SCHEMA_VERSION, Spec, Timeline};

use crate::cells::pairs::enter_twins;
use crate::cells::prepared::Prepared;
use crate::parent::before::Before;
use crate::parent::event::Event;
use crate::parent::files::Files;
use crate::parent::interrupt::Interrupt;
use crate::parent::keeper::Keeper;
use crate::parent::process::hello::probe;
use crate::parent::run::go_on;
use crate::parent::stop::Stop;
use crate::parent::trace::trace;
use crate::store::journal::Journal;

/// Everything that is known before a process is started.
#[derive(Debug)]
pub struct Job {
    /// Where it is measured.
    pub host: Host,
    /// What was asked for.
    pub spec: Spec,
    /// What is measured.
    pub cells: Vec<Prepared>,
}

/// What a job brought.
#[derive(Debug)]
pub struct Measured {
    /// The header, all samples, and how the run ended.
    pub recorded: Recorded,
    /// Why the journal could not be written to its end, if it could not.
    pub unkept: Option<anyhow::Error>,
    /// Launches that lost the server, and why.
    pub server_losses: Vec<(usize, String)>,
    /// Why the run ended before its plan, if it did.
    pub failure: Option<anyhow::Error>,
}

impl Job {
    /// Plans the run. Programs and other builds are started once, to ask whether they can run here. Then the A/A pairs are entered,
    /// unless the cells have some already.
    pub fn plan(&mut self, interrupt: &Interrupt) -> Plan {
        probe(&mut self.cells, interrupt);
        // After they were asked: a row that cannot run here is no pair.
        if self
            .cells
            .iter()
            .all(|cell| cell.cell.row.twin_of().is_none())
        {
            enter_twins(&self.spec, &mut self.cells);
        }
        Plan::new(&self.spec, &self.names())
    }

    /// Plans a gate: the cells are asked as for [`plan`](Self::plan), no pair is entered, and the builds of a row stand beside each
    /// other.
    pub fn plan_balanced(&mut self, interrupt: &Interrupt) -> Plan {
        probe(&mut self.cells, interrupt);
        Plan::balanced(&self.spec, &self.names())
    }

    /// The cells, as the header has them.
    pub fn names(&self) -> Vec<Cell> {
        self.cells.iter().map(|cell| cell.cell.clone()).collect()
    }

    /// The first line of what is recorded.
    fn header(&self) -> Header {
        Header {
            schema_version: SCHEMA_VERSION,
            host: self.host.clone(),
            spec: self.spec.clone(),
            cells: self.names(),
        }
    }

    /// Takes all samples of `plan`, and those of further launches as long as the spec's budget and precision ask for them. Every
    /// sample is written to `journal` at once; where that fails, the run goes on and [`Measured::unkept`] says why. `tell` hears
    /// of every event.
    ///
    /// # Errors
    ///
    /// If nothing could be measured at all. What goes wrong later is in [`Measured::failure`], beside what was recorded until then.
    pub fn measure(
        &self,
        plan: &Plan,
        interrupt: &Interrupt,
        journal: Option<&mut Journal>,
        tell: &mut dyn FnMut(&Event),
    ) -> Result<Measured> {
        self.go_on(plan, None, interrupt, journal, tell)
    }

    /// Runs each cell once more with a recorder around its work.
    ///
    /// # Errors
    ///
    /// As [`trace`].
    pub fn trace(&self, interrupt: &Interrupt) -> Result<Vec<Timeline>> {
        let mut cells = self.cells.clone();
        let _files = Files::write(&mut cells)?;
        trace(&cells, interrupt, &mut |_| {})
    }

    /// The same for a run that was interrupted: takes what of `plan` is not there `before`.
    ///
    /// # Errors
    ///
    /// As [`measure`](Self::measure).
    pub fn go_on(
        &self,
        plan: &Plan,
        before: Option<&Before>,
        interrupt: &Interrupt,
        journal: Option<&mut Journal>,
        tell: &mut dyn FnMut(&Event),
    ) -> Result<Measured> {
        let header = match before {
            Some(before) => before.recorded.header.clone(),
            None => self.header(),
        };
        let mut keeper = match before {
            Some(before) => Keeper::go_on(journal, before, tell),
            None => Keeper::begin(journal, &header, tell),
        };
        let mut stop = match before {
            Some(before) => Stop::go_on(&header, plan, before, &self.cells),
            None => Stop::new(&header, plan),
        };
        // Samples are told of, and so are looks at all of them.
        let tell = RefCell::new(tell);
        let taken = go_on(
            plan,
            before,
            &self.cells,
            interrupt,
            &mut |event| {
                let tell = &mut **tell.borrow_mut();
                tell(&event);
                keeper.keep(&event, tell);
                Ok(())
            },
            &mut |taken| stop.more(taken, &mut **tell.borrow_mut()),
        )?;
        let tell = tell.into_inner();
        let mut end = stop.end(&taken);
        keeper.write(tell, |journal| journal.end(&mut end));
        Ok(Measured {
            recorded: stop.recorded(&taken, end),
            unkept: keeper.failure(),
            server_losses: taken.server_losses,
            failure: taken.failure,
        })
    }
}
