//! Any number of waits on one alarm, set to the earliest of them.

pub(crate) mod alarm;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use tokio::task::yield_now;

use crate::timer::alarm::{Alarm, SystemAlarm};

/// Waits of one runtime. They end only while [`Timer::drive`] runs on it.
///
/// A processor that idles needs up to 0.2 ms to come back, so the alarm is set early by as much as it was late before, and what
/// is left is passed by looking at the clock between other tasks. That may cost 5 % of a processor and no more.
pub(crate) struct Timer<A = SystemAlarm> {
    alarm: A,
    /// How early the alarm is set.
    lead: Cell<Duration>,
    /// What it was set to last.
    set_to: Cell<Option<Instant>>,
    /// A tree rather than a heap, so that a wait that is given up leaves nothing behind.
    waiting: RefCell<BTreeMap<Key, Waker>>,
    next_id: Cell<u64>,
}

/// The deadline of a wait, and a number that no other wait has.
type Key = (Instant, u64);

/// One wait; ready at its deadline or later, never earlier.
pub(crate) struct Wait<'a, A: Alarm> {
    timer: &'a Timer<A>,
    key: Key,
}

impl<A: Alarm> Timer<A> {
    pub(crate) fn new(alarm: A) -> Self {
        Timer {
            alarm,
            lead: Cell::default(),
            set_to: Cell::default(),
            waiting: RefCell::default(),
            next_id: Cell::default(),
        }
    }

    /// Waits until `at`.
    pub(crate) fn until(&self, at: Instant) -> Wait<'_, A> {
        let id = self.next_id.get();
        self.next_id.set(id + 1);
        let key = (at, id);
        Wait { timer: self, key }
    }

    /// Ends waits as they fall due, for ever; reports how many fell due together.
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
                // The alarm of a wait that was given up rings for nobody.
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

    /// Moves the lead an eighth of the way to what would have been right this time.
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

/// The most by which the alarm is set early; a longer delay is no idle processor but a stall.
const LONGEST_LEAD: Duration = Duration::from_micros(200);

/// Time that may be spent looking at the clock: a twentieth of all time, of which a little can be saved up.
struct Allowance {
    left: Duration,
    since: Instant,
}

impl Allowance {
    const MOST: Duration = Duration::from_millis(2);

    fn new(now: Instant) -> Self {
        Allowance {
            left: Self::MOST,
            since: now,
        }
    }

    fn is_left(&self) -> bool {
        self.left >= LONGEST_LEAD
    }

    fn covers(&self, from: Instant, to: Instant) -> bool {
        to - from <= self.left
    }

    fn spend(&mut self, from: Instant, to: Instant) {
        let earned = (to - self.since) / 20;
        self.left = (self.left + earned)
            .min(Self::MOST)
            .saturating_sub(to - from);
        self.since = to;
    }
}

impl<A: Alarm> Future for Wait<'_, A> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if Instant::now() >= self.key.0 {
            return Poll::Ready(());
        }
        self.timer.enlist(self.key, context.waker().clone());
        Poll::Pending
    }
}

