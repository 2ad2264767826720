//! An interval for values that come in launches.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

const REPLICATIONS: usize = 2_000;

/// The fewest launches whose spread says something of the spread between launches.
pub const FEWEST_LAUNCHES: usize = 5;

/// The fewest values: as many as [`super::median_interval`] needs at 95 %.
const VALUES: usize = 6;

/// An interval of the median of all values that allows for launches that differ.
///
/// A hierarchical bootstrap: resamples launches, then values within each (Davison and Hinkley, Bootstrap Methods and their
/// Application, 1997, section 3.8; for benchmarks Kalibera and Jones, ISMM 2013), takes the median of each of 2,000 replications,
/// drawn from `seed`, and cuts half of what `confidence` leaves off either end (percentile interval; Efron and Tibshirani 1993,
/// chapter 13).
///
/// It is approximate: with few launches it holds the median a little more often than `confidence` where launches do not differ, and a
/// little less often where they differ more than the values within them. The tests below simulate both.
///
/// Resampling L launches shows only (L - 1) / L of the variance between them, so both ends are moved away from the median by the root
/// of L / (L - 1).
///
/// A confidence that leaves less than one replication at each end gets the extremes of all.
///
/// `None` below 5 launches with values or 6 values in all, and for a confidence that is not within (0, 1).
pub fn hierarchical_interval(
    launches: &[Vec<f64>],
    confidence: f64,
    seed: u64,
) -> Option<(f64, f64)> {
    interval(launches, confidence, seed, REPLICATIONS)
}

fn interval(
    launches: &[Vec<f64>],
    confidence: f64,
    seed: u64,
    replications: usize,
) -> Option<(f64, f64)> {
    let launches: Vec<&[f64]> = launches
        .iter()
        .map(Vec::as_slice)
        .filter(|launch| !launch.is_empty())
        .collect();
    let values: usize = launches.iter().map(|launch| launch.len()).sum();
    let proper = confidence > 0.0 && confidence < 1.0;
    if launches.len() < FEWEST_LAUNCHES || values < VALUES || !proper {
        return None;
    }
    let mut rng = Pcg64Mcg::seed_from_u64(seed);
    // Values by rank: to draw is then to count, which is faster than to sort each replication.
    let mut sorted = launches.concat();
    sorted.sort_by(f64::total_cmp);
    let rank = |value: &f64| sorted.partition_point(|it| it.total_cmp(value).is_lt());
    let ranks: Vec<Vec<usize>> = launches
        .iter()
        .map(|launch| launch.iter().map(rank).collect())
        .collect();
    let mut counts = vec![0_u32; values];
    let mut replication = |_| {
        counts.fill(0);
        for _ in 0..ranks.len() {
            let launch = &ranks[rng.random_range(0..ranks.len())];
            for _ in 0..launch.len() {
                counts[launch[rng.random_range(0..launch.len())]] += 1;
            }
        }
        median(&sorted, &counts)
    };
    let mut medians: Vec<f64> = (0..replications).map(&mut replication).collect();
    medians.sort_by(f64::total_cmp);
    // Replications up to each end of the interval.
    let cut = ((1.0 - confidence) / 2.0 * (replications + 1) as f64).floor() as usize;
    let cut = cut.max(1);
    let middle = super::median(&launches.concat())?;
    let count = launches.len() as f64;
    let stretched = |end: f64| middle + (count / (count - 1.0)).sqrt() * (end - middle);
    Some((
        stretched(medians[cut - 1]),
        stretched(medians[replications - cut]),
    ))
}

/// The median of sorted values, each as often as it was drawn; at least one was.
fn median(sorted: &[f64], counts: &[u32]) -> f64 {
    let drawn: u32 = counts.iter().sum();
    let (lower, upper) = ((drawn - 1) / 2, drawn / 2);
    let mut passed = 0;
    let mut first = None;
    for (value, count) in sorted.iter().zip(counts) {
        passed += count;
        if passed > lower && first.is_none() {
            first = Some(*value);
        }
        if passed > upper {
            return (first.unwrap_or(*value) + value) / 2.0;
        }
    }
    f64::NAN
}

#[cfg(test)]
mod tests {
    use super::super::draws::Draws;
    use super::*;

