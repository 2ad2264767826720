//! Least squares: the combination of columns that is nearest to a target.

/// The coefficients whose combination of `columns` is nearest to `target`, and the sum of squares that they leave.
///
/// It is done by modified Gram-Schmidt, because the columns of the scalability law span so many orders of magnitude that the normal
/// equations would lose some of them (Golub and Van Loan, Matrix Computations, section 5.3). `None` where the columns are not
/// independent.
pub(crate) fn least_squares(columns: &[&[f64]], target: &[f64]) -> Option<(Vec<f64>, f64)> {
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let subtract = |from: &mut [f64], share: f64, direction: &[f64]| {
        for (value, direction) in from.iter_mut().zip(direction) {
            *value -= share * direction;
        }
    };
    let mut directions: Vec<Vec<f64>> = Vec::new();
    // Each column as a combination of the directions: upper triangular, column by column.
    let mut triangle: Vec<Vec<f64>> = Vec::new();
    for column in columns {
        let mut rest = column.to_vec();
        let mut shares = Vec::new();
        for direction in &directions {
            let share = dot(&rest, direction);
            subtract(&mut rest, share, direction);
            shares.push(share);
        }
        let norm = dot(&rest, &rest).sqrt();
        if norm <= 1e-12 * dot(column, column).sqrt() || !norm.is_finite() {
            return None;
        }
        shares.push(norm);
        triangle.push(shares);
        directions.push(rest.iter().map(|value| value / norm).collect());
    }
    let mut rest = target.to_vec();
    let mut solution = Vec::new();
    for direction in &directions {
        let share = dot(&rest, direction);
        subtract(&mut rest, share, direction);
        solution.push(share);
    }
    for index in (0..solution.len()).rev() {
        solution[index] /= triangle[index][index];
        for row in 0..index {
            solution[row] -= triangle[index][row] * solution[index];
        }
    }
    Some((solution, dot(&rest, &rest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_found_with_what_it_leaves() {
        let (ones, x) = ([1.0; 4], [0.0, 1.0, 2.0, 3.0]);
        let fit = |y: &[f64]| least_squares(&[&ones, &x], y).unwrap();
        let (line, left) = fit(&[1.0, 3.0, 5.0, 7.0]);
        assert!((line[0] - 1.0).abs() < 1e-12 && (line[1] - 2.0).abs() < 1e-12);
        assert!(left < 1e-20, "{left}");
        // Up and down by 1 around the constant 2: what is left is 4 less the part that a slope takes.
        let (line, left) = fit(&[3.0, 1.0, 3.0, 1.0]);
        assert!((line[1] + 0.4).abs() < 1e-12, "{line:?}");
        assert!((left - 3.2).abs() < 1e-12, "{left}");
    }

    #[test]
    fn columns_that_depend_on_each_other_have_no_answer() {
        let (one, two) = ([1.0, 2.0, 3.0], [2.0, 4.0, 6.0]);
        assert_eq!(least_squares(&[&one, &two], &[1.0; 3]), None);
    }
}
