//! Computing that is asked for as a time.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How long each unit computes, such as `2ms`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct ComputeTime(pub Duration);

/// Less is not worth a clock, more is a slip of the unit.
const ALLOWED: std::ops::RangeInclusive<Duration> =
    Duration::from_micros(1)..=Duration::from_secs(60);

impl FromStr for ComputeTime {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let parse = || {
            let time = humantime::parse_duration(text.trim())?;
            ensure!(ALLOWED.contains(&time), "it is out of range");
            Ok(ComputeTime(time))
        };
        parse().with_context(|| format!("compute `{text}`: allowed are 1us to 60s, such as 2ms"))
    }
}

impl fmt::Display for ComputeTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the spaces between parts: it stands in labels.
        let text = humantime::format_duration(self.0).to_string();
        f.write_str(&text.replace(' ', ""))
    }
}

impl TryFrom<String> for ComputeTime {
    type Error = anyhow::Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<ComputeTime> for String {
    fn from(time: ComputeTime) -> String {
        time.to_string()
    }
}
