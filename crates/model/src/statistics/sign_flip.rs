//! Which rows differ, all of them asked at once: signed scores under joint flips of the rounds.

use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::signed_scores::SignedScores;

/// Sign vectors that are tried at most. Where there are no more than these, each is tried once.
const FLIPS: usize = 20_000;

/// Multiplications that one call makes at most, as long as it draws 1,000 flips.
const WORK: usize = 1 << 28;

/// Flips that go through the inner loop side by side, so that the compiler can make it vectors.
const LANES: usize = 32;

/// Relative distance up to which statistics are equal: they are quotients of exact sums, rounded once or twice.
const ROUNDING: f64 = 1e-9;

/// What the test says of one row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flip {
    /// The p-value of "symmetric about the shift", adjusted for all rows of the call; in (0, 1].
    pub p: f64,
    /// Whether the row lies above the shift, by its signed scores; false where they sum to zero.
    pub positive: bool,
}

/// Tests every row's log ratios for symmetry about `shift`; all p-values hold at once, in the order of the rows. (Symmetry is all
/// that is asked: a skewed row whose median is `shift` may be found.)
///
/// `rows` has one vector per strategy and one value per round, the same rounds in the same order. The statistic is
/// |sum of signed scores| / sqrt(sum of their squares), where a score is the distance from the shift, clipped at twice the median
/// distance (Huber 1964), in 1024 steps. The p-values are single-step max-T
/// (Westfall and Young, Resampling-Based Multiple Testing, 1993, chapter 2): the share of flips whose largest statistic over all
/// rows reaches the row's own. Flips are joint, one sign per round for all rows, which keeps what rows share: the noise of their
/// reference.
///
/// - Up to 20,000 sign vectors (15 rounds) all are enumerated, so no p is below 2 / 2^n at n rounds. Each row of the call has a flip
///   of its own that puts all its rounds on one side; one that is far off is told from those by its equal scores.
/// - Beyond, 20,000 are drawn from `seed` and p = (1 + reached) / (1 + drawn) (Phipson and Smyth 2010), so none is below
///   1 / 20,001.
/// - The chance of any false positive is kept whichever rows truly differ: the largest statistic of all rows is never below that
///   of the true nulls. It is exact where a flip of any round leaves the joint distribution of the nulls. Skewed noise of a
///   shared reference does not quite, though it leaves their covariances: a test below simulates that.
/// - Where rows and rounds are so many that this would take seconds, fewer flips are drawn, 1,000 at least.
/// - A value equal to `shift` is dropped: its score is 0. So is that of a round a row does not have: one that is not a
///   number, or that is beyond its end.
/// - Where nothing can be said, p is 1: no rounds, or a row of nothing but zeros.
pub fn sign_flips(rows: &[Vec<f64>], shift: f64, seed: u64) -> Vec<Flip> {
    let values: usize = rows.iter().map(Vec::len).sum();
    flips(rows, shift, seed, (WORK / values.max(1)).clamp(1000, FLIPS))
}

fn flips(rows: &[Vec<f64>], shift: f64, seed: u64, most: usize) -> Vec<Flip> {
    let rounds = rows.iter().map(Vec::len).max().unwrap_or(0);
    let rows: Vec<SignedScores> = rows
        .iter()
        .map(|row| SignedScores::new(row, shift))
        .collect();
    // To flip every round changes no statistic, so the last round keeps its sign and half of the vectors are all.
    let all = 1usize.checked_shl(rounds.saturating_sub(1) as u32);
    let enumerated = all.filter(|all| *all <= most);
    let count = enumerated.unwrap_or(most);

    let mut rng = Pcg64Mcg::seed_from_u64(seed);
    let mut signs = vec![[0.0; LANES]; rounds];
    let mut largest = Vec::with_capacity(count.next_multiple_of(LANES));
    for first in (0..count).step_by(LANES) {
        for (round, signs) in signs.iter_mut().enumerate() {
            let drawn = rng.next_u32();
            for (lane, sign) in signs.iter_mut().enumerate() {
                let bit = match enumerated {
                    Some(_) => (first + lane) >> round,
                    None => (drawn >> lane) as usize,
                };
                *sign = 1.0 - 2.0 * (bit & 1) as f32;
            }
        }
        largest.extend(largest_statistics(&rows, &signs));
    }
    largest.truncate(count);
    largest.sort_by(f64::total_cmp);

    let flip = |row: &SignedScores| {
        let observed = row.statistic(row.sum());
        let below = largest.partition_point(|one| *one < observed * (1.0 - ROUNDING));
        let reached = (count - below) as f64;
        Flip {
            p: match enumerated {
                Some(all) => reached / all as f64,
                None => (1.0 + reached) / (1 + count) as f64,
            },
            positive: row.sum() > 0.0,
        }
    };
    rows.iter().map(flip).collect()
}

