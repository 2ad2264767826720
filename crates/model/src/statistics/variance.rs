//! Whether groups differ by more than what is in them.

use super::mean;

/// The F statistic of the one-way analysis of variance: the mean square between groups over that within (Fisher 1925). About 1 where
/// groups do not differ, whatever their number and sizes.
///
/// `None` below 2 groups, without a value more than there are groups, and where no group varies.
pub fn f_statistic(groups: &[Vec<f64>]) -> Option<f64> {
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
    let within = within / (values - count) as f64;
    (within > 0.0).then(|| between / (count - 1) as f64 / within)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `scipy.stats.f_oneway([1, 2, 3, 4], [2, 4, 3], [6, 7, 5, 9]).statistic`, scipy 1.17.1.
    #[test]
    fn it_is_scipys() {
        let groups = [
            vec![1.0, 2.0, 3.0, 4.0],
            vec![2.0, 4.0, 3.0],
            vec![6.0, 7.0, 5.0, 9.0],
        ];
        assert!((f_statistic(&groups).unwrap() - 10.637806637806639).abs() < 1e-9);
    }

    #[test]
    fn too_little_has_none() {
        assert_eq!(f_statistic(&[]), None);
        assert_eq!(f_statistic(&[vec![1.0, 2.0]]), None);
        assert_eq!(f_statistic(&[vec![1.0], vec![2.0]]), None);
        assert_eq!(f_statistic(&[vec![1.0; 3], vec![2.0; 3]]), None);
    }
}
