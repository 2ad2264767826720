//! Quantities as people write them: `3%`, `2m`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use anyhow::{Result, anyhow, bail, ensure};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A share written as a percentage, such as `3%` or `0.5%`. It is kept in hundredths of a percent, so that it is written as it was read.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct Percent(u32);

impl Percent {
    /// So many hundredths of a percent.
    pub const fn of_hundredths(hundredths: u32) -> Self {
        Percent(hundredths)
    }

    /// As a share of 1.
    pub fn share(self) -> f64 {
        f64::from(self.0) / 10_000.0
    }
}

impl FromStr for Percent {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let parse = || {
            let Some(number) = text.trim().strip_suffix('%') else {
                bail!("it has no percent sign");
            };
            let percent: f64 = number.trim().parse()?;
            ensure!((0.01..=1000.0).contains(&percent), "it is out of range");
            Ok(Percent((percent * 100.0).round() as u32))
        };
        parse().map_err(|error| {
            anyhow!("percentage `{text}`: {error:#}; allowed are 0.01% to 1000%, such as 3%")
        })
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", f64::from(self.0) / 100.0)
    }
}

impl TryFrom<String> for Percent {
    type Error = anyhow::Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<Percent> for String {
    fn from(percent: Percent) -> String {
        percent.to_string()
    }
}

/// A span of time for a whole run, such as `90s`, `2m` or `1h 30m`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct Budget(pub Duration);

/// A run that would take longer is a slip of the unit.
const LONGEST: Duration = Duration::from_secs(7 * 24 * 3600);

impl FromStr for Budget {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let parse = || {
            let span = humantime::parse_duration(text.trim())?;
            ensure!(
                (Duration::from_secs(1)..=LONGEST).contains(&span),
                "it is out of range"
            );
            Ok(Budget(span))
        };
        parse().map_err(|error| {
            anyhow!("budget `{text}`: {error:#}; allowed are 1s to 7days, such as 90s or 5m")
        })
    }
}

impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", humantime::format_duration(self.0))
    }
}

impl TryFrom<String> for Budget {
    type Error = anyhow::Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<Budget> for String {
    fn from(budget: Budget) -> String {
        budget.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_can_be_read_back() {
        for text in ["3%", "0.5%", "12.25%", "100%"] {
            assert_eq!(text.parse::<Percent>().unwrap().to_string(), text);
        }
        assert_eq!(" 10 %".parse::<Percent>().unwrap().share(), 0.1);
        for text in ["90s", "2m", "1h 30m"] {
            let budget: Budget = text.parse().unwrap();
            assert_eq!(
                budget.to_string().parse::<Budget>().unwrap(),
                budget,
                "{text}"
            );
        }
    }

    #[test]
    fn anything_else_is_refused_with_what_is_allowed() {
        for text in ["3", "%", "-1%", "0%", "2000%", "NaN%", "many"] {
            let error = format!("{:#}", text.parse::<Percent>().unwrap_err());
            assert!(error.contains("allowed are 0.01% to 1000%"), "{error}");
        }
        for text in ["", "5", "0s", "9days", "-1s"] {
            let error = format!("{:#}", text.parse::<Budget>().unwrap_err());
            assert!(error.contains("allowed are 1s to 7days"), "{error}");
        }
    }
}