    #[test]
    fn too_little_has_no_interval() {
        let launches = vec![vec![1.0, 2.0]; 5];
        assert!(hierarchical_interval(&launches, 0.95, 1).is_some());
        assert_eq!(hierarchical_interval(&launches[1..], 0.95, 1), None);
        assert_eq!(hierarchical_interval(&vec![vec![1.0]; 5], 0.95, 1), None);
        let mut empty = launches.clone();
        empty[0].clear();
        assert_eq!(hierarchical_interval(&empty, 0.95, 1), None);
        for confidence in [-1.0, 0.0, 1.0, 2.0, f64::NAN] {
            assert_eq!(
                hierarchical_interval(&launches, confidence, 1),
                None,
                "{confidence}"
            );
        }
    }

    #[test]
    fn a_larger_confidence_has_a_wider_interval_and_the_extremes_at_most() {
        let launches = launches(&mut Draws::new(6), 5, 1.0);
        let of = |confidence| hierarchical_interval(&launches, confidence, 1);
        let [shown, sure, extremes] =
            [0.95, 0.999, 0.999_999_9].map(|it| of(it).expect("5 launches suffice"));
        assert!(sure.0 < shown.0 && shown.1 < sure.1);
        assert!(extremes.0 <= sure.0 && sure.1 <= extremes.1);
    }

    #[test]
    fn counting_finds_the_median() {
        let mut draws = Draws::new(2);
        for count in 1..40 {
            let mut values: Vec<f64> = (0..count).map(|_| draws.normal()).collect();
            values.sort_by(f64::total_cmp);
            let counts: Vec<u32> = (0..count).map(|_| (3.0 * draws.uniform()) as u32).collect();
            let each = values.iter().zip(&counts);
            let drawn: Vec<f64> = each
                .flat_map(|(value, times)| vec![*value; *times as usize])
                .collect();
            if let Some(expected) = super::super::median(&drawn) {
                assert_eq!(median(&values, &counts), expected);
            }
        }
    }

    /// Launches of one value each are an ordinary bootstrap, whose ends are known: the median of 11 draws from 11 sorted values
    /// is at most the j-th with P(Binomial(11, j / 11) > 5) (Efron 1979). `scipy.stats.binom.sf(5, 11, j / 11)` of scipy 1.17.1
    /// is 0.0072 at j = 2, 0.0512 at 3, 0.1727 at 4, 0.8273 at 7, 0.9488 at 8 and 0.9928 at 9.
    #[test]
    fn launches_of_one_value_are_the_ordinary_bootstrap() {
        let launches: Vec<Vec<f64>> = (1..=11).rev().map(|value| vec![f64::from(value)]).collect();
        let around_6 =
            |reach: f64| Some((6.0 - reach * 1.1f64.sqrt(), 6.0 + reach * 1.1f64.sqrt()));
        assert_eq!(hierarchical_interval(&launches, 0.95, 3), around_6(3.0));
        assert_eq!(hierarchical_interval(&launches, 0.8, 3), around_6(2.0));
    }

    fn launches(draws: &mut Draws, count: usize, between: f64) -> Vec<Vec<f64>> {
        let launch = |_| {
            let own = between * draws.normal();
            (0..8).map(|_| own + draws.normal()).collect()
        };
        (0..count).map(launch).collect()
    }

    #[test]
    fn scale_and_seed() {
        let launches = launches(&mut Draws::new(4), 6, 1.0);
        let scaled: Vec<Vec<f64>> = launches
            .iter()
            .map(|launch| launch.iter().map(|value| value * 4.0).collect())
            .collect();
        let (low, high) = hierarchical_interval(&launches, 0.95, 1).expect("6 launches suffice");
        assert_eq!(
            hierarchical_interval(&scaled, 0.95, 1),
            Some((low * 4.0, high * 4.0))
        );
        assert_ne!(hierarchical_interval(&launches, 0.95, 2), Some((low, high)));
    }

    /// How many of 200 intervals hold the true median.
    fn covered(count: usize, between: f64) -> usize {
        let covers = |trial: &u64| {
            let launches = launches(&mut Draws::new(*trial), count, between);
            let (low, high) = interval(&launches, 0.95, *trial, 199).expect("enough launches");
            (low..=high).contains(&0.0)
        };
        (0..200).filter(covers).count()
    }

    /// 94.1 % in 4,000 trials. Binomial(200, 0.941) lies in 176..=197 with probability over 0.999.
    #[test]
    fn intervals_cover_the_median_where_launches_differ() {
        let covered = covered(8, 1.0);
        assert!((176..=197).contains(&covered), "{covered} of 200");
    }

    /// 90.7 % in 4,000 trials. Binomial(200, 0.907) lies in 167..=193 with probability over 0.999.
    #[test]
    fn few_launches_that_differ_much_are_covered_less_often() {
        let covered = covered(5, 5.0);
        assert!((167..=193).contains(&covered), "{covered} of 200");
    }
}
