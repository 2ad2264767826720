//! One new thread per unit.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, Builder};
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use workloads::{Done, Tally, Unit, Work};

use crate::{BlockingIo, Capacity, Client, Facts, Family, Setup, Strategy, ready};

/// A thread per unit, at most the limit alive.
pub struct Threads {
    io: BlockingIo,
    limit: usize,
}

impl Strategy for Threads {
    const FACTS: Facts = Facts {
        name: "threads",
        about: "a new thread per unit, at most the limit alive",
        family: Family::Blocking,
        packages: &[],
        client: Client::Ureq,
        root: "calling thread",
        capacity: Capacity::Limit,
        quantum: Duration::ZERO,
        advisory: None,
    };

    fn open(setup: &Setup) -> Result<Self> {
        Ok(Threads {
            io: BlockingIo::open(setup)?,
            limit: setup.limit,
        })
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        let gate = Gate::new();
        let mut roots = (0..work.units()).map(Unit);
        thread::scope(|scope| -> Result<()> {
            while let Some((unit, slot)) = gate.admit(&mut roots, self.limit) {
                let unit = move || slot.settle(ready(work.step(&self.io, unit)));
                Builder::new().spawn_scoped(scope, unit).with_context(|| {
                    format!("cannot start a thread, with at most {} alive", self.limit)
                })?;
            }
            Ok(())
        })?;
        gate.state
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
            .result
    }
}

/// Lets as many threads live as the limit allows, and keeps their account.
struct Gate {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    alive: usize,
    uncovered: VecDeque<Unit>,
    result: Result<Tally>,
}

impl Gate {
    fn new() -> Self {
        let state = State {
            alive: 0,
            uncovered: VecDeque::new(),
            result: Ok(Tally::default()),
        };
        Gate {
            state: Mutex::new(state),
            changed: Condvar::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until a unit is known and a thread may start for it; `None` when all is done or something has failed.
    fn admit(
        &self,
        roots: &mut impl Iterator<Item = Unit>,
        limit: usize,
    ) -> Option<(Unit, Slot<'_>)> {
        let mut state = self.lock();
        loop {
            if state.result.is_err() {
                return None;
            }
            if state.alive < limit {
                if let Some(unit) = roots.next().or_else(|| state.uncovered.pop_front()) {
                    state.alive += 1;
                    return Some((
                        unit,
                        Slot {
                            gate: self,
                            outcome: None,
                        },
                    ));
                }
                if state.alive == 0 {
                    return None;
                }
            }
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// The right of one thread to live, given back even when its unit panics.
struct Slot<'a> {
    gate: &'a Gate,
    outcome: Option<Result<Done>>,
}

impl Slot<'_> {
    fn settle(mut self, outcome: Result<Done>) {
        self.outcome = Some(outcome);
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        let mut state = self.gate.lock();
        state.alive -= 1;
        match (
            self.outcome
                .take()
                .unwrap_or_else(|| Err(anyhow!("a unit panicked"))),
            &mut state.result,
        ) {
            (Ok(done), Ok(tally)) => {
                *tally += done.tally;
                state.uncovered.extend(done.next);
            }
            (Err(error), result @ Ok(_)) => *result = Err(error),
            (_, Err(_)) => {}
        }
        drop(state);
        self.gate.changed.notify_one();
    }
}
