//! Ranks of values among each other.

/// The rank of each value from 1, equal values at the mean of the ranks they span (mid-ranks; Kendall 1945). Anything that is not
/// a number ranks at the ends, by its sign bit: callers say what it means before they ask.
pub(super) fn mid_ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let mut before = 0;
    for equal in order.chunk_by(|a, b| values[*a] == values[*b]) {
        let rank = before as f64 + (equal.len() + 1) as f64 / 2.0;
        for index in equal {
            ranks[*index] = rank;
        }
        before += equal.len();
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `scipy.stats.rankdata(.., method='average')`, scipy 1.17.1.
    #[test]
    fn equal_values_share_the_mean_of_their_ranks() {
        assert_eq!(
            mid_ranks(&[3.0, 1.0, 3.0, 2.0, 3.0, 1.0, 9.0]),
            [5.0, 1.5, 5.0, 3.0, 5.0, 1.5, 7.0]
        );
        // The two zeros are equal, whatever their signs.
        assert_eq!(mid_ranks(&[0.0, -0.0, 1.0]), [1.5, 1.5, 3.0]);
        assert!(mid_ranks(&[]).is_empty());
    }
}
