//! A runtime entered from within itself, which notebooks answer with "event loop is already running".

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;

use crate::{
    Done, Ended, Facts, Io, Need, Outline, Params, Tally, Unit, Work, Workload, mix, said,
};

/// Each unit blocks on a wait, inside the runtime that runs it.
#[derive(Clone, Debug)]
pub struct NestedBlockOn {
    params: Params,
    /// The message to the first unit that was refused.
    refused: Arc<Mutex<Option<String>>>,
}

impl NestedBlockOn {
    fn tally(&self, unit: u64) -> Tally {
        Tally::of(mix(self.params.seed, unit), &[])
    }
}

impl Outline for NestedBlockOn {
    fn facts(&self) -> &'static Facts {
        &Self::FACTS
    }

    fn params(&self) -> &Params {
        &self.params
    }

    fn expected(&self) -> Tally {
        (0..self.params.tasks).map(|unit| self.tally(unit)).sum()
    }
}

impl Work for NestedBlockOn {
    async fn step<I: Io>(&self, io: &I, unit: Unit) -> Result<Done> {
        let delay = self.params.delay(Self::FACTS.name, unit.0, 0);
        match catch_unwind(AssertUnwindSafe(|| io.reenter(delay))) {
            Ok(entered) => entered?,
            Err(panic) => {
                let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
                refused.get_or_insert(message(&*panic));
                return Ok(Done::default());
            }
        }
        Ok(self.tally(unit.0).into())
    }

    fn begin(&self) -> Self {
        NestedBlockOn {
            params: self.params.clone(),
            refused: Arc::default(),
        }
    }

    fn verdict(&self, ended: &Ended) -> String {
        let refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        match (ended, refused.as_ref()) {
            (_, Some(message)) => format!("panics: {message}"),
            (Ended::Returned(tally), None) if *tally == self.expected() => "works".to_owned(),
            (Ended::Returned(_), None) => "loses units".to_owned(),
            (Ended::Failed(message), None) => format!("fails: {message}"),
            (Ended::Panicked(message), None) => format!("panics: {message}"),
        }
    }
}

/// The first sentence of the message of a panic.
fn message(panic: &(dyn Any + Send)) -> String {
    let said = said(panic);
    let first = said.lines().next().and_then(|line| line.split(". ").next());
    first.unwrap_or_default().to_owned()
}

impl Workload for NestedBlockOn {
    const FACTS: Facts = Facts {
        needs: &[Need::Runtime, Need::Memory],
        asks: true,
        ..Facts::new(
            "nested-block-on",
            "each unit enters its own runtime from within: does it panic, hang or work?",
        )
    };

    fn new(params: &Params) -> Result<Self> {
        params.check(&Self::FACTS)?;
        Ok(NestedBlockOn {
            params: params.clone(),
            refused: Arc::default(),
        })
    }
}
