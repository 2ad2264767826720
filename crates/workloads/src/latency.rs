//! How long each wait lasts: a distribution, and one draw from it per key.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail, ensure};
use serde::{Deserialize, Serialize};

use crate::{key, mix};

/// The longest wait that can be asked for. Anything longer is taken for a wrong unit of time.
pub const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// A distribution of waits. Written as `20ms`, `uniform:10ms,30ms` or `lognormal:20ms,80ms` (median, 99th percentile).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Latency {
    /// Always the same.
    Fixed(Duration),
    /// Equally likely anywhere between two ends.
    Uniform {
        /// Shortest wait.
        low: Duration,
        /// Longest wait.
        high: Duration,
    },
    /// Log-normal, the usual shape of service times; cut off at its 0.01st and 99.99th percentile and at [`LONGEST_WAIT`].
    LogNormal {
        /// Half of the waits are shorter.
        median: Duration,
        /// One wait in a hundred is longer.
        p99: Duration,
    },
}

/// The 99th and the 99.99th percentile of the standard normal distribution.
const Z_99: f64 = 2.326_347_874_040_841;
const Z_9999: f64 = 3.719_016_485_455_709;

impl Latency {
    /// The wait of one attempt at one item. It is a pure function, so every strategy meets the same wait, in any order.
    pub fn delay(&self, seed: u64, endpoint: &str, item: u64, attempt: u32) -> Duration {
        // 53 bits make a number strictly between 0 and 1.
        let unit = |stream| {
            ((mix(key(seed, endpoint, item, attempt), stream) >> 11) as f64 + 0.5)
                / (1u64 << 53) as f64
        };
        match *self {
            Latency::Fixed(wait) => wait,
            Latency::Uniform { low, high } => low + (high - low).mul_f64(unit(0)),
            Latency::LogNormal { median, p99 } => {
                // Box and Muller, Ann. Math. Statist. 1958.
                let z = (-2.0 * unit(0).ln()).sqrt() * (std::f64::consts::TAU * unit(1)).cos();
                let sigma = (p99.as_secs_f64() / median.as_secs_f64()).ln() / Z_99;
                median
                    .mul_f64((sigma * z.clamp(-Z_9999, Z_9999)).exp())
                    .min(LONGEST_WAIT)
            }
        }
    }

    /// The same distribution with every wait so many times as long, cut off at [`LONGEST_WAIT`].
    pub fn times(&self, factor: f64) -> Latency {
        let longer = |wait: Duration| wait.mul_f64(factor).min(LONGEST_WAIT);
        match *self {
            Latency::Fixed(wait) => Latency::Fixed(longer(wait)),
            Latency::Uniform { low, high } => Latency::Uniform {
                low: longer(low),
                high: longer(high),
            },
            Latency::LogNormal { median, p99 } => Latency::LogNormal {
                median: longer(median),
                p99: longer(p99),
            },
        }
    }

    /// Half of the waits are at most this long.
    pub fn median(&self) -> Duration {
        match *self {
            Latency::Fixed(wait) => wait,
            Latency::Uniform { low, high } => (low + high) / 2,
            Latency::LogNormal { median, .. } => median,
        }
    }
}

impl FromStr for Latency {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let pair = |text: &str| -> Result<(Duration, Duration)> {
            let (first, second) = text
                .split_once(',')
                .context("two durations are needed, as in `10ms,30ms`")?;
            Ok((wait(first)?, wait(second)?))
        };
        let parse = || match text.split_once(':') {
            None => Ok(Latency::Fixed(wait(text)?)),
            Some(("uniform", ends)) => {
                let (low, high) = pair(ends)?;
                ensure!(
                    low <= high,
                    "its second number, the longest wait, is below the first"
                );
                Ok(Latency::Uniform { low, high })
            }
            Some(("lognormal", points)) => {
                let (median, p99) = pair(points)?;
                ensure!(!median.is_zero(), "the median must be above 0");
                ensure!(
                    median <= p99,
                    "its second number, the 99th percentile, is below the first, the median"
                );
                Ok(Latency::LogNormal { median, p99 })
            }
            Some((kind, _)) => bail!("no distribution is called `{kind}`"),
        };
        parse().map_err(|error| {
            anyhow!("latency `{text}`: {error:#}; allowed are `20ms`, `uniform:10ms,30ms`, `lognormal:20ms,80ms` (median, p99), each from 0ms to 60s")
        })
    }
}

