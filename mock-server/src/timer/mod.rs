//! Any number of waits on one alarm, set to the earliest of them.

mod alarm;
mod allowance;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use anyhow::Result;
use tokio::task::yield_now;

use crate::timer::alarm::Alarm;
use crate::timer::allowance::{Allowance, LONGEST_LEAD};

/// Waits of one runtime. They end only while [`Timer::drive`] runs on it.
///
/// An idle processor needs up to 0.2 ms to come back. So the alarm is set early, by as much as it was late before, and the rest is
/// passed by looking at the clock between other tasks. That may cost 5 % of a processor and no more.
pub(crate) struct Timer {
    alarm: Alarm,
    /// How early the alarm is set.
    lead: Cell<Duration>,
    /// What it was set to last.
    set_to: Cell<Option<Instant>>,
    /// A tree: unlike a heap, it lets a wait go that is given up.
    waiting: RefCell<BTreeMap<Key, Waker>>,
    next_id: Cell<u64>,
}

/// The deadline of a wait, and a number that no other wait has.
type Key = (Instant, u64);

/// One wait. It is ready at its deadline or later, never earlier.
pub(crate) struct Wait<'a> {
    timer: &'a Timer,
    key: Key,
}

impl Timer {
    /// Belongs to the runtime that it is called on.
    pub(crate) fn new() -> Result<Self> {
        Ok(Timer {
            alarm: Alarm::new()?,
            lead: Cell::default(),
            set_to: Cell::default(),
            waiting: RefCell::default(),
            next_id: Cell::default(),
        })
    }

    /// Waits until `at`.
    pub(crate) fn until(&self, at: Instant) -> Wait<'_> {
        let id = self.next_id.get();
        self.next_id.set(id + 1);
        let key = (at, id);
        Wait { timer: self, key }
    }

    /// Ends waits as they fall due, for ever. Reports each time how many fell due together.
    pub(crate) async fn drive(&self, mut due: impl FnMut(u64)) {
        let mut allowance = Allowance::new(Instant::now());
        loop {
            self.alarm.rung().await;
            let rung = Instant::now();
            self.learn(rung);
            loop {
                let now = Instant::now();
                let mut batch = 0;
                while let Some(waker) = self.pop(now) {
                    waker.wake();
                    batch += 1;
                }
                // The alarm may ring for a wait that was given up.
                if batch > 0 {
                    due(batch);
                }
                let Some(left) = self.earliest().map(|at| at.saturating_duration_since(now)) else {
                    break;
                };
                if left > self.lead.get() || !allowance.covers(rung, now) {
                    break;
                }
                yield_now().await;
            }
            allowance.spend(rung, Instant::now());
            if let Some(at) = self.earliest() {
                let lead = if allowance.is_left() {
                    self.lead.get()
                } else {
                    Duration::ZERO
                };
                self.set(at, lead);
            }
        }
    }

    fn earliest(&self) -> Option<Instant> {
        self.waiting
            .borrow()
            .first_key_value()
            .map(|((at, _), _)| *at)
    }

    fn set(&self, at: Instant, lead: Duration) {
        // Nothing is before the origin of the clock, and an alarm in the past rings at once.
        let at = at.checked_sub(lead).unwrap_or(at);
        self.set_to.set(Some(at));
        self.alarm.set(at);
    }

    /// Moves the lead an eighth of the way to the delay of this ring.
    fn learn(&self, rung: Instant) {
        if let Some(late) = self
            .set_to
            .take()
            .and_then(|at| rung.checked_duration_since(at))
        {
            self.lead
                .set((self.lead.get() * 7 + late.min(LONGEST_LEAD)) / 8);
        }
    }

    fn pop(&self, now: Instant) -> Option<Waker> {
        let mut waiting = self.waiting.borrow_mut();
        let earliest = waiting.first_entry()?;
        (earliest.key().0 <= now).then(|| earliest.remove())
    }

    fn enlist(&self, key: Key, waker: Waker) {
        let mut waiting = self.waiting.borrow_mut();
        let earliest = waiting
            .first_key_value()
            .is_none_or(|(first, _)| key < *first);
        waiting.insert(key, waker);
        if earliest {
            self.set(key.0, self.lead.get());
        }
    }
}

impl Future for Wait<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if Instant::now() >= self.key.0 {
            return Poll::Ready(());
        }
        self.timer.enlist(self.key, context.waker().clone());
        Poll::Pending
    }
}

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        self.timer.waiting.borrow_mut().remove(&self.key);
    }
}

#[cfg(test)]
mod tests;
