//! On which side of a value a row lies, round by round: the sign test.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use statrs::distribution::{Binomial, DiscreteCDF};

/// Where a row lies in each round: above a value, below it, or exactly there, which says nothing.
///
/// The sign test asks nothing of the noise but that rounds do not depend on each other: where the value is the true median, each
/// round lies above it with a chance of one half, however skewed the noise is. (Arbuthnot 1710; Conover, Practical Nonparametric
/// Statistics, 1999, section 3.4.) Its interval of the median is that of [`median_interval`](super::median_interval).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sides(BTreeMap<u32, Ordering>);

impl Sides {
    /// The sides of these values, each with the number of its round. What is no number is left out.
    pub fn new(values: impl IntoIterator<Item = (u32, f64)>, value: f64) -> Sides {
        let sides = values.into_iter();
        Sides(
            sides
                .filter_map(|(round, it)| Some((round, it.partial_cmp(&value)?)))
                .collect(),
        )
    }

    fn count(&self, side: Ordering) -> u64 {
        self.0.values().filter(|it| **it == side).count() as u64
    }

    /// Rounds above.
    pub fn above(&self) -> u64 {
        self.count(Ordering::Greater)
    }

    /// Rounds below.
    pub fn below(&self) -> u64 {
        self.count(Ordering::Less)
    }

    /// The chance of sides as uneven as these or more, if the value is the median: two-sided, exact. 1 of nothing.
    pub fn p_apart(&self) -> f64 {
        (2.0 * self.at_least(self.above().max(self.below()))).min(1.0)
    }

    /// The chance of as many rounds below or more, if the median is not below the value: one-sided, exact. 1 of nothing.
    pub fn p_below(&self) -> f64 {
        self.at_least(self.below())
    }

    /// The chance of as many rounds above or more, if the median is not above the value.
    pub fn p_above(&self) -> f64 {
        self.at_least(self.above())
    }

    /// The chance of so many heads or more.
    fn at_least(&self, heads: u64) -> f64 {
        let coins = Binomial::new(0.5, self.above() + self.below()).ok();
        match (coins, heads.checked_sub(1)) {
            (Some(coins), Some(fewer)) => coins.sf(fewer),
            _ => 1.0,
        }
    }

    /// The same with the first side above: what a two-sided test does not tell from its mirror image.
    fn unsigned(&self) -> Sides {
        let first = self.0.values().find(|side| side.is_ne());
        match first {
            Some(Ordering::Less) => Sides(
                self.0
                    .iter()
                    .map(|(round, side)| (*round, side.reverse()))
                    .collect(),
            ),
            _ => self.clone(),
        }
    }

    fn rounds(&self) -> Vec<u32> {
        self.0.keys().copied().collect()
    }
}

/// The p-values of all rows together, for [`Sides::p_apart`]. See [`p_together`].
pub fn p_apart_together(rows: &[Sides]) -> Vec<f64> {
    p_together(&unsigned(rows), Sides::p_apart)
}

/// One-sided or two-sided p-values of several rows, adjusted so that they hold at once. Rows that have all their rounds in common are
/// a family, and families have equal shares of the error (Bonferroni). Within a family it is Holm's step-down (Scandinavian Journal
/// of Statistics 6, 1979) over rows with different sides: rows that lie on the same sides in all rounds are one test.
///
/// Why equal rows may count once: where a row's median is the value, the signs of its rounds may be flipped. Flipping the signs
/// of a round for all rows together keeps equal rows equal and different rows different, so the number of different rows says
/// nothing of their sides. That is what lets many rows that are far off be told apart in few rounds: they are one test.
///
/// Each result is in [0, 1].
pub fn p_together(rows: &[Sides], p: impl Fn(&Sides) -> f64) -> Vec<f64> {
    let families = families(rows);
    let mut adjusted = BTreeMap::new();
    for family in families.values() {
        let mut ordered: Vec<(f64, &Sides)> = family.iter().map(|row| (p(row), *row)).collect();
        ordered.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut largest = 0.0f64;
        for (before, (p, row)) in ordered.iter().enumerate() {
            let times = families.len() * (ordered.len() - before);
            largest = largest.max((p * times as f64).min(1.0));
            adjusted.insert(*row, largest);
        }
    }
    rows.iter().map(|row| adjusted[row]).collect()
}

/// Into how many equal parts the error is shared at each row's first step, when both sides count.
pub fn parts(rows: &[Sides]) -> Vec<usize> {
    let rows = unsigned(rows);
    let families = families(&rows);
    rows.iter()
        .map(|row| families.len() * families[&row.rounds()].len())
        .collect()
}

fn unsigned(rows: &[Sides]) -> Vec<Sides> {
    rows.iter().map(Sides::unsigned).collect()
}

