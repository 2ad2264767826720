//! When a run ends: whether another launch follows those that were planned.

use std::time::{Duration, Instant};

use model::{End, Header, Launch, Plan, Recorded, Summary};

use crate::cells::prepared::Prepared;
use crate::parent::before::Before;
use crate::parent::event::{Event, Taken};

/// Decides after each launch whether another one follows: as long as there is time for it and an interval is wider than asked for.
pub(super) struct Stop<'a> {
    header: &'a Header,
    plan: Plan,
    start: Instant,
    /// How often the results were looked at.
    looks: u32,
    /// How long the run had been under way before it was interrupted.
    earlier: Duration,
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
            earlier: Duration::ZERO,
        }
    }

    /// The same for a run that goes on: its budget counts from its first start, without the time between, and launches that follow have
    /// numbers of their own.
    pub(super) fn go_on(
        header: &'a Header,
        plan: &Plan,
        before: &Before,
        cells: &[Prepared],
    ) -> Self {
        let mut stop = Stop::new(header, plan);
        stop.earlier = before.elapsed;
        stop.plan.beyond(&before.taken(cells), |plan| {
            plan.extend(&header.spec, &header.cells)
        });
        stop
    }

    /// The launch that follows, if one does. `tell` hears what was seen.
    pub(super) fn more(&mut self, taken: &Taken, tell: &mut dyn FnMut(&Event)) -> Option<Launch> {
        self.looks += 1;
        // Time first: whether it is the last look must not depend on what is seen.
        if !self.has_time(self.earlier + self.start.elapsed()) {
            self.exhausted = true;
            return None;
        }
        let spec = &self.header.spec;
        let widest = Summary::new(&self.recorded(taken, self.end(taken))).widest();
        let wanted = spec.precision.share();
        tell(&Event::Looked { widest, wanted });
        if widest.is_none_or(|widest| widest <= wanted) {
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
            resumed: taken.resumed.clone(),
            end: Some(end),
            timelines: Vec::new(),
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

#[cfg(test)]
mod tests {
    use model::{Host, SCHEMA_VERSION, Spec};

    use super::*;

    /// A run of one launch, with this budget.
    fn header(budget: Option<&str>) -> Header {
        let text = "name = \"test\"\nseed = 1\nconcurrency = 1\nworkers = 1\nlaunches = 1\nrounds = 1\nlong_rounds = 1\n\
                    reference = \"tokio\"\nanchor = \"tokio\"\nstrategies = [\"*\"]\nworkload = []\n";
        let mut spec: Spec = toml::from_str(text).unwrap();
        spec.budget = budget.map(|text| text.parse().unwrap());
        Header {
            schema_version: SCHEMA_VERSION,
            host: Host::default(),
            spec,
            cells: Vec::new(),
        }
    }

    fn has_time(budget: Option<&str>, launches: usize, seconds: u64) -> bool {
        let header = header(budget);
        let mut plan = Plan::once(0);
        plan.launches = vec![plan.launches[0].clone(); launches];
        Stop::new(&header, &plan).has_time(Duration::from_secs(seconds))
    }

    #[test]
    fn another_launch_begins_only_if_one_of_the_usual_length_would_end_in_time() {
        assert!(has_time(Some("60s"), 1, 30) && !has_time(Some("60s"), 1, 31));
        assert!(has_time(Some("60s"), 2, 40) && !has_time(Some("60s"), 2, 41));
        assert!(!has_time(None, 1, 0), "without a budget none is added");
    }

    #[test]
    fn a_run_that_lacks_samples_was_interrupted() {
        let header = header(None);
        let stop = Stop::new(&header, &Plan::once(0));
        let of = |taken: Taken| {
            let end = stop.end(&taken);
            (end.interrupted, end.exhausted, end.looks)
        };
        assert_eq!(of(Taken::default()), (false, false, 1));
        let lost = Taken {
            server_losses: vec![(0, "it ended".to_owned())],
            ..Taken::default()
        };
        assert_eq!(of(lost), (true, false, 1));
        for taken in [
            Taken {
                interrupted: true,
                ..Taken::default()
            },
            Taken {
                failure: Some(anyhow::anyhow!("no more memory")),
                ..Taken::default()
            },
        ] {
            assert_eq!(of(taken), (true, true, 1));
        }
    }
}
