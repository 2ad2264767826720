//! The wish to end early.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// Signals within this time are one: `timeout` sends its signal to the process and then to its group, and a terminal may repeat.
const TOGETHER: Duration = Duration::from_millis(500);

/// Set by a signal handler, asked between samples and while waiting for one.
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

    /// Asks the run to end because a signal came. Whether it is another one than the first: then it means now.
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