/// The different rows of each family, by the rounds that these have.
fn families(rows: &[Sides]) -> BTreeMap<Vec<u32>, BTreeSet<&Sides>> {
    let mut families: BTreeMap<Vec<u32>, BTreeSet<&Sides>> = BTreeMap::new();
    for row in rows {
        families.entry(row.rounds()).or_default().insert(row);
    }
    families
}

#[cfg(test)]
mod tests {
    use super::super::draws::Draws;
    use super::*;

    fn sides(values: &[f64]) -> Sides {
        Sides::new((0..).zip(values.iter().copied()), 0.0)
    }

    /// Above in the first of so many rounds, below in the others.
    fn of(above: usize, rounds: usize) -> Sides {
        let values = (0..rounds).map(|round| if round < above { 1.0 } else { -1.0 });
        sides(&values.collect::<Vec<_>>())
    }

    /// `scipy.stats.binomtest(k, n, alternative=...).pvalue`, scipy 1.17.1.
    #[test]
    fn p_values_are_those_of_scipys_binomial_test() {
        let close = |ours: f64, theirs: f64| assert!((ours / theirs - 1.0).abs() < 1e-9, "{ours}");
        close(of(20, 24).p_apart(), 0.001_543_879_508_972_168);
        close(of(4, 24).p_apart(), 0.001_543_879_508_972_168);
        close(of(20, 24).p_above(), 0.000_771_939_754_486_084);
        close(of(20, 24).p_below(), 0.999_861_419_200_897_2);
        close(of(12, 24).p_apart(), 1.0);
        close(of(60, 60).p_apart(), 2.0 * 0.5f64.powi(60));
    }

    #[test]
    fn what_is_on_no_side_does_not_count() {
        let row = sides(&[0.0, 1.0, f64::NAN, -2.0, 3.0]);
        assert_eq!((row.above(), row.below()), (2, 1));
        assert_eq!(sides(&[]).p_apart(), 1.0);
        assert_eq!(sides(&[0.0; 20]).p_below(), 1.0);
    }

    #[test]
    fn rows_that_are_always_on_one_side_are_one_test() {
        let all = |p: &[f64], expected: f64| p.iter().all(|p| (p - expected).abs() < 1e-12);
        assert!(all(&p_apart_together(&vec![of(8, 8); 9]), 2.0 / 256.0));
        // Mirror images are the same two-sided test, and different one-sided ones.
        assert!(all(&p_apart_together(&[of(8, 8), of(0, 8)]), 2.0 / 256.0));
        let one_sided = p_together(&[of(8, 8), of(0, 8)], Sides::p_above);
        assert!(all(&one_sided[..1], 2.0 / 256.0) && one_sided[1] == 1.0);
        assert_eq!(parts(&[of(8, 8), of(0, 8), of(1, 8)]), [2; 3]);
    }

    /// `statsmodels.stats.multitest.multipletests(p, method='holm')[1]`, statsmodels 0.15.0, of the p-values of three rows.
    #[test]
    fn different_rows_are_adjusted_as_by_holm() {
        let rows = [of(20, 24), of(23, 24), of(13, 24)];
        let expected = [
            0.003_087_759_017_944_336,
            8.940_696_716_308_594e-6,
            0.838_819_742_202_758_8,
        ];
        for (ours, theirs) in p_apart_together(&rows).into_iter().zip(expected) {
            assert!((ours / theirs - 1.0).abs() < 1e-9, "{ours} {theirs}");
        }
    }

    /// A far row in few rounds pays for its own family only, however many others there are in the other.
    #[test]
    fn rows_in_other_rounds_are_a_family_of_their_own() {
        let mut rows: Vec<Sides> = (1..20).map(|above| of(above, 24)).collect();
        rows.push(of(9, 9));
        assert_eq!(parts(&rows)[19], 2);
        assert!((p_apart_together(&rows)[19] - 2.0 * 2.0 / 512.0).abs() < 1e-12);
        // A round that lies exactly there says nothing, and makes no other family.
        let level = sides(&[0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]);
        assert_eq!(parts(&[of(8, 8), level]), [2, 2]);
    }

    /// Nine rows of skewed noise whose median is 0. The chance that any p is at most 5 % is at most 5 %: Binomial(2000, 0.05) lies
    /// below 141 with probability over 0.9999.
    #[test]
    fn skewed_rows_that_do_not_differ_are_told_apart_no_more_often_than_stated() {
        let mut draws = Draws::new(5);
        let mut skewed = || -(1.0 - draws.uniform()).ln() - 2f64.ln();
        let mut told = || {
            let rows = (0..9).map(|_| sides(&(0..24).map(|_| skewed()).collect::<Vec<_>>()));
            let rows: Vec<Sides> = rows.collect();
            p_apart_together(&rows).iter().any(|p| *p <= 0.05)
        };
        let told = (0..2000).filter(|_| told()).count();
        assert!((1..141).contains(&told), "{told} of 2000");
    }
}
