//! How throughput grows with concurrency, and where it stops.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::statistics::least_squares::least_squares;

/// The universal scalability law of one row: X(N) = lambda N / (1 + sigma (N - 1) + kappa N (N - 1)).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Usl {
    /// Throughput at a concurrency of 1, as fitted; positive.
    pub lambda_per_second: f64,
    /// Contention: the share of the work that is done one at a time; at least 0.
    pub sigma: f64,
    /// Coherency: what each pair of units in flight costs; at least 0.
    pub kappa: f64,
    /// The concurrency with the highest throughput, sqrt((1 - sigma) / kappa); null where throughput only grows (no kappa) or
    /// only falls (sigma of 1 or more). Beyond the measured concurrencies it is an extrapolation.
    pub knee: Option<f64>,
    /// Points it rests on.
    pub points: usize,
}

/// Fits the law (Gunther, Guerrilla Capacity Planning, 2007, chapters 4 to 6) to (concurrency, throughput per second).
///
/// Least squares on its linear form N/X = a + b (N - 1) + c N (N - 1) with lambda = 1/a, sigma = b/a, kappa = c/a, each residual
/// relative to its N/X, since throughputs err by percents and not by constants. Sigma and kappa are not negative: where the free
/// fit makes one so, the best fit without it, or without both, is taken, which is the constrained optimum of this convex problem.
///
/// `None` below 4 different concurrencies, and where any number is not positive and finite or no fit has a positive lambda.
pub fn usl(points: &[(f64, f64)]) -> Option<Usl> {
    let positive = |value: f64| value.is_finite() && value > 0.0;
    if !points.iter().all(|(n, x)| positive(*n) && positive(*x)) {
        return None;
    }
    let mut sizes: Vec<f64> = points.iter().map(|(n, _)| *n).collect();
    sizes.sort_by(f64::total_cmp);
    sizes.dedup();
    if sizes.len() < 4 {
        return None;
    }
    // Each row of the system over its N/X, so that the target is 1 everywhere.
    let column = |term: fn(f64) -> f64| -> Vec<f64> {
        points.iter().map(|(n, x)| term(*n) * x / n).collect()
    };
    let terms = [
        column(|_| 1.0),
        column(|n| n - 1.0),
        column(|n| n * (n - 1.0)),
    ];
    let (a, b, c) = [&[0, 1, 2][..], &[0, 1], &[0, 2], &[0]]
        .iter()
        .filter_map(|chosen| {
            let columns: Vec<&[f64]> = chosen.iter().map(|term| &terms[*term][..]).collect();
            let (fitted, residual) = least_squares(&columns, &vec![1.0; points.len()])?;
            let mut all = [0.0; 3];
            for (term, coefficient) in chosen.iter().zip(fitted) {
                all[*term] = coefficient;
            }
            let [a, b, c] = all;
            (a > 0.0 && b >= 0.0 && c >= 0.0).then_some((residual, (a, b, c)))
        })
        .min_by(|x, y| x.0.total_cmp(&y.0))
        .map(|(_, fit)| fit)?;
    let (sigma, kappa) = (b / a, c / a);
    let knee = ((1.0 - sigma) / kappa).sqrt();
    Some(Usl {
        lambda_per_second: 1.0 / a,
        sigma,
        kappa,
        knee: (kappa > 0.0 && sigma < 1.0 && knee.is_finite()).then_some(knee),
        points: points.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::draws::Draws;
    use super::*;

    fn close(ours: f64, theirs: f64) -> bool {
        (ours - theirs).abs() <= 1e-9 * theirs.abs()
    }

    /// `scipy.optimize.nnls` on the weighted linear form, its columns scaled to unit length; scipy 1.17.1. In turn: with all
    /// terms, without sigma, without both.
    #[test]
    fn it_is_the_constrained_least_squares_of_scipy() {
        let rising = [
            (1.0, 100.0),
            (2.0, 204.0),
            (4.0, 410.0),
            (8.0, 803.0),
            (16.0, 1450.0),
        ];
        let fit = usl(&[&rising[..], &[(32.0, 2100.0)]].concat()).expect("6 sizes suffice");
        assert!(close(fit.lambda_per_second, 102.2751075739843), "{fit:?}");
        assert!(
            fit.sigma == 0.0 && close(fit.kappa, 0.0005585260311982436),
            "{fit:?}"
        );
        assert!(
            close(fit.knee.unwrap_or_default(), 42.3134357527178),
            "{fit:?}"
        );

        let falling = [
            (1.0, 955.2),
            (2.0, 1878.9),
            (4.0, 3548.7),
            (8.0, 6531.1),
            (16.0, 9897.2),
            (32.0, 9102.4),
            (64.0, 6120.0),
        ];
        let fit = usl(&falling).expect("7 sizes suffice");
        assert!(close(fit.lambda_per_second, 942.1396365821724), "{fit:?}");
        assert!(close(fit.sigma, 0.0031759565873641167), "{fit:?}");
        assert!(close(fit.kappa, 0.002161209447750132), "{fit:?}");
        assert!(
            close(fit.knee.unwrap_or_default(), 21.476367336293244),
            "{fit:?}"
        );

        let steep = [
            (1.0, 100.0),
            (2.0, 205.0),
            (4.0, 420.0),
            (8.0, 850.0),
            (16.0, 1800.0),
        ];
        let fit = usl(&steep).expect("5 sizes suffice");
        assert!(close(fit.lambda_per_second, 105.41864608076014), "{fit:?}");
        assert_eq!(
            (fit.sigma, fit.kappa, fit.knee, fit.points),
            (0.0, 0.0, None, 5)
        );
    }

    fn law(lambda: f64, sigma: f64, kappa: f64, n: f64) -> f64 {
        lambda * n / (1.0 + sigma * (n - 1.0) + kappa * n * (n - 1.0))
    }

    #[test]
    fn the_law_itself_is_found_over_many_orders_of_magnitude() {
        let points: Vec<(f64, f64)> = [1.0, 10.0, 100.0, 1000.0, 10_000.0]
            .map(|n| (n, law(50.0, 0.02, 1e-6, n)))
            .to_vec();
        let fit = usl(&points).expect("5 sizes suffice");
        assert!((fit.lambda_per_second / 50.0 - 1.0).abs() < 1e-9, "{fit:?}");
        assert!((fit.sigma / 0.02 - 1.0).abs() < 1e-9 && (fit.kappa / 1e-6 - 1.0).abs() < 1e-9);
        assert!(
            (fit.knee.unwrap_or_default() - 0.98e6f64.sqrt()).abs() < 1e-3,
            "{fit:?}"
        );
    }

    #[test]
    fn throughput_that_only_falls_has_no_knee() {
        let points: Vec<(f64, f64)> = [1.0, 2.0, 4.0, 8.0]
            .map(|n| (n, law(9.0, 1.5, 0.1, n)))
            .to_vec();
        let fit = usl(&points).expect("4 sizes suffice");
        assert!(
            fit.sigma > 1.0 && fit.kappa > 0.0 && fit.knee.is_none(),
            "{fit:?}"
        );
    }

    #[test]
    fn too_few_sizes_or_no_throughput_have_no_fit() {
        let good = [(1.0, 9.0), (2.0, 17.0), (4.0, 30.0), (8.0, 50.0)];
        assert!(usl(&good).is_some());
        assert_eq!(usl(&[]), None);
        assert_eq!(usl(&[&good[..3], &good[..3]].concat()), None);
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(usl(&[&good[..], &[(16.0, bad)]].concat()), None, "{bad}");
            assert_eq!(usl(&[&good[..], &[(bad, 60.0)]].concat()), None, "{bad}");
        }
        // Four sizes that no arithmetic can tell from one another.
        let near: Vec<(f64, f64)> = (0..4).map(|n| (7.0 + f64::from(n) * 1e-15, 9.0)).collect();
        assert!(usl(&near).is_none_or(|fit| fit.lambda_per_second.is_finite()));
    }

    #[test]
    fn order_and_unit_change_nothing() {
        let mut draws = Draws::new(6);
        for _ in 0..100 {
            let (sigma, kappa) = (0.2 * draws.uniform(), 0.01 * draws.uniform());
            let mut points: Vec<(f64, f64)> = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0]
                .map(|n| (n, law(70.0, sigma, kappa, n) * (0.1 * draws.normal()).exp()))
                .to_vec();
            let before = usl(&points).expect("6 sizes suffice");
            points.reverse();
            for (_, x) in &mut points {
                *x *= 1000.0;
            }
            let after = usl(&points).expect("6 sizes suffice");
            let same = |a: f64, b: f64| (a - b).abs() <= 1e-9 * (1.0 + b.abs());
            assert!(same(
                after.lambda_per_second / 1000.0,
                before.lambda_per_second
            ));
            assert!(same(after.sigma, before.sigma) && same(after.kappa, before.kappa));
            assert!(before.sigma >= 0.0 && before.kappa >= 0.0);
        }
    }
}
