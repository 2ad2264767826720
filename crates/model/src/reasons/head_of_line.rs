//! Units that wait behind others.

use std::time::Duration;

use crate::judge::span::span;
use crate::reasons::evidence::{Evidence, count, percent};
use crate::reasons::reason::{Rule, Said};

pub(super) const RULE: Rule = Rule {
    id: "head-of-line",
    when: "waits differ, the next units start only when all of a wave have ended, there are several waves, and the makespan is at least 5 % above the \
           floor; or units arrive at times of their own, the strategy can have fewer in flight than allowed, and its 90th percentile of \
           latency is over twice that of another row",
    source: "https://en.wikipedia.org/wiki/Head-of-line_blocking",
    finds,
};

fn finds(seen: &Evidence) -> Option<Said> {
    waves(seen).or_else(|| queue(seen))
}

/// That a slow unit holds back the next wave is declared. How much of the excess that is, is not known.
fn waves(seen: &Evidence) -> Option<Said> {
    let limit = seen.cell.in_flight.max(1) as u64;
    let waves = seen.cell.units.div_ceil(limit);
    if !(seen.cell.manner.waves && seen.spread && waves > 1) {
        return None;
    }
    let (low, _) = seen.excess(0.05)?;
    let text = format!(
        "starts the next {limit} units only when the slowest of the {limit} before has ended, which may be what costs the time"
    );
    let detail = format!(
        "{} waves; at least {} of the makespan is above the floor",
        count(waves as f64),
        percent(low / seen.wall_ns)
    );
    Some((text, detail))
}

/// Units that arrive wait in a queue in front of the few places.
fn queue(seen: &Evidence) -> Option<Said> {
    let few = seen.cell.paced && seen.cell.in_flight < seen.cell.limit;
    let (own, other) = seen.latency_p90_ns.filter(|_| few)?;
    if own <= 2.0 * other {
        return None;
    }
    let text = format!(
        "units that arrive wait behind those of its {} places, which may be what makes their latency long",
        seen.cell.in_flight
    );
    let time = |ns: f64| span(Duration::from_nanos(ns as u64));
    let detail = format!(
        "p90 of the latency at least {}, of another row at most {}",
        time(own),
        time(other)
    );
    Some((text, detail))
}

#[cfg(test)]
pub(super) fn holds(seen: &mut Evidence) {
    (seen.cell.manner.waves, seen.spread) = (true, true);
    seen.excess_ns = Some((4e6, 5e6));
}

/// Where all waits are equal, the units of a wave end together.
#[cfg(test)]
pub(super) fn does_not_hold(seen: &mut Evidence) {
    holds(seen);
    seen.spread = false;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reasons::tests::clean;

    #[test]
    fn a_queue_shows_in_the_latency_of_units_that_arrive() {
        let mut seen = clean();
        seen.cell.paced = true;
        seen.latency_p90_ns = Some((90e6, 30e6));
        // All that are allowed fit.
        assert_eq!(finds(&seen), None);
        seen.cell.in_flight = 2;
        let (text, detail) = finds(&seen).unwrap();
        assert!(text.contains("its 2 places"), "{text}");
        assert_eq!(
            detail,
            "p90 of the latency at least 90 ms, of another row at most 30 ms"
        );
        seen.latency_p90_ns = Some((59e6, 30e6));
        assert_eq!(finds(&seen), None);
    }

    #[test]
    fn one_wave_holds_nothing_back() {
        let mut seen = clean();
        holds(&mut seen);
        seen.cell.units = 32;
        assert_eq!(finds(&seen), None);
    }
}