/// The largest statistic of all rows under each lane's signs.
fn largest_statistics(rows: &[SignedScores], signs: &[[f32; LANES]]) -> [f64; LANES] {
    let mut largest = [0.0f64; LANES];
    for row in rows {
        let mut sums = [0.0; LANES];
        for (score, signs) in row.scores.iter().zip(signs) {
            for (sum, sign) in sums.iter_mut().zip(signs) {
                *sum += score * sign;
            }
        }
        for (largest, sum) in largest.iter_mut().zip(sums) {
            *largest = largest.max(row.statistic(sum));
        }
    }
    largest
}

#[cfg(test)]
mod tests {
    use super::super::simulation::Draws;
    use super::*;

    fn p(flips: &[Flip]) -> Vec<f64> {
        flips.iter().map(|flip| flip.p).collect()
    }

    /// `scipy.stats.permutation_test((w,), lambda x, axis: abs(x.sum(axis)), permutation_type='samples', vectorized=True,
    /// n_resamples=np.inf, alternative='greater').pvalue`, scipy 1.17.1, where w are the scores of x and of x - 0.45:
    /// `np.sign(y) * np.round(np.minimum(abs(y) / (2 * np.median(abs(y[y != 0]))), 1) * 1024)`.
    #[test]
    fn one_row_is_the_exact_test_of_its_scores() {
        let row = vec![0.8, -0.3, 1.4, 2.2, -1.1, 0.6, 1.9, 0.5, -0.2, 2.7, 1.6];
        let flips = sign_flips(std::slice::from_ref(&row), 0.0, 1);
        assert_eq!((flips[0].p, flips[0].positive), (0.0322265625, true));
        assert_eq!(p(&sign_flips(&[row], 0.45, 1)), [0.2177734375]);
    }

    fn three() -> Vec<Vec<f64>> {
        vec![
            vec![0.9, -0.2, 1.3, 0.8, 0.0, 1.1, 0.7, -0.1, 1.2, 0.6],
            vec![0.4, -0.5, 0.4, 0.9, -0.3, 0.2, 0.7, -0.6, 0.3, 0.5],
            vec![-1.0, -0.3, -0.8, -0.8, 0.2, -1.5, -0.9, -0.4, 0.1, -0.7],
        ]
    }

    /// By brute force over all sign vectors, with ties and a zero; numpy 2.4.6, scipy 1.17.1:
    /// ```python
    /// y = np.array(rows) - shift
    /// w = np.array([np.sign(v) * np.round(np.minimum(abs(v) / (2 * np.median(abs(v[v != 0]))), 1) * 1024) for v in y])
    /// norm = np.sqrt((w ** 2).sum(1))
    /// s = np.array(list(itertools.product([-1, 1], repeat=y.shape[1])))
    /// m = (abs(s @ w.T) / norm).max(1)
    /// print([(m >= t * (1 - 1e-9)).mean() for t in abs(w.sum(1)) / norm])
    /// ```
    #[test]
    fn rows_are_adjusted_for_each_other() {
        let flips = sign_flips(&three(), 0.0, 1);
        assert_eq!(p(&flips), [0.025390625, 0.453125, 0.025390625]);
        let positive: Vec<bool> = flips.iter().map(|flip| flip.positive).collect();
        assert_eq!(positive, [true, true, false]);
        assert_eq!(
            p(&sign_flips(&three(), 0.27, 1)),
            [0.17578125, 0.982421875, 0.00390625]
        );
    }

    #[test]
    fn the_smallest_p_is_one_of_all_sign_vectors() {
        for rounds in 1..=15 {
            let row: Vec<f64> = (1..=rounds).map(f64::from).collect();
            let flips = sign_flips(&[row.clone(), row], 0.0, 1);
            assert_eq!(flips[0].p, 2.0 / 2f64.powi(rounds), "{rounds} rounds");
        }
        // Drawn from here on: 1 / 20,001 where no flip gives all rounds one sign.
        let row: Vec<f64> = (1..=40).map(f64::from).collect();
        assert_eq!(p(&sign_flips(&[row], 0.0, 1)), [1.0 / 20_001.0]);
    }

