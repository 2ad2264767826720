//! How sure a number is that is computed from values which are alike.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::standard_deviation;

const REPLICATIONS: usize = 1_000;

/// A number that was computed from values, with how sure it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Resampled {
    /// The number.
    pub estimate: f64,
    /// Its 95 % interval.
    pub interval: (f64, f64),
    /// Its standard error.
    pub standard_error: f64,
}

/// What `of` makes of the values, with a percentile interval of 1,000 bootstrap replications drawn from `seed` (Efron and Tibshirani 1993,
/// chapter 13). It takes the values for independent and alike, as criterion does; launches that differ make it too narrow.
///
/// `None` of no values, or where `of` gives nothing.
pub fn resampled(
    values: &[f64],
    of: impl Fn(&[f64]) -> Option<f64>,
    seed: u64,
) -> Option<Resampled> {
    let estimate = of(values)?;
    let mut rng = Pcg64Mcg::seed_from_u64(seed);
    let mut replication = |_| {
        let drawn: Vec<f64> = (0..values.len())
            .map(|_| values[rng.random_range(0..values.len())])
            .collect();
        of(&drawn)
    };
    let mut replications: Vec<f64> = (0..REPLICATIONS).filter_map(&mut replication).collect();
    replications.sort_by(f64::total_cmp);
    let cut = replications.len() / 40;
    let ends = replications
        .get(cut)
        .zip(replications.iter().rev().nth(cut))?;
    Some(Resampled {
        estimate,
        interval: (*ends.0, *ends.1),
        standard_error: standard_deviation(&replications)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::mean;

    #[test]
    fn the_standard_error_of_a_mean_is_that_of_the_textbook() {
        let values: Vec<f64> = (0..100).map(f64::from).collect();
        let found = resampled(&values, mean, 7).unwrap();
        let textbook = standard_deviation(&values).unwrap() / 10.0;
        assert!(
            (found.standard_error / textbook - 1.0).abs() < 0.1,
            "{found:?}"
        );
        assert_eq!(found.estimate, 49.5);
        let half = (found.interval.1 - found.interval.0) / 2.0;
        assert!((half / (1.96 * textbook) - 1.0).abs() < 0.1, "{found:?}");
        assert_eq!(found, resampled(&values, mean, 7).unwrap());
    }

    #[test]
    fn nothing_has_no_number_and_one_value_is_sure_of_itself() {
        assert_eq!(resampled(&[], mean, 1), None);
        let one = resampled(&[3.0], mean, 1).unwrap();
        assert_eq!((one.interval, one.standard_error), ((3.0, 3.0), 0.0));
    }
}
