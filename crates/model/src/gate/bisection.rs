//! Which of many versions changed a row, from tests that may err.
//!
//! The versions are in order, and the last one is known to differ from the first. The question is from which one on. Each candidate has a
//! probability, equal at first, that Bayes' rule changes with every test: a test of a version that has changed alarms with a chance of
//! 1 - [`MISSES`], and one of a version that has not with a chance of [`FALSE_ALARMS`]. As long as no result contradicts
//! another, the next version to test is the middle one of those that are left, as in a plain bisection. After that it is the one whose result
//! is expected to tell most, in bits. (Burnashev
//! and Zigangirov, Problemy Peredachi Informatsii 10(3), 1974; Horstein, IEEE Transactions on Information Theory 9(3), 1963.)

/// The chance that a version that has changed does not alarm. The campaigns of the gate find less.
pub(crate) const MISSES: f64 = 0.05;

/// The chance that a version that has not changed alarms: the error of a gate.
pub(crate) const FALSE_ALARMS: f64 = crate::ALPHA;

/// A version is not tested more often than this.
const MOST: usize = 8;

/// A result that is expected to tell less than this, in bits, is not worth its time.
const LEAST: f64 = 1e-4;

/// A result that is expected to tell more than this, in bits, is worth another test of a version that was tested before.
const WORTH: f64 = 0.02;

/// The search.
#[derive(Clone, Debug)]
pub struct Bisection {
    /// Of each version after the first: its results, true where it alarmed.
    results: Vec<Vec<bool>>,
    /// How often each was tested, with those tests that said nothing.
    tests: Vec<usize>,
    /// Those that cannot be tested.
    out: Vec<bool>,
    /// How sure the search must be.
    confidence: f64,
}

/// Versions of which one made the change; `from` is the same as `to` if it is known which one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Culprit {
    /// The first of them, counted from 0, without the version that everything is compared with.
    pub from: usize,
    /// The last of them: the first version that was tested and has changed.
    pub to: usize,
    /// How sure that is.
    pub probability: f64,
}

impl Bisection {
    /// A search among so many versions after the first. `confidence` is how sure it must be to end, from 0 to 1.
    pub fn new(versions: usize, confidence: f64) -> Bisection {
        Bisection {
            results: vec![Vec::new(); versions],
            tests: vec![0; versions],
            out: vec![false; versions],
            confidence,
        }
    }

    /// A test of a version had this result.
    pub fn saw(&mut self, version: usize, alarmed: bool) {
        self.results[version].push(alarmed);
        self.tests[version] += 1;
    }

    /// A test of a version said nothing for either side.
    pub fn saw_nothing(&mut self, version: usize) {
        self.tests[version] += 1;
    }

    /// A version cannot be tested.
    pub fn leave_out(&mut self, version: usize) {
        self.out[version] = true;
    }

    /// How probable it is of each version that it is the first that has changed.
    pub fn probabilities(&self) -> Vec<f64> {
        let likelihood = |first: usize| -> f64 {
            let of = |(version, results): (usize, &Vec<bool>)| -> f64 {
                let alarms = chance(version >= first);
                let each = results
                    .iter()
                    .map(|it| if *it { alarms } else { 1.0 - alarms });
                each.product()
            };
            self.results.iter().enumerate().map(of).product()
        };
        let all: Vec<f64> = (0..self.results.len()).map(likelihood).collect();
        let sum: f64 = all.iter().sum();
        all.iter().map(|it| it / sum).collect()
    }

    /// The most probable culprit. Versions that cannot be tested cannot be told from the one after them.
    pub fn culprit(&self) -> Option<Culprit> {
        let mut best: Option<Culprit> = None;
        let (mut from, mut probability) = (0, 0.0);
        for (version, own) in self.probabilities().into_iter().enumerate() {
            probability += own;
            if self.out[version] && version + 1 < self.out.len() {
                continue;
            }
            let found = Culprit {
                from,
                to: version,
                probability,
            };
            if best.is_none_or(|best| found.probability > best.probability) {
                best = Some(found);
            }
            (from, probability) = (version + 1, 0.0);
        }
        best
    }

    /// Whether the search is as sure as it must be.
    pub fn is_sure(&self) -> bool {
        let culprit = self.culprit();
        culprit.is_some_and(|culprit| culprit.probability >= self.confidence)
    }

    /// The version to test next: the middle one of those that are left, or one whose result would tell most. None where the search is sure, or where no further test would tell anything.
    pub fn next(&self) -> Option<usize> {
        if self.is_sure() {
            return None;
        }
        let probabilities = self.probabilities();
        if let Some(version) = self.between(&probabilities) {
            return Some(version);
        }
        // A version that is built already costs less to test again than another one to build.
        let again = |version: usize| self.tests[version] > 0;
        let told = self
            .telling(&probabilities, again)
            .filter(|(_, bits)| *bits > WORTH);
        let told = told.or_else(|| self.telling(&probabilities, |_| true));
        told.map(|(version, _)| version)
    }

    /// Of these versions the one whose result is expected to tell most, and how much that is.
    fn telling(&self, probabilities: &[f64], of: impl Fn(usize) -> bool) -> Option<(usize, f64)> {
        let mut changed = 0.0;
        let mut best: Option<(usize, f64)> = None;
        for (version, own) in probabilities.iter().enumerate() {
            changed += own;
            if self.out[version] || self.tests[version] >= MOST || !of(version) {
                continue;
            }
            let bits = expected_bits(f64::min(changed, 1.0));
            if bits > LEAST && best.is_none_or(|(_, most)| bits > most + 1e-12) {
                best = Some((version, bits));
            }
        }
        best
    }

