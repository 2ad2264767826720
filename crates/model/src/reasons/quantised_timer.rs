//! A timer that counts in steps.

use std::time::Duration;

use crate::judge::span::span;
use crate::reasons::evidence::{Evidence, count};
use crate::reasons::reason::{Rule, Said};

pub(super) const RULE: Rule = Rule {
    id: "quantised-timer",
    when: "the timer that the waits use counts in steps, the makespan is at least 1 % above the row's own floor, and that excess is between a quarter \
           of a step and two steps for each of the waits that follow one another",
    source: "https://docs.rs/tokio/latest/tokio/time/fn.sleep.html",
    finds,
};

/// A deadline is rounded up to a step, and the timer looks at its clock once per step.
const MOST_STEPS: f64 = 2.0;

/// A timer that is less late than this did not count in such steps.
const LEAST_STEPS: f64 = 0.25;

fn finds(seen: &Evidence) -> Option<Said> {
    let (quantum, latency) = (seen.cell.quantum, seen.cell.latency);
    if quantum.is_zero() || latency.is_zero() {
        return None;
    }
    let waits = seen.waits_in_a_row()?;
    let step = quantum.as_nanos() as f64;
    let (low, high) = seen.own_excess(0.01)?;
    if low < LEAST_STEPS * step * waits || high > MOST_STEPS * step * waits {
        return None;
    }
    // The calibration has measured that very timer, for one wait at a time.
    let late = seen.late_ns.filter(|late| *late > 0.0);
    let explained = late.is_some_and(|late| late * waits >= low / 2.0);
    let may = if explained { "makes" } else { "may make" };
    let text =
        format!("its timer counts in steps, which {may} each wait late by up to two of them");
    let calibrated = late.map(|late| format!(", each {} late in the calibration", time(late)));
    let detail = format!(
        "steps of {}; waits in a row: {}{}; {} to {} above its floor",
        span(quantum),
        count(waits),
        calibrated.unwrap_or_default(),
        time(low),
        time(high)
    );
    Some((text, detail))
}

fn time(ns: f64) -> String {
    span(Duration::from_nanos(ns as u64))
}

#[cfg(test)]
pub(super) fn holds(seen: &mut Evidence) {
    seen.cell.quantum = Duration::from_millis(1);
    seen.own_excess_ns = Some((2_100_000.0, 2_300_000.0));
}

/// It is late by far more than a timer can be.
#[cfg(test)]
pub(super) fn does_not_hold(seen: &mut Evidence) {
    seen.cell.quantum = Duration::from_millis(1);
    seen.own_excess_ns = Some((9e6, 10e6));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reasons::tests::clean;

    /// The fixture waits for 20 ms, twice in a row.
    fn said(change: fn(&mut Evidence)) -> Option<Said> {
        let mut seen = clean();
        holds(&mut seen);
        change(&mut seen);
        finds(&seen)
    }

    #[test]
    fn it_is_certain_only_where_the_calibration_shows_the_same_timer_late() {
        let (text, detail) = said(|_| ()).unwrap();
        assert!(text.contains("may make"), "{text}");
        assert_eq!(
            detail,
            "steps of 1 ms; waits in a row: 2; 2.1 ms to 2.3 ms above its floor"
        );
        let (text, detail) = said(|seen| seen.late_ns = Some(1.1e6)).unwrap();
        assert!(text.contains("which makes"), "{text}");
        assert!(
            detail.contains("1.1 ms late in the calibration"),
            "{detail}"
        );
        let (text, _) = said(|seen| seen.late_ns = Some(0.2e6)).unwrap();
        assert!(text.contains("may make"), "{text}");
    }

    #[test]
    fn a_fine_step_a_small_excess_or_none_that_is_known_is_no_reason() {
        assert_eq!(said(|seen| seen.cell.quantum = Duration::ZERO), None);
        // Two waits of two steps could not be that late.
        assert_eq!(
            said(|seen| seen.cell.quantum = Duration::from_micros(500)),
            None
        );
        assert_eq!(said(|seen| seen.own_excess_ns = Some((0.3e6, 2.3e6))), None);
        assert_eq!(said(|seen| seen.own_excess_ns = None), None);
    }
}
