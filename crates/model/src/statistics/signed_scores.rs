//! What a row says of which side of a shift it lies on, and how strongly.

use super::median;

/// Distances count up to this many times their median: 1.345 standard deviations of normal noise, where Huber's scores keep 95 % of
/// the efficiency of the mean (Huber, Ann. Math. Statist. 1964).
const CLIPPED_AT: f64 = 2.0;

/// Steps from 0 to where distances are clipped: whole numbers, so that sums of up to 16,000 of them are exact in `f32`.
const STEPS: f64 = 1024.0;

/// One row's signed scores: how far each value is from the shift, up to a limit, so that no single outlier decides.
///
/// They depend on distances alone, never on sides, so flipping signs stays an exact test. Unlike ranks, they tell rows apart that
/// lie on one side in all rounds: one that is far off has nearly equal scores, one that is there by chance has not. That is what lets
/// the far one be seen in few rounds next to others that do not differ.
pub(super) struct SignedScores {
    /// The score of each value, with its side as the sign; 0 where it has none.
    pub(super) scores: Vec<f32>,
    /// The root of the sum of their squares.
    norm: f64,
}

impl SignedScores {
    pub(super) fn new(values: &[f64], shift: f64) -> SignedScores {
        let shifted: Vec<f64> = values.iter().map(|value| value - shift).collect();
        let distances = shifted.iter().map(|value| value.abs());
        let counted: Vec<f64> = distances.filter(|distance| *distance > 0.0).collect();
        let limit = CLIPPED_AT * median(&counted).unwrap_or(1.0);
        let score = |value: &f64| {
            // What is no number is on no side.
            let steps = (value.abs() / limit).min(1.0) * STEPS;
            if value.is_nan() {
                0.0
            } else {
                steps.round().copysign(*value) as f32
            }
        };
        let scores: Vec<f32> = shifted.iter().map(score).collect();
        let squares: f64 = scores.iter().map(|score| f64::from(*score).powi(2)).sum();
        SignedScores {
            scores,
            norm: squares.sqrt(),
        }
    }

    pub(super) fn sum(&self) -> f32 {
        self.scores.iter().sum()
    }

    /// What a sum of these scores under any signs amounts to, so that rows can be compared.
    pub(super) fn statistic(&self, sum: f32) -> f64 {
        match self.norm > 0.0 {
            true => f64::from(sum.abs()) / self.norm,
            false => 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_count_up_to_twice_their_median() {
        let values = [0.5, 2.0, f64::NAN, -1.0, 0.0, 3.0, f64::NEG_INFINITY];
        let signed = SignedScores::new(&values, 0.5);
        // Distances 0, 1.5, none, 1.5, 0.5, 2.5 and infinity; the median of the last five is 1.5.
        let expected = [0.0, 512.0, 0.0, -512.0, -171.0, 853.0, -1024.0];
        assert_eq!(signed.scores, expected);
        assert_eq!(signed.sum(), -342.0);
        let squares: f64 = expected.iter().map(|score| f64::from(score * score)).sum();
        assert_eq!(signed.statistic(-342.0), 342.0 / squares.sqrt());
        assert_eq!(SignedScores::new(&[1.0; 3], 1.0).statistic(0.0), 0.0);
    }
}
