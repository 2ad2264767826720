//! Whether neighbours are alike.

use super::mean;

/// The lag-1 autocorrelation of a series: how alike neighbouring values are, from -1 to 1, and 0 where they are independent.
///
/// The usual estimate (Box and Jenkins 1970, chapter 2) is too low by about 1 / n for independent values; this is added.
/// `None` below 8 values, and where all are equal.
pub fn autocorrelation(values: &[f64]) -> Option<f64> {
    let mean = mean(values).filter(|_| values.len() >= 8)?;
    let apart: Vec<f64> = values.iter().map(|value| value - mean).collect();
    let squares: f64 = apart.iter().map(|apart| apart * apart).sum();
    let products: f64 = apart.windows(2).map(|pair| pair[0] * pair[1]).sum();
    (squares > 0.0).then(|| (products / squares + 1.0 / values.len() as f64).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::super::draws::Draws;
    use super::*;

    /// `d = x - x.mean(); (d[1:] * d[:-1]).sum() / (d * d).sum() + 1 / 8`, numpy 2.4.6.
    #[test]
    fn it_is_the_textbooks() {
        let values = [1.0, 2.0, 4.0, 3.0, 5.0, 7.0, 6.0, 8.0];
        assert!(
            (autocorrelation(&values).unwrap() - (0.482_142_857_142_857_15 + 0.125)).abs() < 1e-9
        );
        assert_eq!(autocorrelation(&values[..7]), None);
        assert_eq!(autocorrelation(&[2.0; 9]), None);
    }

    #[test]
    fn independent_values_have_none_on_average() {
        let mut draws = Draws::new(3);
        let all = (0..2000).filter_map(|_| autocorrelation(&draws.normals(25)));
        let middle = all.sum::<f64>() / 2000.0;
        // The deviation of one is about 0.2, so that of the mean is 0.0045.
        assert!(middle.abs() < 0.02, "{middle}");
    }
}
