//! Which of the sorted values hold a quantile between them.

use statrs::distribution::{Binomial, DiscreteCDF};

/// Values up to which the binomial distribution of statrs is right in its middle too: its continued fraction stops after 140
/// steps.
const MOST: u64 = 10_000_000;

/// The ranks, from 1, of two of `count` sorted independent values that hold the `quantile` of their distribution between them
/// with at least `confidence`, whatever that distribution is.
///
/// The number of values below the quantile is binomial (Conover, Practical Nonparametric Statistics, 3rd ed. 1999, section 3.2).
/// Each end may miss with half of what the confidence leaves. Where one end cannot be that sure even at the extreme value, that
/// value is taken, and the other end has what it leaves: so at 95 % the 0.99 quantile has an interval from 299 values on.
///
/// `None` where even the extremes do not reach the confidence, for a quantile or a confidence that is not within (0, 1), and
/// above 10 million values.
pub fn quantile_ranks(count: u64, quantile: f64, confidence: f64) -> Option<(u64, u64)> {
    let within = |share: f64| share > 0.0 && share < 1.0;
    if !(1..=MOST).contains(&count) || !within(quantile) || !within(confidence) {
        return None;
    }
    let below = Binomial::new(quantile, count).ok()?;
    // The chance that the quantile lies below the value of a rank, and that it lies above.
    let under = |rank: u64| below.cdf(rank - 1);
    let over = |rank: u64| below.sf(rank - 1);
    // The last rank that is surely not above the quantile; the first that is surely not below.
    let low = |tail: f64| {
        first(count, |rank| under(rank) > tail)
            .checked_sub(1)
            .filter(|rank| *rank > 0)
    };
    let high =
        |tail: f64| Some(first(count, |rank| over(rank) <= tail)).filter(|rank| *rank <= count);
    let miss = 1.0 - confidence;
    match (low(miss / 2.0), high(miss / 2.0)) {
        (Some(low), Some(high)) => Some((low, high)),
        (None, Some(_)) => Some((1, high(miss - under(1))?)),
        (Some(_), None) => Some((low(miss - over(count))?, count)),
        (None, None) => None,
    }
}

/// The first rank of 1..=count from which on something holds; count + 1 where it never does.
fn first(count: u64, holds: impl Fn(u64) -> bool) -> u64 {
    let (mut from, mut to) = (1, count + 1);
    while from < to {
        let middle = from + (to - from) / 2;
        match holds(middle) {
            true => to = middle,
            false => from = middle + 1,
        }
    }
    from
}

#[cfg(test)]
mod tests {
    use super::super::draws::Draws;
    use super::*;

    /// The last rank with `scipy.stats.binom(n, q).cdf(rank - 1) <= tail` and the first with `.sf(rank - 1) <= tail`, scipy
    /// 1.17.1.
    #[test]
    fn ranks_are_those_of_scipys_binomial() {
        for (count, quantile, confidence, low, high) in [
            (500, 0.99, 0.95, 490, 500),
            (1000, 0.99, 0.95, 983, 997),
            (100, 0.9, 0.95, 84, 96),
            (20, 0.25, 0.9, 2, 9),
            (100_000, 0.999, 0.99, 99_873, 99_926),
            (60, 0.5, 0.99, 20, 41),
            (MOST, 0.5, 0.95, 4_996_901, 5_003_100),
        ] {
            let ranks = quantile_ranks(count, quantile, confidence);
            assert_eq!(ranks, Some((low, high)), "{quantile} of {count}");
        }
    }

    /// One-sided where the extreme is all there is: 0.99^299 is 4.95 %, 0.99^298 is 5.004 %.
    #[test]
    fn the_extremes_are_used_while_they_reach() {
        assert_eq!(quantile_ranks(298, 0.99, 0.95), None);
        let (low, high) = quantile_ranks(299, 0.99, 0.95).expect("299 values suffice");
        assert_eq!(high, 299);
        // The same from the other end.
        assert_eq!(quantile_ranks(299, 0.01, 0.95), Some((1, 300 - low)));
        assert_eq!(quantile_ranks(298, 0.01, 0.95), None);
        let (lower, _) = quantile_ranks(360, 0.99, 0.95).expect("360 values suffice");
        assert!(low < 296 && lower > low, "{low} {lower}");
    }

    #[test]
    fn what_is_no_share_has_none() {
        assert_eq!(quantile_ranks(0, 0.5, 0.95), None);
        assert_eq!(quantile_ranks(1, 0.5, 0.95), None);
        assert_eq!(quantile_ranks(MOST + 1, 0.5, 0.95), None);
        for bad in [-0.5, 0.0, 1.0, 2.0, f64::NAN] {
            assert_eq!(quantile_ranks(100, bad, 0.95), None, "{bad}");
            assert_eq!(quantile_ranks(100, 0.5, bad), None, "{bad}");
        }
    }

    #[test]
    fn ranks_are_ordered_and_as_sure_as_asked() {
        for count in 1..80 {
            for quantile in [0.02, 0.25, 0.5, 0.9, 0.97] {
                for confidence in [0.1, 0.5, 0.9, 0.99] {
                    let Some((low, high)) = quantile_ranks(count, quantile, confidence) else {
                        continue;
                    };
                    assert!(1 <= low && low <= high && high <= count);
                    let below = Binomial::new(quantile, count).expect("a probability");
                    let sure: f64 = below.cdf(high - 1) - below.cdf(low - 1);
                    assert!(
                        sure >= confidence - 1e-9,
                        "{count} {quantile} {confidence}: {sure}"
                    );
                }
            }
        }
    }

    /// Binomial(2000, 0.95) lies above 1860 with probability over 0.9999.
    #[test]
    fn ranks_cover_the_quantile_as_often_as_they_say() {
        let mut draws = Draws::new(8);
        let (low, high) = quantile_ranks(60, 0.9, 0.95).expect("60 values suffice");
        let mut covers = || {
            let mut values: Vec<f64> = (0..60).map(|_| draws.uniform().powi(5)).collect();
            values.sort_by(f64::total_cmp);
            (values[low as usize - 1]..=values[high as usize - 1]).contains(&0.9f64.powi(5))
        };
        let covered = (0..2000).filter(|_| covers()).count();
        assert!((1861..1990).contains(&covered), "{covered} of 2000");
    }
}
