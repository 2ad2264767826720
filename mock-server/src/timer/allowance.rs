//! How much time the timer may spend looking at the clock.

use std::time::{Duration, Instant};

/// The most by which the alarm is set early. A longer delay comes from a stall, not from an idle processor.
pub(super) const LONGEST_LEAD: Duration = Duration::from_micros(200);

/// The time that may be spent looking at the clock: a twentieth of all time. A little of it can be saved up.
pub(super) struct Allowance {
    left: Duration,
    since: Instant,
}

impl Allowance {
    const MOST: Duration = Duration::from_millis(2);

    pub(super) fn new(now: Instant) -> Self {
        Allowance {
            left: Self::MOST,
            since: now,
        }
    }

    pub(super) fn is_left(&self) -> bool {
        self.left >= LONGEST_LEAD
    }

    pub(super) fn covers(&self, from: Instant, to: Instant) -> bool {
        to - from <= self.left
    }

    pub(super) fn spend(&mut self, from: Instant, to: Instant) {
        let earned = (to - self.since) / 20;
        self.left = (self.left + earned)
            .min(Self::MOST)
            .saturating_sub(to - from);
        self.since = to;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

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
}
