//! How much can be seen in how many rounds.

use std::f64::consts::PI;

use statrs::distribution::{ContinuousCDF, Normal};

/// The chance with which an effect is to be seen.
const POWER: f64 = 0.8;

/// The smallest effect that the two-sided [sign-flip test](super::sign_flips) at `alpha` sees with a power of 80 %, in the unit of `deviation`, the
/// standard deviation of the log ratios: (z_{1 - alpha/2} + z_{0.8}) * deviation * sqrt(pi / 3) / sqrt(rounds).
///
/// The normal approximation of the t test, with pi / 3 for what robustness costs under normal noise: the inverse efficiency of the
/// signed-rank test (Lehmann, Nonparametrics, 1975, chapter 4), and to a percent that of the clipped scores used here. With heavier
/// tails it sees smaller effects; for few rounds it promises too much.
///
/// Infinite where nothing can be seen: no rounds, or an `alpha` that is not within (0, 1). Whether `rounds` suffice for `alpha`
/// at all is [`fewest_rounds`].
pub fn detectable(deviation: f64, rounds: usize, alpha: f64) -> f64 {
    match (rounds, quantiles(alpha)) {
        (1.., Some(z)) => z * deviation * (PI / 3.0 / rounds as f64).sqrt(),
        _ => f64::INFINITY,
    }
}

/// The rounds in which the two-sided [sign-flip test](super::sign_flips) at `alpha` sees `effect` with a power of 80 %: the inverse of
/// [`detectable`], not rounded. The sign of the effect does not matter. Infinite for no effect, and for an `alpha` that is not
/// within (0, 1).
pub fn rounds_for(deviation: f64, effect: f64, alpha: f64) -> f64 {
    match quantiles(alpha) {
        Some(z) if effect != 0.0 => (z * deviation / effect).powi(2) * PI / 3.0,
        _ => f64::INFINITY,
    }
}

/// z_{1 - alpha/2} + z_{0.8}.
fn quantiles(alpha: f64) -> Option<f64> {
    let normal = Normal::standard();
    // From the lower tail, where a small alpha is not rounded away.
    (alpha > 0.0 && alpha < 1.0)
        .then(|| normal.inverse_cdf(POWER) - normal.inverse_cdf(alpha / 2.0))
}

/// The fewest rounds in which a test of one row by sign flips can reach `alpha` at all: its smallest p-value is 2 / 2^n, and
/// 1 / 20,001 where [`sign_flips`](super::sign_flips) draws them. Of k rows at once, an `alpha` / k is surely enough.
///
/// At least 1; `u32::MAX` where no number of rounds does: `alpha` is 0, less, or not a number.
pub fn fewest_rounds(alpha: f64) -> u32 {
    // The smallest positive number is 2^-1074.
    (0..=1074)
        .find(|halvings| 0.5f64.powi(*halvings) <= alpha)
        .map_or(u32::MAX, |halvings| halvings as u32 + 1)
}

#[cfg(test)]
mod tests {
    use super::super::{sign_flips, signed_scores::SignedScores, simulation::Draws};
    use super::*;

    /// With `z = scipy.stats.norm.ppf`, scipy 1.17.1: `(z(.975) + z(.8)) * .1 * np.sqrt(np.pi / 3) / np.sqrt(30)` and
    /// `((z(.995) + z(.8)) * .1 * np.sqrt(np.pi / 3) / .05) ** 2`.
    #[test]
    fn effects_and_rounds_are_those_of_scipys_normal() {
        assert!((detectable(0.1, 30, 0.05) - 0.05234286846504488).abs() < 1e-12);
        assert!((rounds_for(0.1, 0.05, 0.01) - 48.920747487898424).abs() < 1e-9);
        assert_eq!(rounds_for(0.1, -0.05, 0.01), rounds_for(0.1, 0.05, 0.01));
    }

    #[test]
    fn each_is_the_inverse_of_the_other() {
        for rounds in [1, 8, 30, 1000] {
            for alpha in [1e-12, 0.01, 0.3] {
                let back = rounds_for(0.07, detectable(0.07, rounds, alpha), alpha);
                assert!(
                    (back / rounds as f64 - 1.0).abs() < 1e-12,
                    "{rounds} {alpha}: {back}"
                );
            }
        }
    }

    #[test]
    fn what_cannot_be_seen_is_infinite() {
        assert_eq!(detectable(0.1, 0, 0.05), f64::INFINITY);
        assert_eq!(rounds_for(0.1, 0.0, 0.05), f64::INFINITY);
        assert_eq!(rounds_for(0.0, 0.0, 0.05), f64::INFINITY);
        for alpha in [-1.0, 0.0, 1.0, 3.0, f64::NAN] {
            assert_eq!(detectable(0.1, 30, alpha), f64::INFINITY, "{alpha}");
            assert_eq!(rounds_for(0.1, 0.05, alpha), f64::INFINITY, "{alpha}");
        }
    }

    #[test]
    fn the_fewest_rounds_are_those_whose_smallest_p_reaches() {
        assert_eq!(
            [1.0, 0.5, 0.05, 0.01, 0.0078125].map(fewest_rounds),
            [1, 2, 6, 8, 8]
        );
        // Two and 15 rows at 1 %.
        assert_eq!([0.01 / 2.0, 0.01 / 15.0].map(fewest_rounds), [9, 12]);
        assert_eq!([0.0, -1.0, f64::NAN].map(fewest_rounds), [u32::MAX; 3]);
        assert_eq!(fewest_rounds(f64::from_bits(1)), 1075);
        for alpha in [0.05, 0.01] {
            let smallest = |rounds: u32| sign_flips(&[vec![1.0; rounds as usize]], 0.0, 1)[0].p;
            assert!(smallest(fewest_rounds(alpha)) <= alpha);
            assert!(smallest(fewest_rounds(alpha) - 1) > alpha);
        }
    }

    /// 78.7 % in 6,000 trials with scipy's exact null distribution. Binomial(1000, 0.787) lies in 735..=836 with probability over
    /// 0.9999.
    #[test]
    fn effects_of_that_size_are_seen_that_often() {
        let effect = detectable(1.0, 100, 0.05);
        let mut draws = Draws::new(10);
        let mut seen = || {
            let ranks = SignedScores::new(&draws.normals(100), -effect);
            ranks.statistic(ranks.sum()) > 1.96
        };
        let count = (0..1000).filter(|_| seen()).count();
        assert!((735..=836).contains(&count), "{count} of 1000");
    }
}
