//! Whether two instruments say the same of a row, from what both said in several turns. Values in, an answer out.

use model::statistics::{median, median_interval};

/// The ratio of a row to the reference may differ between the instruments by this share: less than half of what the comparison
/// calls a difference. A row that one of them made 2 % slower than its neighbours would be seen; what is common to all rows of a
/// workload is not in their ratios, and is not judged.
pub(super) const BOUND: f64 = 0.02;

/// Whether both say the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// The whole interval lies within the bound.
    Agree,
    /// They surely differ, and as far as can be told by more than the bound.
    Disagree,
    /// Neither: what is noise is larger than what is asked.
    CannotBeTold,
}

/// By how much they differ in one row. Natural logarithms throughout.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Difference {
    /// The median of all turns.
    pub(super) median: f64,
    /// Its 95 % interval.
    pub(super) low: f64,
    /// Its upper end.
    pub(super) high: f64,
}

impl Difference {
    /// From the differences of single turns; `None` below six.
    pub(super) fn of(turns: &[f64]) -> Option<Difference> {
        let (low, high) = median_interval(turns, 0.95)?;
        let median = median(turns)?;
        Some(Difference { median, low, high })
    }

    /// What that means.
    pub(super) fn answer(&self) -> Answer {
        let bound = BOUND.ln_1p();
        if -bound < self.low && self.high < bound {
            Answer::Agree
        } else if self.median.abs() > bound && (self.low > 0.0 || self.high < 0.0) {
            Answer::Disagree
        } else {
            Answer::CannotBeTold
        }
    }

    /// In percent, with the answer.
    pub(super) fn shown(&self) -> String {
        let [median, low, high] =
            [self.median, self.low, self.high].map(|log| log.exp_m1() * 100.0);
        let interval = format!("{low:+.1} to {high:+.1} %");
        match self.answer() {
            Answer::Agree => format!("{median:+.1} % ({interval}): agree"),
            Answer::Disagree => format!("{median:+.1} % ({interval}): DISAGREE"),
            Answer::CannotBeTold => format!("{median:+.1} %: cannot be told (interval {interval})"),
        }
    }
}
