//! The wish to end a run early.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// Signals within this time count as one. `timeout` signals the process and then its group, and a terminal may repeat a signal.
const TOGETHER: Duration = Duration::from_millis(500);

/// Asks a run to end. A signal handler sets it. The run looks at it between samples, and while it waits for one.
#[derive(Clone, Debug, Default)]
pub struct Interrupt(Arc<State>);

#[derive(Debug, Default)]
struct State {
    set: AtomicBool,
    /// When the first signal came.
    first: OnceLock<Instant>,
}

impl Interrupt {
    /// Asks the run to end.
    pub fn set(&self) {
        self.0.set.store(true, Ordering::Relaxed);
    }

    /// Whether the run was asked to end.
    pub fn is_set(&self) -> bool {
        self.0.set.load(Ordering::Relaxed)
    }

    /// Asks the run to end because a signal came. Returns whether this is a second signal: then the process should end at once.
    pub fn signal(&self) -> bool {
        self.signal_at(Instant::now())
    }

    fn signal_at(&self, now: Instant) -> bool {
        self.set();
        let first = *self.0.first.get_or_init(|| now);
        now.saturating_duration_since(first) >= TOGETHER
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signals_within_half_a_second_are_one() {
        let (interrupt, first) = (Interrupt::default(), Instant::now());
        assert!(!interrupt.is_set());
        for (milliseconds, now) in [
            (0, false),
            (0, false),
            (499, false),
            (500, true),
            (501, true),
        ] {
            let at = first + Duration::from_millis(milliseconds);
            assert_eq!(interrupt.signal_at(at), now, "{milliseconds}");
            assert!(interrupt.is_set());
        }
    }
}
