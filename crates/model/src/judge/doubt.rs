//! Where the assumptions behind the verdicts do not hold.
//!
//! A sign test asks that rounds are independent, and an interval over launches that there are enough of them to see how they
//! differ. Where that is not so, a reader is told. `makespan simulate` counts how often verdicts are wrong then.

use crate::statistics::FEWEST_LAUNCHES;
use crate::{Flag, FlagKind, Noise};

/// Rounds are called alike above this autocorrelation, as the mean over rows ..
const CORRELATED_OVER: f64 = 0.25;

/// .. if it is also so many times its standard error, which is the root of one over the rounds. Chance alone reaches that in at
/// most one workload of twenty: rows share the noise of their reference, so their mean is hardly surer than one of them.
const CORRELATED_ERRORS: f64 = 1.645;

/// Launches are called different up to this p-value, as the median over rows.
const LAUNCHES_DIFFER_AT: f64 = 0.05;

/// Too few launches for the bootstrap over launches.
pub(crate) fn few_launches(launches: usize) -> Option<Flag> {
    let text = "with fewer than five launches, intervals leave out how launches differ";
    let few = (1..FEWEST_LAUNCHES).contains(&launches);
    let plural = if launches == 1 { "" } else { "es" };
    let detail = format!("{launches} launch{plural}");
    few.then(|| Flag::new(FlagKind::FewLaunches, text, Some(detail)))?
}

/// Rounds that are like their neighbours.
pub(crate) fn correlated(autocorrelation: Option<f64>, rounds: usize) -> Option<Flag> {
    let over = CORRELATED_OVER.max(CORRELATED_ERRORS / (rounds as f64).sqrt());
    let seen = autocorrelation.filter(|seen| *seen > over)?;
    let text = "neighbouring rounds are alike, so verdicts err more often than at 1 % and intervals are too narrow";
    let detail = format!("lag-1 autocorrelation {seen:.2}");
    Flag::new(FlagKind::Correlated, text, Some(detail))
}

/// Launches that differ by more than their rounds do: five of them are few to say by how much.
pub(crate) fn launches_differ(p: Option<f64>) -> Option<Flag> {
    let p = p.filter(|p| *p <= LAUNCHES_DIFFER_AT)?;
    let text = "launches differ by more than their rounds do, so verdicts and letters err more often than at 1 %";
    let detail = format!("F test, p = {p:.4}");
    Flag::new(FlagKind::LaunchesDiffer, text, Some(detail))
}

/// A row whose mean ratio and median ratio differ by more than half the noise floor: which of them is meant matters.
pub(crate) fn skewed(skew: Option<f64>, noise: Option<&Noise>) -> Option<Flag> {
    let half = noise?.log()? / 2.0;
    let skew = skew.filter(|skew| skew.abs() > half)?;
    let text =
        "skewed: its mean ratio is not its median ratio, and the verdict is about the median";
    let detail = format!("the mean is {:+.1}% off", 100.0 * skew.exp_m1());
    Flag::new(FlagKind::Skewed, text, Some(detail))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Ratio;

    #[test]
    fn five_launches_are_enough_and_four_are_said() {
        assert_eq!(few_launches(5), None);
        assert_eq!(few_launches(4).unwrap().detail.unwrap(), "4 launches");
        assert_eq!(few_launches(1).unwrap().detail.unwrap(), "1 launch");
    }

    #[test]
    fn rounds_are_alike_only_beyond_chance() {
        assert!(correlated(Some(0.4), 25).is_some());
        assert_eq!(correlated(Some(0.3), 25), None);
        assert_eq!(correlated(Some(0.4), 10), None);
        // With many rounds small correlations are sure, and do no harm.
        assert_eq!(correlated(Some(0.2), 10_000), None);
        assert_eq!(correlated(None, 25), None);
    }

    #[test]
    fn launches_differ_where_chance_would_hardly_make_them() {
        assert!(launches_differ(Some(0.05)).is_some());
        assert_eq!(
            (launches_differ(Some(0.06)), launches_differ(None)),
            (None, None)
        );
    }

    #[test]
    fn a_row_is_skewed_by_more_than_half_the_noise_floor() {
        let ratio = Ratio {
            estimate: 1.0,
            low: Some(1.0 / 1.02),
            high: Some(1.02),
            reference: crate::fixtures::row("tokio"),
            pairs: 25,
        };
        let noise = Noise::new(
            &crate::fixtures::row("tokio"),
            &crate::fixtures::row("tokio#2"),
            ratio,
        );
        let flag = skewed(Some(-0.015), Some(&noise)).unwrap();
        assert_eq!(flag.detail.unwrap(), "the mean is -1.5% off");
        assert_eq!(skewed(Some(0.009), Some(&noise)), None);
        assert_eq!(
            (skewed(None, Some(&noise)), skewed(Some(1.0), None)),
            (None, None)
        );
    }
}