    #[test]
    fn nothing_is_said_of_nothing() {
        assert!(sign_flips(&[], 0.0, 1).is_empty());
        assert_eq!(p(&sign_flips(&[vec![], vec![]], 0.0, 1)), [1.0, 1.0]);
        let rows = [vec![0.5; 20], (1..=20).map(f64::from).collect()];
        let flips = sign_flips(&rows, 0.5, 1);
        assert_eq!((flips[0].p, flips[0].positive), (1.0, false));
        assert!(flips[1].p < 0.001, "{flips:?}");
    }

    #[test]
    fn a_round_that_a_row_does_not_have_is_dropped() {
        let mut rows = three();
        rows[1][9] = 0.0;
        let dropped = sign_flips(&rows, 0.0, 1);
        rows[1][9] = f64::NAN;
        assert_eq!(sign_flips(&rows, 0.0, 1), dropped);
        rows[1].pop();
        assert_eq!(sign_flips(&rows, 0.0, 1), dropped);
    }

    #[test]
    fn order_scale_and_side_change_nothing() {
        let mut draws = Draws::new(7);
        let mut rows: Vec<Vec<f64>> = (0..4).map(|_| draws.normals(12)).collect();
        let before = sign_flips(&rows, 0.0, 1);
        for value in rows.iter_mut().flatten() {
            *value *= -2.5;
        }
        let other = sign_flips(&rows, 0.0, 1);
        assert_eq!(p(&other), p(&before));
        assert!((0..4).all(|row| before[row].positive != other[row].positive));
        for row in &mut rows {
            row.rotate_left(5);
        }
        assert_eq!(sign_flips(&rows, 0.0, 1), other);
        rows.reverse();
        let mut reversed = sign_flips(&rows, 0.0, 1);
        reversed.reverse();
        assert_eq!(reversed, other);
    }

    #[test]
    fn rows_that_differ_by_chance_do_not_hide_one_that_is_far_off() {
        let far = vec![1.01, 1.0, 1.02, 0.99, 1.0, 1.01, 0.98, 1.0];
        let near = vec![0.01, -0.02, 0.005, 0.03, -0.01, 0.002, -0.03, 0.02];
        let flips = sign_flips(&[far, near], 0.0, 1);
        assert_eq!(flips[0].p, 2.0 / 256.0);
        assert!(flips[1].p > 0.5);
    }

    /// 400 drawn flips estimate what all 512 know, within four standard errors.
    #[test]
    fn drawn_flips_agree_with_all_flips() {
        let rows = three();
        let drawn = flips(&rows[..2], 0.0, 3, 400);
        for (some, all) in drawn.iter().zip(sign_flips(&rows[..2], 0.0, 3)) {
            let (error, off) = ((all.p * (1.0 - all.p) / 400.0).sqrt(), some.p - all.p);
            assert!(off != 0.0 && off.abs() < 4.0 * error, "{some:?} {all:?}");
        }
        assert_eq!(flips(&rows, 0.0, 3, 400), flips(&rows, 0.0, 3, 400));
        assert_ne!(flips(&rows, 0.0, 3, 400), flips(&rows, 0.0, 4, 400));
    }

    /// How many of 300 trials find at 5 % what is not there, among 5 rows that share the noise of their reference: log-normal,
    /// its mean 3 times its median. The first two rows differ by `effect`.
    fn trials_with_false_positives(effect: f64) -> usize {
        let finds = |trial: &u64| {
            let mut draws = Draws::new(*trial);
            let mut noise = || {
                draws
                    .normals(24)
                    .iter()
                    .map(|one| (1.5 * one).exp())
                    .collect()
            };
            let reference: Vec<f64> = noise();
            let effects = [effect, effect, 0.0, 0.0, 0.0];
            let rows = effects.map(|effect| {
                let own: Vec<f64> = noise();
                let ratios = own.iter().zip(&reference);
                ratios.map(|(own, shared)| own - shared + effect).collect()
            });
            let found = flips(&rows, 0.0, *trial, 499);
            found
                .iter()
                .zip(effects)
                .any(|(flip, effect)| flip.p <= 0.05 && effect == 0.0)
        };
        (0..300).filter(finds).count()
    }

    /// Binomial(300, 0.05) lies in 3..=32 with probability over 0.9999. Unadjusted, about 15 % of trials would be among them.
    #[test]
    fn false_positives_are_as_rare_as_they_should_be() {
        let count = trials_with_false_positives(0.0);
        assert!((3..=32).contains(&count), "{count} of 300");
    }

    /// The same upper bound: rows that do differ do not make others positive.
    #[test]
    fn true_positives_bring_no_false_ones() {
        let count = trials_with_false_positives(30.0);
        assert!(count <= 32, "{count} of 300");
    }
}
