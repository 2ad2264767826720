//! Whether rows differ at all.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use statrs::distribution::{ChiSquared, ContinuousCDF};

use super::ranks::mid_ranks;

/// Friedman's test: whether some row tends to be above others within the blocks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Friedman {
    /// The statistic, corrected for ties; at least 0.
    pub statistic: f64,
    /// Degrees of freedom: rows less one.
    pub freedom: f64,
    /// The probability of such a statistic or a larger one if no row differed, by the chi-square approximation; in [0, 1].
    pub p: f64,
    /// Blocks it rests on.
    pub blocks: usize,
    /// Rows that were compared.
    pub rows: usize,
}

/// Ranks the rows within each block and asks whether their rank sums differ by more than chance (Friedman 1937). The form is that
/// of Conover (Practical Nonparametric Statistics, 3rd ed. 1999, section 5.8), in which mid-ranks need no other correction for
/// ties: (k - 1) * sum of (R_j - b (k + 1) / 2)^2 / (sum of squared ranks - b k (k + 1)^2 / 4), with k rows, b blocks and rank
/// sums R_j.
///
/// The chi-square approximation is cautious for few blocks. `None` below 3 rows or 2 blocks, where every block is one tie, and
/// for rows of different lengths or with a value that is not a number.
pub fn friedman(rows: &[Vec<f64>]) -> Option<Friedman> {
    let blocks = rows.first()?.len();
    let complete = |row: &Vec<f64>| row.len() == blocks && !row.iter().any(|value| value.is_nan());
    if rows.len() < 3 || blocks < 2 || !rows.iter().all(complete) {
        return None;
    }
    let mut sums = vec![0.0; rows.len()];
    let mut squares = 0.0;
    for block in 0..blocks {
        let values: Vec<f64> = rows.iter().map(|row| row[block]).collect();
        for (sum, rank) in sums.iter_mut().zip(mid_ranks(&values)) {
            *sum += rank;
            squares += rank * rank;
        }
    }
    let (k, b) = (rows.len() as f64, blocks as f64);
    let between: f64 = sums
        .iter()
        .map(|sum| (sum - b * (k + 1.0) / 2.0).powi(2))
        .sum();
    // Ranks are multiples of a half, so that this is exactly 0 where all is tied.
    let within = squares - b * k * (k + 1.0).powi(2) / 4.0;
    if within <= 0.0 {
        return None;
    }
    let (statistic, freedom) = ((k - 1.0) * between / within, k - 1.0);
    Some(Friedman {
        statistic,
        freedom,
        p: ChiSquared::new(freedom).ok()?.sf(statistic),
        blocks,
        rows: rows.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::draws::Draws;
    use super::*;

    fn four() -> Vec<Vec<f64>> {
        vec![
            vec![31.2, 30.8, 33.1, 29.9, 30.5, 32.2],
            vec![30.1, 30.8, 32.5, 29.1, 30.9, 31.0],
            vec![35.6, 34.1, 33.1, 34.4, 36.0, 35.2],
            vec![28.8, 29.5, 30.2, 29.9, 28.1, 31.0],
        ]
    }

    /// `scipy.stats.friedmanchisquare(*rows)`, scipy 1.17.1; four of the six blocks have a tie.
    #[test]
    fn it_is_that_of_scipy() {
        let friedman = friedman(&four()).expect("4 rows of 6 blocks suffice");
        assert!(
            (friedman.statistic - 14.196428571428571).abs() < 1e-12,
            "{friedman:?}"
        );
        assert!(
            (friedman.p - 0.002649613685004339).abs() < 1e-12,
            "{friedman:?}"
        );
        assert_eq!(
            (friedman.freedom, friedman.blocks, friedman.rows),
            (3.0, 6, 4)
        );
    }

    #[test]
    fn what_cannot_be_ranked_has_none() {
        assert_eq!(friedman(&[]), None);
        assert_eq!(friedman(&four()[..2]), None);
        assert_eq!(friedman(&[vec![1.0], vec![2.0], vec![3.0]]), None);
        assert_eq!(friedman(&vec![vec![1.0, 2.0, 3.0]; 4]), None);
        let mut rows = four();
        rows[3][2] = f64::NAN;
        assert_eq!(friedman(&rows), None);
        rows[3].truncate(2);
        assert_eq!(friedman(&rows), None);
    }

    #[test]
    fn order_and_a_scale_per_block_change_nothing() {
        let before = friedman(&four());
        let mut rows = four();
        rows.reverse();
        for row in &mut rows {
            for (block, value) in row.iter_mut().enumerate() {
                *value *= 1.0 + block as f64;
            }
            row.rotate_left(2);
        }
        assert_eq!(friedman(&rows), before);
    }

    /// Binomial(2000, 0.05) lies in 64..=138 with probability over 0.999; the approximation itself is within half a percent here.
    #[test]
    fn rows_that_do_not_differ_are_called_different_as_often_as_it_says() {
        let mut draws = Draws::new(3);
        let mut positive = || {
            let mut rows = vec![vec![0.0; 30]; 5];
            for value in rows.iter_mut().flatten() {
                *value = draws.uniform();
            }
            friedman(&rows).is_some_and(|friedman| friedman.p <= 0.05)
        };
        let count = (0..2000).filter(|_| positive()).count();
        assert!((64..=138).contains(&count), "{count} of 2000");
    }
}
