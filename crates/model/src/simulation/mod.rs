//! Runs that are made up, so that the truth is known: how often verdicts are wrong.
//!
//! A made-up run has the rows of `core`: a reference, its twin, and others with noise of a stated kind. It is summed up by
//! [`Summary::new`] like any other, so that what is counted is the verdict as people read it, with every rule behind it.

mod run;
mod setting;

pub use setting::{Noise, Setting};

use self::run::Run;
use self::setting::ROWS;
use crate::across::trial::Share;
use crate::{ALPHA, Family, FlagKind, MARGIN, Summary, VerdictKind};

/// How often verdicts were wrong in one setting. An error beside a flag that says so is counted apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Simulated {
    /// The setting.
    pub setting: Setting,
    /// Of runs in which no row differs: those that call one *faster* or *slower*.
    pub false_alarms: Errors,
    /// Of runs in which all rows are 5.1 % slower: those that call one *the same* or *faster*.
    pub false_same: Errors,
    /// Of runs in which no row differs: those whose letters tell two rows apart.
    pub false_letters: Errors,
    /// Of all intervals: those that do not hold the true ratio.
    pub outside: Errors,
    /// Of rows whose true difference is what such a run says would be missed in half of them: those that were found.
    pub found: Share,
}

/// How often something was wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Errors {
    /// In all runs.
    pub all: Share,
    /// Without a flag of the workload that says that errors are more frequent or intervals too narrow.
    pub silent: Share,
}

#[derive(Clone, Copy, Default)]
struct Count {
    all: u64,
    silent: u64,
    trials: u64,
}

impl Count {
    fn add(&mut self, wrong: bool, flagged: bool) {
        self.trials += 1;
        self.all += u64::from(wrong);
        self.silent += u64::from(wrong && !flagged);
    }

    fn errors(self, name: &str, nominal: f64) -> Errors {
        let of = |hits| Share::new(name, Some(nominal), hits, self.trials);
        Errors {
            all: of(self.all),
            silent: of(self.silent),
        }
    }
}

/// How much slower rows are that are just not the same.
const JUST_SLOWER: f64 = 1.0 + MARGIN + 0.001;

/// Counts over so many runs of each kind.
pub fn simulate(setting: Setting, runs: u32, seed: u64) -> Simulated {
    let mut counts = Counts::default();
    for run in 0..runs {
        let seed = |part: u64| workloads::mix(workloads::mix(seed, u64::from(run)), part);
        let equal = Run::new(setting, seed(0)).summary(&[1.0; ROWS]);
        counts.equal(&equal);
        counts.slower(&Run::new(setting, seed(1)).summary(&[JUST_SLOWER; ROWS]));
        // Up to the margin a difference is the same, which is not to miss it.
        let stated = equal
            .cells
            .last()
            .and_then(|it| it.verdict.as_ref()?.missed_below);
        if let Some(stated) = stated.filter(|stated| *stated > MARGIN) {
            let mut slower = [1.0; ROWS];
            slower[ROWS - 1] += stated;
            counts.stated(&Run::new(setting, seed(2)).summary(&slower));
        }
    }
    counts.of(setting)
}

#[derive(Default)]
struct Counts {
    alarms: Count,
    same: Count,
    letters: Count,
    outside: Count,
    asked: u64,
    found: u64,
}

fn any(summary: &Summary, of: [VerdictKind; 2]) -> bool {
    let rows = summary.cells.iter().filter(|it| it.row.twin_of().is_none());
    rows.filter_map(|it| it.verdict.as_ref())
        .any(|it| of.contains(&it.kind))
}

fn flagged(summary: &Summary) -> bool {
    let kinds = [
        FlagKind::Correlated,
        FlagKind::FewLaunches,
        FlagKind::LaunchesDiffer,
    ];
    let mut flags = summary.workloads.iter().flat_map(|it| &it.flags);
    flags.any(|flag| kinds.contains(&flag.kind))
}

impl Counts {
    fn equal(&mut self, summary: &Summary) {
        let flagged = flagged(summary);
        self.alarms.add(
            any(summary, [VerdictKind::Faster, VerdictKind::Slower]),
            flagged,
        );
        let families = Family::all(summary);
        self.letters
            .add(families.iter().any(|it| it.told_apart > 0), flagged);
        self.intervals(summary, 1.0);
    }

    fn slower(&mut self, summary: &Summary) {
        self.same.add(
            any(summary, [VerdictKind::Same, VerdictKind::Faster]),
            flagged(summary),
        );
        self.intervals(summary, JUST_SLOWER);
    }

    fn stated(&mut self, summary: &Summary) {
        let last = summary.cells.last().and_then(|it| it.verdict.as_ref());
        self.asked += 1;
        self.found += u64::from(last.is_some_and(|it| it.kind == VerdictKind::Slower));
    }

    fn intervals(&mut self, summary: &Summary, truth: f64) {
        let flagged = flagged(summary);
        let rows = summary.cells.iter().skip(2);
        for ratio in rows.filter_map(|it| it.ratio.as_ref()) {
            if let (Some(low), Some(high)) = (ratio.low, ratio.high) {
                self.outside.add(truth < low || truth > high, flagged);
            }
        }
    }

    fn of(&self, setting: Setting) -> Simulated {
        Simulated {
            setting,
            false_alarms: self.alarms.errors("false alarms", ALPHA),
            false_same: self.same.errors("false same", ALPHA),
            false_letters: self.letters.errors("false letters", ALPHA),
            outside: self.outside.errors("outside the interval", 0.05),
            found: Share::new(
                "found at the stated size",
                Some(0.5),
                self.found,
                self.asked,
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn simulated(noise: Noise, deviation: f64, rounds: u32, launches: u32) -> Simulated {
        let setting = Setting {
            noise,
            deviation,
            rounds,
            launches,
        };
        simulate(setting, 12, 1)
    }

    #[test]
    fn the_truth_is_found_where_it_is_plain() {
        let quiet = simulated(Noise::Equal, 0.005, 25, 5);
        assert_eq!(
            (quiet.false_alarms.all.hits, quiet.false_same.all.hits),
            (0, 0)
        );
        assert_eq!(quiet.false_alarms.all.trials, 12);
        // 95 % of 192 intervals hold the truth; fewer than 88 % would have a probability below 0.0001.
        assert_eq!(quiet.outside.all.trials, 192);
        assert!(quiet.outside.all.hits < 23, "{:?}", quiet.outside);
    }

    /// Without the rule the errors would be there, and flagged: so a flag is no matter of course.
    #[test]
    fn errors_where_rounds_are_alike_stand_beside_a_flag() {
        let alike = simulated(Noise::Correlated, 0.08, 80, 5);
        assert!(
            alike.outside.all.hits > 4 * alike.outside.silent.hits,
            "{alike:?}"
        );
        let independent = simulated(Noise::Unequal, 0.08, 25, 5);
        assert!(
            independent.outside.silent.hits * 2 >= independent.outside.all.hits,
            "{independent:?}"
        );
    }
}
