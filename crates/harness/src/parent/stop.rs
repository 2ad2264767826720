//! When a run ends: whether another launch follows those that were planned.

use std::time::{Duration, Instant};

use model::{End, Header, Launch, Plan, Recorded, Summary};

use crate::parent::event::Taken;

/// Decides after each launch whether another one follows: as long as there is time for it and an interval is wider than asked for.
pub(super) struct Stop<'a> {
    header: &'a Header,
    plan: Plan,
    start: Instant,
    /// How often the results were looked at.
    looks: u32,
    /// Whether the time ran out before the intervals were narrow enough.
    exhausted: bool,
}

impl<'a> Stop<'a> {
    pub(super) fn new(header: &'a Header, plan: &Plan) -> Self {
        Stop {
            header,
            plan: plan.clone(),
            start: Instant::now(),
            looks: 0,
            exhausted: false,
        }
    }

    /// The launch that follows, if one does.
    pub(super) fn more(&mut self, taken: &Taken) -> Option<Launch> {
        self.looks += 1;
        // Time first: whether it is the last look must not depend on what is seen.
        if !self.has_time(self.start.elapsed()) {
            self.exhausted = true;
            return None;
        }
        let spec = &self.header.spec;
        let widest = Summary::new(&self.recorded(taken, self.end(taken))).widest();
        if widest.is_none_or(|widest| widest <= spec.precision.share()) {
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

    /// Everything that was recorded, if the run ends like this.
    pub(super) fn recorded(&self, taken: &Taken, end: End) -> Recorded {
        Recorded {
            header: self.header.clone(),
            samples: taken.samples.clone(),
            conditions: taken.conditions.clone(),
            end: Some(end),
            troubles: Vec::new(),
        }
    }

    /// How the run ends, if it ends now.
    pub(super) fn end(&self, taken: &Taken) -> End {
        let interrupted = taken.interrupted || taken.failure.is_some();
        End {
            // A plan that lacks samples was not carried out: nobody has chosen when a server is lost.
            interrupted: interrupted || !taken.server_losses.is_empty(),
            // Whoever interrupts a run has not seen its results. The looks before that count all the same.
            looks: (self.looks + u32::from(interrupted)).max(1),
            exhausted: self.exhausted || interrupted,
            samples: taken.samples.len() as u32,
            checksum: 0,
        }
    }
}
