//! What may be said of a row: faster, slower, the same, or that it is unclear.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Rows whose ratio surely lies within this share of 1 are the same.
pub const MARGIN: f64 = 0.05;

/// A row against the reference of its workload, at [`ALPHA`](crate::ALPHA) for all rows of the workload together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Verdict {
    /// What it is.
    pub kind: VerdictKind,
    /// The chance of rounds as one-sided as these in any row, if no row differed: a sign test, adjusted for all rows; 0 to 1.
    pub p: f64,
    /// A difference smaller than this, as a share of 1, would be missed in at least half of such runs. Null where there are too
    /// few rounds to see any, or where no A/A pair says what noise is.
    pub missed_below: Option<f64>,
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

/// What a verdict rests on. Logarithms of ratios throughout; tests and intervals hold for all rows together.
pub(crate) struct Grounds {
    /// Median over rounds.
    pub(crate) estimate: f64,
    /// Of the test for a ratio that is not 1; adjusted.
    pub(crate) p: f64,
    /// Whether test and interval exclude a ratio of 1.
    pub(crate) apart: bool,
    /// Whether test and interval exclude every ratio outside the margins.
    pub(crate) inside: bool,
    /// What the A/A pair calls noise; none where that is not known.
    pub(crate) noise: Option<f64>,
    /// The difference that the test sees as often as not; none where there are too few rounds to see any.
    pub(crate) reach: Option<f64>,
}

/// The logarithms of the ratios between which rows are the same.
pub(crate) fn margins() -> (f64, f64) {
    ((1.0 - MARGIN).ln(), (1.0 + MARGIN).ln())
}

impl Grounds {
    /// *Same* comes first: a sure difference of two percent is still the same for whoever has to choose.
    pub(crate) fn verdict(&self) -> Verdict {
        let beyond_noise = self.noise.is_some_and(|noise| self.estimate.abs() > noise);
        let kind = match (self.inside, self.apart && beyond_noise) {
            (true, _) => VerdictKind::Same,
            (false, true) if self.estimate < 0.0 => VerdictKind::Faster,
            (false, true) => VerdictKind::Slower,
            (false, false) => VerdictKind::Unclear,
        };
        let missed = self.noise.zip(self.reach);
        Verdict {
            kind,
            p: self.p,
            missed_below: missed.map(|(noise, reach)| noise.max(reach).exp_m1()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grounds(estimate: f64, apart: bool, inside: bool) -> Grounds {
        Grounds {
            estimate,
            p: 0.001,
            apart,
            inside,
            noise: Some(0.01),
            reach: Some(0.02),
        }
    }

    fn kind(estimate: f64, apart: bool, inside: bool) -> VerdictKind {
        grounds(estimate, apart, inside).verdict().kind
    }

    #[test]
    fn each_verdict_has_its_own_grounds() {
        assert_eq!(kind(-0.2, true, false), VerdictKind::Faster);
        assert_eq!(kind(0.2, true, false), VerdictKind::Slower);
        assert_eq!(kind(0.02, false, true), VerdictKind::Same);
        // A sure difference of two percent is the same all the same.
        assert_eq!(kind(0.02, true, true), VerdictKind::Same);
        assert_eq!(kind(0.2, false, false), VerdictKind::Unclear);
    }

    #[test]
    fn nothing_below_the_noise_floor_is_a_difference() {
        let within = Grounds {
            noise: Some(0.3),
            ..grounds(0.2, true, false)
        };
        assert_eq!(within.verdict().kind, VerdictKind::Unclear);
        let unknown = Grounds {
            noise: None,
            ..within
        };
        assert_eq!(unknown.verdict().kind, VerdictKind::Unclear);
        assert_eq!(unknown.verdict().missed_below, None);
    }

    #[test]
    fn what_is_missed_is_the_larger_of_noise_and_reach() {
        let missed = |noise, reach| {
            let grounds = Grounds {
                noise: Some(noise),
                reach,
                ..grounds(0.0, false, false)
            };
            grounds.verdict().missed_below
        };
        assert_eq!(missed(0.01, Some(0.03)), Some(0.03f64.exp_m1()));
        assert_eq!(missed(0.05, Some(0.03)), Some(0.05f64.exp_m1()));
        assert_eq!(missed(0.05, None), None);
    }
}
