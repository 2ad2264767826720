//! What a gate has time for.

use std::time::{Duration, Instant};

use harness::Prepared;
use model::{Budget, Spec};

use crate::runs::outlook::floor;

/// The time that a gate has for building and measuring.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Time {
    start: Instant,
    budget: Duration,
}

/// Fewer rounds than these find little.
const LEAST: u32 = 12;

/// Samples take longer than their floors by about this factor.
const LONGER: f64 = 1.3;

/// What a sample costs beside itself, and what starting a worker costs.
const PER_SAMPLE: Duration = Duration::from_millis(2);
const PER_WORKER: Duration = Duration::from_millis(60);

impl Time {
    /// The clock runs from now on.
    pub(crate) fn new(budget: Budget) -> Time {
        Time {
            start: Instant::now(),
            budget: budget.0,
        }
    }

    pub(crate) fn left(&self) -> Duration {
        self.budget.saturating_sub(self.start.elapsed())
    }

    /// Whether a third build fits that takes as long as the base did, with its samples.
    pub(crate) fn has_third(&self, build: Duration, spec: &Spec, cells: &[Prepared]) -> bool {
        build + length(spec, cells, 3) <= self.left()
    }

    /// The rounds that fit: those of the spec or fewer, but at least 12 of them.
    pub(crate) fn rounds(&self, spec: &Spec, cells: &[Prepared], builds: u32) -> u32 {
        fitting(self.left(), spec, cells, builds)
    }
}

fn fitting(left: Duration, spec: &Spec, cells: &[Prepared], builds: u32) -> u32 {
    let starting = PER_WORKER * builds * spec.launches * cells.len() as u32;
    let round = round(cells, builds);
    let fit = left.saturating_sub(starting).as_secs_f64() / round.as_secs_f64();
    // The first round of a launch does not count.
    let fit = (fit as u32).saturating_sub(spec.launches);
    fit.clamp(LEAST.min(spec.rounds), spec.rounds)
}

/// About how long the first look takes.
fn length(spec: &Spec, cells: &[Prepared], builds: u32) -> Duration {
    let starting = PER_WORKER * builds * spec.launches * cells.len() as u32;
    starting + round(cells, builds) * (spec.rounds + spec.launches)
}

fn round(cells: &[Prepared], builds: u32) -> Duration {
    let able = cells.iter().filter(|cell| cell.cell.unsupported.is_none());
    let once: Duration = able
        .map(|cell| floor(cell).mul_f64(LONGER) + PER_SAMPLE)
        .sum();
    once.max(PER_SAMPLE) * builds
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Registry;
    use crate::flags::{SelectArguments, SizeArguments};

    #[test]
    fn rounds_are_cut_to_the_time_but_never_below_twelve() {
        let registry = Registry::built_in();
        let choice = SelectArguments {
            workloads: vec!["sleep".to_owned()],
            strategies: vec!["tokio".to_owned(), "smol".to_owned()],
        };
        let spec = crate::scenario::of(&registry, "gate", &SizeArguments::default(), &choice);
        let mut spec = spec.unwrap();
        (spec.rounds, spec.launches) = (40, 2);
        let cells = registry.prepare(&spec).unwrap();
        let rounds = |seconds| fitting(Duration::from_secs(seconds), &spec, &cells, 2);
        assert_eq!(rounds(0), 12);
        assert_eq!(rounds(600), 40);
        // Forty units of 10 ms, 32 at a time, are 20 ms; a round of two rows and two builds is 112 ms.
        let between = rounds(4);
        assert!((12..40).contains(&between), "{between}");
        spec.rounds = 8;
        assert_eq!(fitting(Duration::ZERO, &spec, &cells, 2), 8);
        let both = length(&spec, &cells, 2);
        assert!(length(&spec, &cells, 3) > both && both > Duration::ZERO);
    }
}
