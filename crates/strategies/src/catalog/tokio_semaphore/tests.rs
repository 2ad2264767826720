//! What a unit that is not there yet may hold.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use workloads::{Done, Io, Outline, Params, Tally, Unit, Work, Workload};

use super::*;
use crate::tests::SETUP;

/// Units of which the first arrives long after all others.
#[derive(Clone)]
struct Late {
    params: Params,
    start: Instant,
}

/// Units in the order in which they ended.
static ENDED: Mutex<Vec<u64>> = Mutex::new(Vec::new());

impl Outline for Late {
    fn facts(&self) -> &'static workloads::Facts {
        &Self::FACTS
    }

    fn params(&self) -> &Params {
        &self.params
    }

    fn expected(&self) -> Tally {
        (0..self.units()).map(|unit| Tally::of(unit, b"")).sum()
    }
}

impl Workload for Late {
    const FACTS: workloads::Facts = workloads::Facts::new("late", "the first unit arrives last");

    fn new(params: &Params) -> Result<Self> {
        Ok(Late {
            params: params.clone(),
            start: Instant::now(),
        })
    }
}

impl Work for Late {
    async fn step<I: Io>(&self, io: &I, unit: Unit) -> Result<Done> {
        io.sleep_until(self.due(unit).unwrap_or(self.start)).await;
        let mut ended = ENDED.lock().unwrap_or_else(PoisonError::into_inner);
        ended.push(unit.0);
        Ok(Tally::of(unit.0, b"").into())
    }

    fn due(&self, unit: Unit) -> Option<Instant> {
        let late = Duration::from_millis(if unit.0 == 0 { 500 } else { 0 });
        Some(self.start + late)
    }
}

#[test]
fn a_unit_that_has_not_arrived_holds_no_permit() {
    let params = Params::new(1, 20, "0ms".parse().unwrap());
    let one = Setup { limit: 1, ..SETUP };
    let strategy = TokioSemaphore::open(&one).unwrap();
    let work = Late::new(&params).unwrap();
    assert_eq!(strategy.run(&work).unwrap(), work.expected());
    let ended = ENDED.lock().unwrap();
    assert_eq!((ended.len(), ended.last()), (20, Some(&0)), "{ended:?}");
}