    /// As long as no result contradicts another: the version that halves what lies between the last one that is as it was and the first one
    /// that has changed.
    fn between(&self, probabilities: &[f64]) -> Option<usize> {
        let verdict = |version: usize| {
            let results = &self.results[version];
            let alarms = results.iter().filter(|it| **it).count();
            (!results.is_empty()).then_some(2 * alarms > results.len())
        };
        let all = 0..self.results.len();
        let changed = all
            .clone()
            .find(|version| verdict(*version) == Some(true))?;
        let as_it_was = all.rev().find(|version| verdict(*version) == Some(false));
        let from = as_it_was.map_or(0, |version| version + 1);
        let mass: f64 = probabilities.get(from..=changed)?.iter().sum();
        let far = |version: &usize| {
            let below: f64 = probabilities[from..=*version].iter().sum();
            (below - mass / 2.0).abs()
        };
        let untested = (from..changed).filter(|it| !self.out[*it] && self.tests[*it] == 0);
        untested.min_by(|a, b| far(a).total_cmp(&far(b)))
    }

    /// Versions whose results fit the culprit badly: an alarm before it, or none from it on. A history that goes up and down again has them.
    pub fn contradictions(&self) -> Vec<usize> {
        let Some(culprit) = self.culprit() else {
            return Vec::new();
        };
        let against = |version: &usize| {
            let results = &self.results[*version];
            let alarms = results.iter().filter(|it| **it).count();
            match *version >= culprit.to {
                true => 2 * alarms < results.len(),
                false => 2 * alarms > results.len(),
            }
        };
        (0..self.results.len()).filter(against).collect()
    }
}

fn chance(changed: bool) -> f64 {
    match changed {
        true => 1.0 - MISSES,
        false => FALSE_ALARMS,
    }
}

/// What a test tells of a version that has changed with this probability: the information between the two, in bits.
fn expected_bits(changed: f64) -> f64 {
    let (yes, no) = (chance(true), chance(false));
    let alarms = changed * yes + (1.0 - changed) * no;
    entropy(alarms) - changed * entropy(yes) - (1.0 - changed) * entropy(no)
}

fn entropy(p: f64) -> f64 {
    let part = |p: f64| if p > 0.0 { -p * p.log2() } else { 0.0 };
    part(p) + part(1.0 - p)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::draws::Draws;

    /// Searches where version `first` is the first that has changed. Returns what was found, and how many versions were tested.
    fn search(
        versions: usize,
        first: usize,
        out: &[usize],
        mut errs: impl FnMut(bool) -> bool,
    ) -> (Culprit, usize) {
        let mut search = Bisection::new(versions, 0.95);
        out.iter().for_each(|version| search.leave_out(*version));
        search.saw(versions - 1, true);
        while let Some(version) = search.next() {
            let changed = version >= first;
            search.saw(version, changed != errs(changed));
        }
        let tested = search.results.iter().filter(|it| !it.is_empty()).count();
        (search.culprit().unwrap(), tested)
    }

    #[test]
    fn without_errors_it_takes_no_more_versions_than_a_plain_bisection() {
        for versions in [1, 2, 3, 10, 40, 63] {
            // With the first and the last version, both of which are built as well.
            let allowed = (versions as f64 + 1.0).log2().ceil() as usize + 2;
            for first in 0..versions {
                let (found, tested) = search(versions, first, &[], |_| false);
                assert_eq!((found.from, found.to), (first, first), "of {versions}");
                assert!(found.probability >= 0.95);
                // The first one is built, too.
                assert!(tested < allowed, "{first} of {versions}: {tested}");
            }
        }
    }

    #[test]
    fn with_the_errors_that_it_expects_it_is_right_as_often_as_it_says() {
        let mut draws = Draws::new(7);
        let mut right = 0;
        for round in 0..400 {
            let first = round % 30;
            let errs =
                |changed: bool| draws.uniform() < if changed { MISSES } else { FALSE_ALARMS };
            let (found, _) = search(30, first, &[], errs);
            right += usize::from(found.to == first && found.from == first);
        }
        assert!(right >= 370, "{right} of 400");
    }

    #[test]
    fn versions_that_cannot_be_tested_are_named_with_the_one_after_them() {
        let (found, _) = search(20, 7, &[5, 6], |_| false);
        assert_eq!((found.from, found.to), (5, 7));
        assert!(found.probability >= 0.95);
        let (found, _) = search(20, 5, &[5, 6], |_| false);
        assert_eq!((found.from, found.to), (5, 7));
        let (found, _) = search(20, 8, &[5, 6], |_| false);
        assert_eq!((found.from, found.to), (8, 8));
    }

    #[test]
    fn a_history_that_goes_up_and_down_is_called_so() {
        let mut search = Bisection::new(10, 0.95);
        search.saw(9, true);
        for (version, alarmed) in [
            (2, true),
            (2, true),
            (5, false),
            (5, false),
            (7, true),
            (6, true),
        ] {
            search.saw(version, alarmed);
        }
        // Two misses are likelier than two false alarms.
        assert_eq!(search.contradictions(), [5]);
        assert!(search.culprit().unwrap().to <= 2);
    }
}
