//! Where a curve bends.

/// The index of the point at which a curve lies farthest from the straight line between its ends, both scales logarithmic, and the
/// factor by which it does.
///
/// That is the rule of Kneedle (Satopaa, Albrecht, Irwin and Raghavan, Finding a "Kneedle" in a Haystack, ICDCSW 2011) without its
/// smoothing, for curves of a few points. On logarithmic scales a power is a straight line and has no knee.
///
/// `None` below 3 points, and where a number is not positive and finite or the points are not in rising order.
pub fn knee(points: &[(f64, f64)]) -> Option<(usize, f64)> {
    let positive = |value: f64| value.is_finite() && value > 0.0;
    let sound = points.iter().all(|(x, y)| positive(*x) && positive(*y))
        && points.windows(2).all(|pair| pair[0].0 < pair[1].0);
    let [first, inside @ .., last] = points else {
        return None;
    };
    if !sound {
        return None;
    }
    let slope = (last.1 / first.1).ln() / (last.0 / first.0).ln();
    let away = |(x, y): &(f64, f64)| ((y / first.1).ln() - slope * (x / first.0).ln()).abs();
    let farthest = inside.iter().map(away).enumerate();
    let (index, away) = farthest.max_by(|a, b| a.1.total_cmp(&b.1))?;
    Some((index + 1, away.exp()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_that_is_flat_and_then_rises_bends_where_it_begins_to() {
        let points: Vec<(f64, f64)> = [1.0, 4.0, 16.0, 64.0, 256.0]
            .map(|x: f64| (x, 5.0 * x.max(16.0)))
            .to_vec();
        let (index, away) = knee(&points).expect("it bends");
        assert_eq!(index, 2);
        // The line between the ends rises 16-fold over 256-fold: as the square root. There it is 4 times as high.
        assert!((away - 4.0).abs() < 1e-9, "{away}");
        // Upside down and in any unit it is the same place.
        let falls: Vec<(f64, f64)> = points.iter().map(|(x, y)| (*x, 1e9 / y)).collect();
        let (index, away) = knee(&falls).expect("it bends");
        assert!(index == 2 && (away - 4.0).abs() < 1e-9, "{away}");
    }

    #[test]
    fn a_power_is_straight() {
        let points: Vec<(f64, f64)> = [1.0, 3.0, 10.0, 100.0]
            .map(|x: f64| (x, 7.0 * x.powf(-0.7)))
            .to_vec();
        let (_, away) = knee(&points).expect("there are points inside");
        assert!((away - 1.0).abs() < 1e-9, "{away}");
    }

    #[test]
    fn what_is_no_curve_has_no_knee() {
        for points in [
            &[][..],
            &[(1.0, 1.0), (2.0, 2.0)],
            &[(0.0, 1.0), (1.0, 1.0), (2.0, 9.0)],
            &[(1.0, 1.0), (2.0, f64::NAN), (3.0, 9.0)],
            &[(2.0, 1.0), (1.0, 1.0), (3.0, 9.0)],
        ] {
            assert_eq!(knee(points), None, "{points:?}");
        }
    }
}
