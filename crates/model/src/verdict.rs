//! What may be said of a row: faster, slower, the same, or that it is unclear.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::statistics::{Flip, detectable, fewest_rounds, rounds_for};

/// Rows whose ratio surely lies within this share of 1 are the same.
pub const MARGIN: f64 = 0.05;

/// A row against the reference of its workload, at [`ALPHA`](crate::ALPHA) for all rows of the workload together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Verdict {
    /// What it is.
    pub kind: VerdictKind,
    /// Probability of a difference as clear as this or clearer in any row, if there were none in any; adjusted for all rows.
    pub p: f64,
    /// About how many further rounds would make it clear; null where it is clear, or where no number would.
    pub rounds_needed: Option<u32>,
    /// The smallest change that would be found four times in five, as a share of 1, with as many rounds; null below the fewest
    /// rounds from which anything can be found.
    pub detectable: Option<f64>,
}

/// Outcomes of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum VerdictKind {
    /// Its makespan is shorter, by more than the noise floor.
    Faster,
    /// Its makespan is longer, by more than the noise floor.
    Slower,
    /// Its ratio lies within 5 % of 1.
    Same,
    /// None of these can be said.
    Unclear,
}

impl VerdictKind {
    /// The name in files and tables.
    pub fn name(self) -> &'static str {
        match self {
            VerdictKind::Faster => "faster",
            VerdictKind::Slower => "slower",
            VerdictKind::Same => "same",
            VerdictKind::Unclear => "unclear",
        }
    }
}

/// What a verdict rests on. Logarithms of ratios throughout.
pub(crate) struct Grounds {
    /// Median over rounds.
    pub(crate) estimate: f64,
    /// Robust standard deviation over rounds.
    pub(crate) deviation: f64,
    /// Rounds.
    pub(crate) rounds: usize,
    /// Tests of the ratio against 1, against the upper and against the lower end of what is the same; p adjusted.
    pub(crate) tests: [Flip; 3],
    /// What the A/A pair calls noise; none where that is not known.
    pub(crate) noise: Option<f64>,
    /// Error of all verdicts together, and the part of it that this one has if each had an equal part.
    pub(crate) alpha: f64,
    pub(crate) alpha_each: f64,
}

/// The logarithms of the ratios between which rows are the same.
pub(crate) fn margins() -> (f64, f64) {
    ((1.0 - MARGIN).ln(), (1.0 + MARGIN).ln())
}

impl Grounds {
    /// *Same* comes first: a sure difference of two percent is still the same for whoever has to choose.
    pub(crate) fn verdict(&self) -> Verdict {
        let [equal, upper, lower] = &self.tests;
        let beyond_noise = self.noise.is_some_and(|noise| self.estimate.abs() > noise);
        let inside =
            upper.p <= self.alpha && !upper.positive && lower.p <= self.alpha && lower.positive;
        let kind = if inside {
            VerdictKind::Same
        } else if equal.p <= self.alpha && beyond_noise && equal.positive == (self.estimate > 0.0) {
            match self.estimate < 0.0 {
                true => VerdictKind::Faster,
                false => VerdictKind::Slower,
            }
        } else {
            VerdictKind::Unclear
        };
        let unclear = kind == VerdictKind::Unclear;
        Verdict {
            kind,
            p: equal.p,
            rounds_needed: self.rounds_needed(beyond_noise).filter(|_| unclear),
            detectable: self.detectable(),
        }
    }

    /// Until the nearer of two outcomes is likely: that it differs, or that it is the same.
    fn rounds_needed(&self, beyond_noise: bool) -> Option<u32> {
        let (low, high) = margins();
        let room = (high - self.estimate).min(self.estimate - low);
        let effects = [
            beyond_noise.then_some(self.estimate.abs()),
            (room > 0.0).then_some(room),
        ];
        let needed = effects.into_iter().flatten();
        let needed =
            needed.map(|effect| rounds_for(self.deviation, effect, self.alpha_each).ceil());
        let needed = needed.fold(f64::INFINITY, f64::min);
        let needed = needed.max(f64::from(fewest_rounds(self.alpha_each)));
        // More than a week of rounds is as good as none.
        (needed < 1e6).then(|| (needed as u32).saturating_sub(self.rounds as u32).max(1))
    }

    fn detectable(&self) -> Option<f64> {
        let enough = self.rounds as u32 >= fewest_rounds(self.alpha);
        let noise = self.noise.filter(|_| enough)?;
        let least = detectable(self.deviation, self.rounds, self.alpha_each);
        Some(least.max(noise).exp() - 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grounds(estimate: f64, p: [f64; 3]) -> Grounds {
        let (low, high) = margins();
        let flip = |p, shift: f64| Flip {
            p,
            positive: estimate > shift,
        };
        Grounds {
            estimate,
            deviation: 0.02,
            rounds: 24,
            tests: [flip(p[0], 0.0), flip(p[1], high), flip(p[2], low)],
            noise: Some(0.01),
            alpha: 0.01,
            alpha_each: 0.001,
        }
    }

    fn kind(estimate: f64, p: [f64; 3]) -> VerdictKind {
        grounds(estimate, p).verdict().kind
    }

    #[test]
    fn each_verdict_has_its_own_grounds() {
        assert_eq!(kind(-0.2, [0.001, 0.001, 0.001]), VerdictKind::Faster);
        assert_eq!(kind(0.2, [0.001, 0.001, 0.001]), VerdictKind::Slower);
        assert_eq!(kind(0.02, [0.2, 0.01, 0.01]), VerdictKind::Same);
        // A sure difference of two percent is the same all the same.
        assert_eq!(kind(0.02, [0.001, 0.001, 0.001]), VerdictKind::Same);
        assert_eq!(kind(0.02, [0.2, 0.02, 0.001]), VerdictKind::Unclear);
        assert_eq!(kind(0.2, [0.02, 0.001, 0.001]), VerdictKind::Unclear);
    }

    #[test]
    fn nothing_below_the_noise_floor_is_a_difference() {
        let within = Grounds {
            noise: Some(0.3),
            ..grounds(0.2, [0.001; 3])
        };
        assert_eq!(within.verdict().kind, VerdictKind::Unclear);
        assert_eq!(within.verdict().rounds_needed, None);
        let unknown = Grounds {
            noise: None,
            ..grounds(0.2, [0.001; 3])
        };
        assert_eq!(unknown.verdict().kind, VerdictKind::Unclear);
        assert_eq!(unknown.verdict().detectable, None);
    }

    #[test]
    fn an_unclear_row_says_how_many_rounds_more_and_a_clear_one_does_not() {
        let unclear = grounds(0.03, [0.2, 0.02, 0.001]).verdict();
        let further = unclear.rounds_needed.unwrap();
        assert!(further > 0);
        let noisier = Grounds {
            deviation: 0.04,
            ..grounds(0.03, [0.2, 0.02, 0.001])
        };
        assert!(noisier.verdict().rounds_needed.unwrap() > further);
        assert_eq!(grounds(-0.2, [0.001; 3]).verdict().rounds_needed, None);
    }
}