/// A single duration within the allowed range.
fn wait(text: &str) -> Result<Duration> {
    let text = text.trim();
    let wait = match text {
        "0" => Duration::ZERO,
        _ => humantime::parse_duration(text).with_context(|| format!("`{text}` is no duration"))?,
    };
    ensure!(wait <= LONGEST_WAIT, "`{text}` is over 60s");
    Ok(wait)
}

impl fmt::Display for Latency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let show = |wait: Duration| match wait {
            Duration::ZERO => "0ms".to_owned(),
            _ => humantime::format_duration(wait).to_string(),
        };
        match *self {
            Latency::Fixed(wait) => write!(f, "{}", show(wait)),
            Latency::Uniform { low, high } => write!(f, "uniform:{},{}", show(low), show(high)),
            Latency::LogNormal { median, p99 } => {
                write!(f, "lognormal:{},{}", show(median), show(p99))
            }
        }
    }
}

impl TryFrom<String> for Latency {
    type Error = anyhow::Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<Latency> for String {
    fn from(latency: Latency) -> String {
        latency.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_can_be_read_back() {
        for text in [
            "20ms",
            "0ms",
            "1s 500ms",
            "uniform:10ms,30ms",
            "lognormal:20ms,80ms",
            "250us",
        ] {
            let latency: Latency = text.parse().unwrap();
            assert_eq!(
                latency.to_string().parse::<Latency>().unwrap(),
                latency,
                "{text}"
            );
        }
        assert_eq!(
            "0".parse::<Latency>().unwrap(),
            Latency::Fixed(Duration::ZERO)
        );
    }

    #[test]
    fn slips_are_refused_with_the_allowed_forms() {
        for text in [
            "",
            "20",
            "-5ms",
            "2h",
            "uniform:30ms,10ms",
            "uniform:10ms",
            "lognormal:0ms,1ms",
            "normal:1ms,2ms",
            "20 m s",
        ] {
            let error = format!("{:#}", text.parse::<Latency>().unwrap_err());
            assert!(
                error.contains("`uniform:10ms,30ms`")
                    && error.contains(&format!("latency `{text}`")),
                "{error}"
            );
        }
    }

    #[test]
    fn draws_follow_the_distribution() {
        let draws = |text: &str| -> Vec<Duration> {
            let latency: Latency = text.parse().unwrap();
            let mut draws: Vec<_> = (0..10_001)
                .map(|item| latency.delay(1, "get", item, 0))
                .collect();
            draws.sort();
            draws
        };
        // Standard errors at n = 10,001: 0.1 ms for the uniform median, 0.2 ms and 2.6 ms for the log-normal's two points.
        let uniform = draws("uniform:10ms,30ms");
        assert!(
            uniform[0] >= Duration::from_millis(10) && uniform[10_000] <= Duration::from_millis(30)
        );
        assert!(
            (19.5..20.5).contains(&(uniform[5000].as_secs_f64() * 1e3)),
            "{:?}",
            uniform[5000]
        );
        let lognormal = draws("lognormal:20ms,80ms");
        assert!(
            (19.0..21.0).contains(&(lognormal[5000].as_secs_f64() * 1e3)),
            "{:?}",
            lognormal[5000]
        );
        assert!(
            (69.0..91.0).contains(&(lognormal[9900].as_secs_f64() * 1e3)),
            "{:?}",
            lognormal[9900]
        );
    }

    #[test]
    fn a_draw_depends_on_its_key_alone() {
        let latency: Latency = "uniform:10ms,30ms".parse().unwrap();
        assert_eq!(latency.delay(1, "get", 5, 0), latency.delay(1, "get", 5, 0));
        assert_ne!(latency.delay(1, "get", 5, 0), latency.delay(1, "get", 5, 1));
        assert_ne!(latency.delay(1, "get", 5, 0), latency.delay(2, "get", 5, 0));
    }
}
