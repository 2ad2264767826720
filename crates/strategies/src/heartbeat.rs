//! A heartbeat beside the units: what a strategy's neighbours suffer.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use workloads::Histogram;

use crate::runtimes::Runtime;

/// Time between two beats.
const PERIOD: Duration = Duration::from_millis(5);

/// A task or thread that wakes every 5 ms and records how late it woke. Clones share one record.
///
/// Beats keep to the schedule of the first one: a loop that is blocked for 100 ms makes twenty beats late, not one. Leaving the
/// others out would be coordinated omission.
#[derive(Clone)]
pub struct Heartbeat(Arc<State>);

struct State {
    stopped: AtomicBool,
    beats: Mutex<Beats>,
}

struct Beats {
    next: Instant,
    late: Vec<Duration>,
}

impl Heartbeat {
    pub(crate) fn new() -> Self {
        Heartbeat(Arc::new(State {
            stopped: AtomicBool::new(false),
            beats: Mutex::new(Beats {
                next: Instant::now() + PERIOD,
                late: Vec::new(),
            }),
        }))
    }

    /// Beats in a thread of its own.
    pub fn beat_in_a_thread(self) -> Result<()> {
        let beat = move || self.beat_blocking(thread::sleep);
        let thread = thread::Builder::new()
            .name("heartbeat".to_owned())
            .spawn(beat);
        thread
            .map(drop)
            .context("cannot start a thread for the heartbeat")
    }

    /// Beats with a call that blocks.
    pub(crate) fn beat_blocking(self, sleep: fn(Duration)) {
        while let Some(at) = self.next() {
            sleep(at.saturating_duration_since(Instant::now()));
            self.beat();
        }
    }

    /// Beats in a task that waits on the runtime's own timer.
    pub async fn beat_on<R: Runtime>(self, runtime: R) {
        self.beat_with(|at| runtime.sleep_until(at)).await;
    }

    /// Beats in a task that waits with `sleep`.
    pub(crate) async fn beat_with<F: Future<Output = ()>>(self, sleep: impl Fn(Instant) -> F) {
        while let Some(at) = self.next() {
            sleep(at).await;
            self.beat();
        }
    }

    /// Ends it. Beats that were due and never came count as if they came now.
    pub(crate) fn stop(&self) {
        self.0.stopped.store(true, Ordering::Relaxed);
        let now = Instant::now();
        let mut beats = self.lock();
        while beats.next <= now {
            beats.came(now);
        }
    }

    /// How late its beats were.
    pub(crate) fn lateness(&self) -> Option<Histogram> {
        Histogram::of(std::mem::take(&mut self.lock().late))
    }

    /// When the next beat is due; `None` after it was stopped.
    fn next(&self) -> Option<Instant> {
        let stopped = self.0.stopped.load(Ordering::Relaxed);
        (!stopped).then(|| self.lock().next)
    }

    fn beat(&self) {
        if !self.0.stopped.load(Ordering::Relaxed) {
            self.lock().came(Instant::now());
        }
    }

    fn lock(&self) -> MutexGuard<'_, Beats> {
        let beats = self.0.beats.lock();
        beats.unwrap_or_else(PoisonError::into_inner)
    }
}

impl Beats {
    /// Records that the next beat came at `now`.
    fn came(&mut self, now: Instant) {
        self.late.push(now.saturating_duration_since(self.next));
        self.next += PERIOD;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heartbeat_that_is_never_let_beat_has_missed_every_beat() {
        let heartbeat = Heartbeat::new();
        thread::sleep(8 * PERIOD);
        heartbeat.stop();
        let late = heartbeat.lateness().unwrap();
        assert!(late.count() >= 8, "{late:?}");
        assert!(late.max_ns() >= (7 * PERIOD).as_nanos() as u64, "{late:?}");
        assert!(heartbeat.next().is_none(), "it goes on");
    }
}
