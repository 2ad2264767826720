//! One unit panics. What happens to the others?

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Result;

use crate::{Done, Ended, Facts, Io, Need, Outline, Params, Tally, Unit, Work, Workload, mix};

/// Each unit waits. The unit in the middle panics after its wait.
#[derive(Clone, Debug)]
pub struct Panic {
    params: Params,
    done: Arc<AtomicU64>,
}

impl Panic {
    fn tally(&self, unit: u64) -> Tally {
        Tally::of(mix(self.params.seed, unit), &[])
    }

    fn panics(&self) -> u64 {
        self.params.tasks / 2
    }
}

impl Outline for Panic {
    fn facts(&self) -> &'static Facts {
        &Self::FACTS
    }

    fn params(&self) -> &Params {
        &self.params
    }

    fn expected(&self) -> Tally {
        (0..self.params.tasks)
            .filter(|unit| *unit != self.panics())
            .map(|unit| self.tally(unit))
            .sum()
    }
}

impl Work for Panic {
    async fn step<I: Io>(&self, io: &I, unit: Unit) -> Result<Done> {
        io.sleep(self.params.delay(Self::FACTS.name, unit.0, 0))
            .await;
        assert!(unit.0 != self.panics(), "unit {} panics, as asked", unit.0);
        self.done.fetch_add(1, Ordering::Relaxed);
        Ok(self.tally(unit.0).into())
    }

    fn begin(&self) -> Self {
        Panic {
            params: self.params.clone(),
            done: Arc::default(),
        }
    }

    fn verdict(&self, ended: &Ended) -> String {
        let others = self.params.tasks - 1;
        let done = self.done.load(Ordering::Relaxed);
        let what = match ended {
            Ended::Returned(tally) if *tally == self.expected() => {
                return "contained: all others were done, and nobody was told".to_owned();
            }
            Ended::Returned(_) => "contained, and nobody was told",
            Ended::Failed(_) => "reported to the caller as an error",
            Ended::Panicked(_) => "propagated to the caller",
        };
        format!("{what}; {done} of {others} others were done")
    }
}

impl Workload for Panic {
    const FACTS: Facts = Facts {
        needs: &[Need::Memory],
        asks: true,
        ..Facts::new(
            "panic",
            "one unit panics: is it contained, and what becomes of the others?",
        )
    };

    fn new(params: &Params) -> Result<Self> {
        params.check(&Self::FACTS)?;
        Ok(Panic {
            params: params.clone(),
            done: Arc::default(),
        })
    }
}
