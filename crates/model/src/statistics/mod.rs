//! Estimators and tests: medians, intervals that ask nothing of the distribution, and which differences are more than chance.
//!
//! # Layout
//!
//! - How sure one row is: [`median_interval`], [`hierarchical_interval`] over launches, [`quantile_ranks`], [`clopper_pearson`], [`resampled()`].
//! - Whether rows differ: [`friedman()`] at all, [`Sides`] each from its reference, [`p_apart_together`] all at once, [`letters()`]
//!   to print it.
//! - Whether rounds may be taken for independent: [`autocorrelation()`], [`p_of_groups`]. How a row grows: [`usl()`], and where it bends: [`knee()`].
//!
//! # Invariants
//!
//! - Randomness comes from a seed that is passed in; distributions and their quantiles come from `statrs`.
//! - Nothing panics on a number: what cannot be answered is `None`, or the answer that claims least.

mod autocorrelation;
mod bootstrap;
pub(crate) mod draws;
mod friedman;
mod knee;
pub(crate) mod least_squares;
mod letters;
mod order;
mod proportion;
mod ranks;
mod resampled;
mod sides;
mod usl;
mod variance;

pub use autocorrelation::autocorrelation;
pub use bootstrap::{FEWEST_LAUNCHES, hierarchical_interval};
pub use friedman::{Friedman, friedman};
pub use knee::knee;
pub use letters::letters;
pub use order::quantile_ranks;
pub use proportion::clopper_pearson;
pub use resampled::{Resampled, resampled};
pub use sides::{Sides, p_apart_together, p_together, parts};
pub use usl::{Usl, usl};
pub use variance::p_of_groups;

/// The arithmetic mean; none of nothing.
pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// The standard deviation with n - 1 (Bessel); none below two values.
pub fn standard_deviation(values: &[f64]) -> Option<f64> {
    let mean = mean(values).filter(|_| values.len() > 1)?;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    Some((squares / (values.len() - 1) as f64).sqrt())
}

/// The middle value; the mean of the two middle ones where their number is even. `None` of nothing.
pub fn median(values: &[f64]) -> Option<f64> {
    let sorted = sorted(values);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        n if n % 2 == 1 => Some(sorted[middle]),
        _ => Some((sorted[middle - 1] + sorted[middle]) / 2.0),
    }
}

/// The median distance from the median, unscaled. `None` of nothing.
pub fn median_absolute_deviation(values: &[f64]) -> Option<f64> {
    let middle = median(values)?;
    median(
        &values
            .iter()
            .map(|value| (value - middle).abs())
            .collect::<Vec<_>>(),
    )
}

/// An interval that holds the median of independent values with at least `confidence`, whatever their distribution.
///
/// It spans the two order statistics of [`quantile_ranks`]. `None` where even the extremes do not reach the confidence: at 95 %,
/// below 6 values.
pub fn median_interval(values: &[f64], confidence: f64) -> Option<(f64, f64)> {
    let (low, high) = quantile_ranks(values.len() as u64, 0.5, confidence)?;
    let sorted = sorted(values);
    Some((sorted[low as usize - 1], sorted[high as usize - 1]))
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mean_and_standard_deviation_are_those_of_the_textbook() {
        let values = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0];
        assert_eq!(mean(&values), Some(5.0));
        // The squares sum to 32.
        assert_eq!(standard_deviation(&values), Some((32.0f64 / 7.0).sqrt()));
        assert_eq!((mean(&[]), standard_deviation(&[1.0])), (None, None));
    }

    fn upto(n: u32) -> Vec<f64> {
        // Not in order, so that sorting is part of what is tested.
        (1..=n).rev().map(f64::from).collect()
    }

    #[test]
    fn medians() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[3.0]), Some(3.0));
        assert_eq!(median(&upto(4)), Some(2.5));
        assert_eq!(median(&upto(5)), Some(3.0));
        assert_eq!(
            median_absolute_deviation(&[1.0, 1.0, 2.0, 2.0, 4.0, 6.0, 9.0]),
            Some(1.0)
        );
    }

    /// The ranks of the exact 95 % interval of the median, as printed in Conover's and other tables: n, lower, upper.
    #[test]
    fn intervals_have_the_tabulated_ranks() {
        for (n, low, high) in [
            (6, 1, 6),
            (8, 1, 8),
            (9, 2, 8),
            (12, 3, 10),
            (20, 6, 15),
            (25, 8, 18),
            (30, 10, 21),
        ] {
            let interval = median_interval(&upto(n), 0.95);
            assert_eq!(interval, Some((f64::from(low), f64::from(high))), "n = {n}");
        }
        assert_eq!(median_interval(&upto(5), 0.95), None);
        assert_eq!(median_interval(&[], 0.95), None);
    }

    /// Binomial(2000, 0.95) lies above 1860 with probability over 0.9999; the real coverage at n = 9 is 96.1 %.
    #[test]
    fn intervals_cover_the_median_as_often_as_they_say() {
        let draw = |trial, index| (workloads::mix(trial, index) >> 11) as f64 / (1u64 << 53) as f64;
        let covers = |trial| {
            let values: Vec<f64> = (0..9).map(|index| draw(trial, index).powi(3)).collect();
            let (low, high) = median_interval(&values, 0.95).expect("9 values suffice");
            (low..=high).contains(&0.125)
        };
        let covered = (0..2000).filter(|trial| covers(*trial)).count();
        assert!(covered > 1860, "{covered} of 2000");
    }
}
