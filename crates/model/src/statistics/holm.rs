//! Several families of p-values at once.

/// Adjusts p-values over families, each of which is already adjusted within; shape and order are those of `families`.
///
/// Holm's step-down (Scandinavian Journal of Statistics 6, 1979) with families in the place of single tests: each family starts
/// with 1/F of the error rate, and one that is rejected *as a whole* leaves its share to the rest. So the family with the f-th
/// smallest largest p (from 0) is multiplied by F - f, and is never below what the families before it needed to be rejected as
/// wholes. A p-value may also stop at an earlier step; in particular it is never worse than Bonferroni's p * F. With one p each
/// this is exactly Holm's procedure.
///
/// Why it is valid: let s families hold a true null. Until the first false rejection none of these is rejected as a whole, so at
/// most F - s shares were passed on and no family was tested above 1/s of the error rate. By the adjustment within, each of the s
/// then errs with at most that, and all of them together with at most the whole. Passing on a share earlier, when a family is
/// rejected only in part, would break the first step.
///
/// The results are in [0, 1]; a p that is not a number counts as 1. An empty family takes no share.
pub fn holm(families: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let proper = |p: f64| if p.is_nan() { 1.0 } else { p.clamp(0.0, 1.0) };
    let largest = |family: &Vec<f64>| family.iter().copied().map(proper).fold(0.0, f64::max);
    let mut order: Vec<usize> = (0..families.len())
        .filter(|index| !families[*index].is_empty())
        .collect();
    order.sort_by(|a, b| largest(&families[*a]).total_cmp(&largest(&families[*b])));

    let mut adjusted = vec![Vec::new(); families.len()];
    // What had to be rejected before a step, and the step's factor.
    let mut steps: Vec<(f64, f64)> = Vec::new();
    let mut needed = 0.0f64;
    for (before, index) in order.iter().enumerate() {
        steps.push((needed, (order.len() - before) as f64));
        let adjust = |p: f64| {
            let at = steps.iter().map(|(needed, factor)| needed.max(p * factor));
            at.fold(1.0, f64::min)
        };
        adjusted[*index] = families[*index]
            .iter()
            .copied()
            .map(proper)
            .map(adjust)
            .collect();
        needed = needed.max(largest(&adjusted[*index]));
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::super::simulation::Draws;
    use super::*;

    fn close(ours: &[f64], theirs: &[f64]) -> bool {
        ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(a, b)| (a - b).abs() < 1e-12)
    }

    /// `statsmodels.stats.multitest.multipletests(p, method='holm')[1]`, statsmodels 0.15.0.
    #[test]
    fn families_of_one_are_holms() {
        let p = [0.01, 0.02, 0.03, 0.04, 0.05, 0.001, 0.2, 0.03];
        let families: Vec<Vec<f64>> = p.iter().map(|p| vec![*p]).collect();
        let expected = [0.07, 0.12, 0.15, 0.15, 0.15, 0.008, 0.2, 0.15];
        assert!(
            close(&holm(&families).concat(), &expected),
            "{:?}",
            holm(&families)
        );
    }

    #[test]
    fn one_family_stays_as_it_is() {
        assert_eq!(holm(&[vec![0.2, 0.01, 1.0]]), [[0.2, 0.01, 1.0]]);
        assert!(holm(&[]).is_empty());
    }

    #[test]
    fn a_share_is_passed_on_only_by_a_whole_family() {
        // Rejected as a whole at 0.03, so that the second is multiplied by 2 and the third by 1.
        let families = vec![
            vec![0.002, 0.01],
            vec![0.02, 0.001],
            vec![0.9, 0.012, 0.045],
        ];
        let adjusted = holm(&families);
        assert!(close(&adjusted[0], &[0.006, 0.03]), "{adjusted:?}");
        // 0.001 is rejected before anything is passed on; at the second step it would need the whole first family.
        assert!(close(&adjusted[1], &[0.04, 0.003]), "{adjusted:?}");
        // 0.012 needs the first family and 2 * 0.012, or 3 * 0.012, or both families and itself: 0.03, 0.036, 0.04.
        assert!(close(&adjusted[2], &[0.9, 0.03, 0.045]), "{adjusted:?}");
        // The first family is no longer rejected as a whole: each of the others is back at 3, until 0.04 * 3 for all of the
        // second.
        let partly = holm(&[vec![0.002, 0.8], families[1].clone(), families[2].clone()]);
        assert!(close(&partly[1], &[0.06, 0.003]), "{partly:?}");
        assert!(close(&partly[2], &[1.0, 0.036, 0.09]), "{partly:?}");
    }

    #[test]
    fn what_is_no_p_is_one_and_what_is_empty_takes_no_share() {
        let adjusted = holm(&[vec![f64::NAN], vec![], vec![0.01]]);
        assert_eq!(adjusted, [vec![1.0], vec![], vec![0.02]]);
    }

    #[test]
    fn the_order_of_families_does_not_matter() {
        let mut draws = Draws::new(5);
        for _ in 0..200 {
            // Rounded, so that families often have the same largest p.
            let mut p = || (draws.uniform() * 8.0).floor() / 100.0;
            let families: Vec<Vec<f64>> = (0..5).map(|_| vec![p(), p(), p()]).collect();
            let mut turned = families.clone();
            turned.rotate_left(2);
            let (mut turned, straight) = (holm(&turned), holm(&families));
            turned.rotate_right(2);
            assert_eq!(turned, straight, "{families:?}");
            for (raw, adjusted) in families.concat().iter().zip(straight.concat()) {
                assert!(
                    (*raw..=(raw * 5.0).min(1.0)).contains(&adjusted),
                    "{families:?}"
                );
            }
        }
    }

    /// 3 families of 2 uniform p-values, Bonferroni within, and one that is always rejected: an error in at most 5 % of trials.
    /// Binomial(4000, 0.05) lies below 252 with probability over 0.9999; without factors about 14 % would have one.
    #[test]
    fn errors_over_families_are_as_rare_as_they_should_be() {
        let mut draws = Draws::new(11);
        let error = |_: &u32| {
            let mut families = vec![vec![0.0, 0.0]];
            families.extend((0..3).map(|_| {
                let pair = [draws.uniform(), draws.uniform()];
                pair.map(|p| (2.0 * p).min(1.0)).to_vec()
            }));
            holm(&families)[1..].iter().flatten().any(|p| *p <= 0.05)
        };
        let errors = (0..4000).filter(error).count();
        assert!((149..252).contains(&errors), "{errors} of 4000");
    }
}
