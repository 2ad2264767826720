//! A child of a worker whose strategy is processes. It does one unit whenever it is asked to.

use std::time::Duration;

use anyhow::{Context, Result};
use strategies::Runner;
use strategies::processes::{FromChild, ToChild};
use workloads::Unit;

use crate::cells::registry::Registry;
use crate::meter::process::{cpu_time, nanoseconds};
use crate::protocol::lines;

/// The strategy that does its units.
const STRATEGY: &str = "sequential";

/// Answers each message of the worker until it closes the line.
pub(crate) fn serve(registry: &Registry) -> Result<()> {
    let mut child = Child {
        registry,
        runner: None,
        counted: cpu_time()?,
    };
    lines::answer(|message| {
        let answer = child.answer(message);
        answer.unwrap_or_else(|error| FromChild::Failed {
            reason: format!("{error:#}"),
        })
    })
}

struct Child<'a> {
    registry: &'a Registry,
    runner: Option<Box<dyn Runner>>,
    counted: Duration,
}

impl Child<'_> {
    fn answer(&mut self, message: ToChild) -> Result<FromChild> {
        match message {
            ToChild::Open {
                workload,
                params,
                setup,
            } => {
                let open = self.registry.opener(&workload, STRATEGY)?;
                let runner = open(&workload, &params, &setup).context("cannot open it")?;
                runner.warm_up().context("the warm-up failed")?;
                self.runner = Some(runner);
                self.count()?;
                Ok(FromChild::Opened)
            }
            ToChild::Draw { draw } => {
                let runner = self.runner.as_mut();
                let runner = runner.context("nothing is open that has delays")?;
                runner.draw(draw)?;
                self.count()?;
                Ok(FromChild::Opened)
            }
            ToChild::Unit { unit } => {
                let runner = self.runner.as_ref();
                let runner = runner.context("nothing is open that has units")?;
                let done = runner.alone(Unit(unit))?;
                Ok(FromChild::Done {
                    tally: done.tally,
                    next: done.next.into_iter().map(|unit| unit.0).collect(),
                    cpu_ns: nanoseconds(self.count()?),
                })
            }
        }
    }

    /// CPU time since the last count.
    fn count(&mut self) -> Result<Duration> {
        let now = cpu_time()?;
        Ok(now.saturating_sub(std::mem::replace(&mut self.counted, now)))
    }
}
