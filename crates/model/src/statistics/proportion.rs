//! An interval for how often something happens.

use statrs::distribution::{Beta, ContinuousCDF};

/// The interval of a proportion of which `hits` of `trials` were seen: it holds the truth with at least `confidence`, at any
/// proportion and any number of trials (Clopper and Pearson, Biometrika 26, 1934; here by quantiles of the beta distribution).
///
/// Within [0, 1]; the lower end is 0 where there was no hit, the upper one 1 where there was nothing else. (0, 1) where nothing
/// can be said: no trials, or a confidence that is not within (0, 1). More hits than trials count as only hits.
pub fn clopper_pearson(hits: u64, trials: u64, confidence: f64) -> (f64, f64) {
    if trials == 0 || !(confidence > 0.0 && confidence < 1.0) {
        return (0.0, 1.0);
    }
    let tail = (1.0 - confidence) / 2.0;
    let hits = hits.min(trials);
    let misses = trials - hits;
    let seen = hits as f64 / trials as f64;
    // With a shape of 0 there is no distribution: the edges.
    let beta = |a: u64, b: u64| Beta::new(a as f64, b as f64).ok();
    let low = beta(hits, misses + 1).map(|beta| bisect(0.0, seen, |p| beta.cdf(p) >= tail));
    let high = beta(hits + 1, misses).map(|beta| bisect(seen, 1.0, |p| beta.sf(p) <= tail));
    (low.unwrap_or(0.0), high.unwrap_or(1.0))
}

/// Where something begins to hold. Not `inverse_cdf`: that of statrs 0.19 does not return for some shapes with many trials
/// (statrs-dev/statrs#435).
fn bisect(mut from: f64, mut to: f64, holds: impl Fn(f64) -> bool) -> f64 {
    loop {
        let middle = from + (to - from) / 2.0;
        if middle <= from || middle >= to {
            return middle;
        }
        match holds(middle) {
            true => to = middle,
            false => from = middle,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::draws::Draws;
    use super::*;

    /// `statsmodels.stats.proportion.proportion_confint(hits, trials, 1 - confidence, method='beta')`, statsmodels 0.15.0.
    #[test]
    fn it_is_that_of_statsmodels() {
        for (hits, trials, confidence, low, high) in [
            (0, 10, 0.95, 0.0, 0.3084971078187607),
            (10, 10, 0.95, 0.6915028921812392, 1.0),
            (3, 20, 0.95, 0.032070937185463715, 0.37892682654531396),
            (7, 900, 0.99, 0.0022687089048906875, 0.01893035709507877),
            (450, 900, 0.95, 0.4668240544786599, 0.5331759455213401),
            (
                1,
                1_000_000,
                0.95,
                2.53178076637942e-08,
                5.571630655166939e-06,
            ),
        ] {
            let ours = clopper_pearson(hits, trials, confidence);
            let close = |a: f64, b: f64| (a - b).abs() <= 1e-8 * b;
            assert!(
                close(ours.0, low) && close(ours.1, high),
                "{hits} of {trials}: {ours:?}"
            );
        }
    }

    #[test]
    fn nothing_is_known_of_nothing() {
        assert_eq!(clopper_pearson(0, 0, 0.95), (0.0, 1.0));
        assert_eq!(clopper_pearson(3, 0, 0.95), (0.0, 1.0));
        assert_eq!(clopper_pearson(9, 5, 0.95), clopper_pearson(5, 5, 0.95));
        for confidence in [-1.0, 0.0, 1.0, 2.0, f64::NAN] {
            assert_eq!(
                clopper_pearson(3, 5, confidence),
                (0.0, 1.0),
                "{confidence}"
            );
        }
    }

    #[test]
    fn hits_and_misses_mirror_each_other() {
        for hits in 0..=13 {
            let (low, high) = clopper_pearson(hits, 13, 0.9);
            let (other_low, other_high) = clopper_pearson(13 - hits, 13, 0.9);
            assert!((low + other_high - 1.0).abs() < 1e-9 && (high + other_low - 1.0).abs() < 1e-9);
            assert!(low < hits as f64 / 13.0 || hits == 0);
        }
    }

    /// Binomial(2000, 0.95) lies above 1860 with probability over 0.9999; the real coverage at 20 trials of 0.3 is 97.5 %.
    #[test]
    fn intervals_cover_the_proportion_as_often_as_they_say() {
        let mut draws = Draws::new(1);
        let mut covers = || {
            let hits = (0..20).filter(|_| draws.uniform() < 0.3).count() as u64;
            let (low, high) = clopper_pearson(hits, 20, 0.95);
            (low..=high).contains(&0.3)
        };
        let covered = (0..2000).filter(|_| covers()).count();
        assert!((1861..2000).contains(&covered), "{covered} of 2000");
    }
}
