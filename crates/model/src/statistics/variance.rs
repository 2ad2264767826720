//! Whether groups differ by more than what is in them.

use statrs::distribution::{ContinuousCDF, FisherSnedecor};

use super::mean;

/// The chance of groups that differ as much or more, if all their values had one normal distribution: the F test of the one-way
/// analysis of variance (Fisher 1925).
///
/// `None` below 2 groups, without a value more than there are groups, and where no group varies.
pub fn p_of_groups(groups: &[Vec<f64>]) -> Option<f64> {
    let groups: Vec<&Vec<f64>> = groups.iter().filter(|group| !group.is_empty()).collect();
    let all: Vec<f64> = groups
        .iter()
        .flat_map(|group| group.iter().copied())
        .collect();
    let (count, values) = (groups.len(), all.len());
    if count < 2 || values <= count {
        return None;
    }
    let whole = mean(&all)?;
    let (mut between, mut within) = (0.0, 0.0);
    for group in groups {
        let own = mean(group)?;
        between += group.len() as f64 * (own - whole).powi(2);
        within += group.iter().map(|value| (value - own).powi(2)).sum::<f64>();
    }
    let freedom = ((count - 1) as f64, (values - count) as f64);
    let statistic = between / freedom.0 / (within / freedom.1);
    let known = FisherSnedecor::new(freedom.0, freedom.1).ok();
    known
        .filter(|_| within > 0.0)
        .map(|known| known.sf(statistic))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `scipy.stats.f_oneway([1, 2, 3, 4], [2, 4, 3], [6, 7, 5, 9]).pvalue`, scipy 1.17.1.
    #[test]
    fn it_is_scipys() {
        let groups = [
            vec![1.0, 2.0, 3.0, 4.0],
            vec![2.0, 4.0, 3.0],
            vec![6.0, 7.0, 5.0, 9.0],
        ];
        assert!((p_of_groups(&groups).unwrap() - 0.00557616917871345).abs() < 1e-9);
    }

    #[test]
    fn too_little_has_none() {
        assert_eq!(p_of_groups(&[]), None);
        assert_eq!(p_of_groups(&[vec![1.0, 2.0]]), None);
        assert_eq!(p_of_groups(&[vec![1.0], vec![2.0]]), None);
        assert_eq!(p_of_groups(&[vec![1.0; 3], vec![2.0; 3]]), None);
    }
}