impl<A: Alarm> Drop for Wait<'_, A> {
    fn drop(&mut self) {
        self.timer.waiting.borrow_mut().remove(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;
    use std::sync::{Arc, Mutex};
    use std::task::Wake;

    use tokio::runtime::{Builder, LocalOptions};
    use tokio::task::spawn_local;

    use super::*;
    use crate::timer::alarm::ThreadAlarm;

    const MS: Duration = Duration::from_millis(1);

    type Batches = Rc<RefCell<Vec<u64>>>;

    /// Runs a test on a driven timer, with the batches that fell due.
    fn with<A: Alarm + 'static>(
        alarm: fn() -> anyhow::Result<A>,
        test: impl AsyncFnOnce(Rc<Timer<A>>, Batches),
    ) {
        let runtime = Builder::new_current_thread()
            .enable_io()
            .build_local(LocalOptions::default())
            .unwrap();
        runtime.block_on(async {
            let timer = Rc::new(Timer::new(alarm().unwrap()));
            let batches = Batches::default();
            let (driven, seen) = (timer.clone(), batches.clone());
            spawn_local(async move { driven.drive(|batch| seen.borrow_mut().push(batch)).await });
            test(timer, batches).await;
        });
    }

    /// Writes down when it was woken.
    struct Recorder {
        ms: u32,
        woken: Arc<Mutex<Vec<(u32, Instant)>>>,
    }

    impl Wake for Recorder {
        fn wake(self: Arc<Self>) {
            self.woken.lock().unwrap().push((self.ms, Instant::now()));
        }
    }

    #[test]
    fn looking_at_the_clock_costs_a_twentieth_of_all_time() {
        let start = Instant::now();
        let mut allowance = Allowance::new(start);
        let most = Allowance::MOST;
        assert!(allowance.is_left() && allowance.covers(start, start + most));
        allowance.spend(start, start + most);
        assert!(!allowance.is_left(), "all of it is spent");
        // 20 ms later a millisecond has been earned, whatever was asked for.
        let later = start + most + 20 * MS;
        allowance.spend(later, later);
        assert!(allowance.covers(later, later + MS) && !allowance.covers(later, later + 2 * MS));
        let much_later = later + 60_000 * MS;
        allowance.spend(much_later, much_later);
        assert_eq!(allowance.left, most, "only a little can be saved up");
    }

    async fn order<A: Alarm + 'static>(timer: Rc<Timer<A>>, _: Batches) {
        let began = Instant::now();
        let woken = Arc::new(Mutex::new(Vec::new()));
        // Downwards, so that each one sets the alarm anew.
        for (id, ms) in [30, 20, 20, 10, 1, 0].into_iter().enumerate() {
            let woken = woken.clone();
            let waker = Arc::new(Recorder { ms, woken }).into();
            timer.enlist((began + MS * ms, 1000 + id as u64), waker);
        }
        while woken.lock().unwrap().len() < 6 {
            yield_now().await;
        }
        let woken = std::mem::take(&mut *woken.lock().unwrap());
        let order: Vec<_> = woken.iter().map(|(ms, _)| *ms).collect();
        assert_eq!(order, [0, 1, 10, 20, 20, 30]);
        for (ms, at) in woken {
            assert!(at >= began + MS * ms, "{ms} ms ended early");
        }
        let at = Instant::now() + MS * 5;
        timer.until(at).await;
        assert!(Instant::now() >= at);
    }

    #[test]
    fn waits_end_in_the_order_of_their_deadlines_and_never_early() {
        with(SystemAlarm::new, order);
        with(ThreadAlarm::new, order);
    }

    async fn batch<A: Alarm + 'static>(timer: Rc<Timer<A>>, batches: Batches) {
        let at = Instant::now();
        for id in 0..100 {
            timer.enlist((at, 1000 + id), Waker::noop().clone());
        }
        while batches.borrow().is_empty() {
            yield_now().await;
        }
        assert_eq!(*batches.borrow(), [100]);
    }

    #[test]
    fn what_falls_due_together_is_one_batch() {
        with(SystemAlarm::new, batch);
        with(ThreadAlarm::new, batch);
    }

    async fn given_up<A: Alarm + 'static>(timer: Rc<Timer<A>>, batches: Batches) {
        let later = Instant::now() + MS * 60_000;
        for n in 0..1000 {
            let mut wait = timer.until(later - MS * n);
            let mut context = Context::from_waker(Waker::noop());
            assert!(Pin::new(&mut wait).poll(&mut context).is_pending());
            assert_eq!(timer.waiting.borrow().len(), 1);
        }
        assert!(timer.waiting.borrow().is_empty());

        // The alarm rings for a wait that is gone; the one after it must still be woken.
        let last = Instant::now() + MS * 20;
        timer.enlist((last, 5000), Waker::noop().clone());
        timer.enlist((Instant::now(), 5001), Waker::noop().clone());
        timer.waiting.borrow_mut().pop_first();
        while batches.borrow().is_empty() {
            yield_now().await;
        }
        assert!(Instant::now() >= last);
        assert_eq!(*batches.borrow(), [1]);
    }

    #[test]
    fn a_wait_that_is_given_up_leaves_nothing_behind() {
        with(SystemAlarm::new, given_up);
        with(ThreadAlarm::new, given_up);
    }
}
