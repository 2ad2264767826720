//! Where the assumptions behind the verdicts do not hold.
//!
//! A sign test asks that rounds are independent, and an interval over launches that there are enough of them to see how they
//! differ. Where that is not so, a reader is told. `makespan simulate` counts how often verdicts are wrong then.

use crate::statistics::FEWEST_LAUNCHES;
use crate::{Flag, FlagKind, Noise};

/// Rounds are called alike above this mean autocorrelation. With nine rows and 25 rounds, chance alone reaches it in about one
/// workload of fifty, and an autocorrelation of one half in nine of ten.
const CORRELATED_OVER: f64 = 0.25;

/// Launches are called different above this mean F statistic. Chance alone reaches it in about one workload of a hundred.
const LAUNCHES_OVER: f64 = 2.5;

/// Too few launches for the bootstrap over launches.
pub(crate) fn few_launches(launches: usize) -> Option<Flag> {
    let text = "fewer than five launches: how launches differ is in no interval";
    let few = launches < FEWEST_LAUNCHES;
    few.then(|| Flag::new(FlagKind::FewLaunches, text, Some(launches.to_string())))?
}

/// Rounds that are like their neighbours.
pub(crate) fn correlated(autocorrelation: Option<f64>) -> Option<Flag> {
    let seen = autocorrelation.filter(|seen| *seen > CORRELATED_OVER)?;
    let text = "neighbouring rounds are alike: verdicts err more often than stated, intervals are too narrow";
    let detail = format!("lag-1 autocorrelation {seen:.2}");
    Flag::new(FlagKind::Correlated, text, Some(detail))
}

/// Launches that differ by more than their rounds do: five of them are few to say by how much.
pub(crate) fn launches_differ(f_statistic: Option<f64>) -> Option<Flag> {
    let seen = f_statistic.filter(|seen| *seen > LAUNCHES_OVER)?;
    let text = "launches differ by more than their rounds: verdicts and letters err more often than stated";
    let detail = format!("F statistic {seen:.1}");
    Flag::new(FlagKind::LaunchesDiffer, text, Some(detail))
}

/// A row whose mean ratio and median ratio differ by more than half the noise floor: which of them is meant matters.
pub(crate) fn skewed(skew: Option<f64>, noise: Option<&Noise>) -> Option<Flag> {
    let half = noise?.log()? / 2.0;
    let skew = skew.filter(|skew| skew.abs() > half)?;
    let text = "skewed: its mean ratio is elsewhere than its median ratio";
    let detail = format!("by {:+.1}%", 100.0 * skew.exp_m1());
    Flag::new(FlagKind::Skewed, text, Some(detail))
}
