//! Blocking: a new thread per unit.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, Builder};

use anyhow::{Context, Result, anyhow};
use workloads::{Done, Tally, Unit, Work};

use crate::{BlockingIo, Facts, Setup, Strategy, ready};

/// A thread per unit, at most the limit alive.
pub struct Threads {
    io: BlockingIo,
    limit: usize,
}

impl Strategy for Threads {
    const FACTS: Facts = Facts {
        threads: "one per unit, at most the limit alive",
        fan_out: "std::thread::scope",
        ..Facts::blocking("threads", "a new thread per unit, at most the limit alive")
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
                let unit = move || {
                    let step = AssertUnwindSafe(|| ready(work.step(&self.io, unit)));
                    slot.settle(
                        catch_unwind(step).unwrap_or_else(|_| Err(anyhow!("a unit panicked"))),
                    );
                };
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

/// Admits as many threads as the limit allows, and adds up what they produce.
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

    /// Waits until there is a unit and a thread may start for it. `None` when all units are done or one has failed.
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
                    return Some((unit, Slot(self)));
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

/// The permission for one thread, which it gives back with its outcome.
struct Slot<'a>(&'a Gate);

impl Slot<'_> {
    fn settle(self, outcome: Result<Done>) {
        let mut state = self.0.lock();
        state.alive -= 1;
        match (outcome, &mut state.result) {
            (Ok(done), Ok(tally)) => {
                *tally += done.tally;
                state.uncovered.extend(done.next);
            }
            (Err(error), result @ Ok(_)) => *result = Err(error),
            (_, Err(_)) => {}
        }
        drop(state);
        self.0.changed.notify_one();
    }
}
