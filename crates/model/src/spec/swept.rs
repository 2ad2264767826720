//! The sizes in which a load differs from others of its sweep.

use std::fmt;
use std::str::FromStr;

use anyhow::{Context, Result, anyhow};
use serde::{Deserialize, Serialize};
use workloads::Latency;

use crate::spec::compute_time::ComputeTime;

/// What sets a load apart from others of the same workload. It stands in the load's label, so that no two labels are the same.
///
/// Files hold it as one text, such as `tasks=10,latency=5ms`. It is printed and parsed here and nowhere else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Swept {
    /// One value for each size that is swept over.
    Sizes(Vec<Size>),
    /// It measures timers, with one wait of this length.
    Timer(Latency),
    /// It measures clients, with so many requests in flight.
    Client(usize),
}

/// One size of a load.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Size {
    /// Its name: that of a field of [`Load`](crate::Load), or of one of its numbers.
    pub name: String,
    /// Its value.
    pub value: Value,
}

/// The value of a size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// A count.
    Number(u64),
    /// How long each wait lasts.
    Wait(Latency),
    /// How long each unit computes.
    Time(ComputeTime),
}

impl Swept {
    /// The sizes of a sweep; none where timers or clients are measured.
    pub fn sizes(&self) -> &[Size] {
        match self {
            Swept::Sizes(sizes) => sizes,
            Swept::Timer(_) | Swept::Client(_) => &[],
        }
    }

    /// These sizes and one more.
    pub(crate) fn plus(before: Option<Swept>, size: Size) -> Swept {
        let mut sizes = before.map_or_else(Vec::new, |before| before.sizes().to_vec());
        sizes.push(size);
        Swept::Sizes(sizes)
    }

    /// The same without the size of that name; none if nothing is left.
    pub(crate) fn without(&self, name: &str) -> Option<Swept> {
        let Swept::Sizes(sizes) = self else {
            return Some(self.clone());
        };
        let rest = sizes.iter().filter(|size| size.name != name).cloned();
        let rest: Vec<Size> = rest.collect();
        (!rest.is_empty()).then_some(Swept::Sizes(rest))
    }
}

impl Value {
    /// As a number; a time in milliseconds, of a distribution of waits the median.
    pub fn number(&self) -> f64 {
        match self {
            Value::Number(count) => *count as f64,
            Value::Wait(latency) => latency.median().as_secs_f64() * 1000.0,
            Value::Time(time) => time.0.as_secs_f64() * 1000.0,
        }
    }

    fn parse(name: &str, text: &str) -> Result<Value> {
        Ok(match name {
            "latency" => Value::Wait(text.parse()?),
            "compute" => Value::Time(text.parse()?),
            _ => Value::Number(text.parse()?),
        })
    }
}

impl fmt::Display for Swept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Swept::Timer(wait) => write!(f, "timer,{wait}"),
            Swept::Client(in_flight) => write!(f, "client,{in_flight}"),
            Swept::Sizes(sizes) => {
                for (index, size) in sizes.iter().enumerate() {
                    let comma = if index > 0 { "," } else { "" };
                    write!(f, "{comma}{}={}", size.name, size.value)?;
                }
                Ok(())
            }
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Number(count) => count.fmt(f),
            Value::Wait(latency) => latency.fmt(f),
            Value::Time(time) => time.fmt(f),
        }
    }
}

impl FromStr for Swept {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let parse = || match text.split_once(',') {
            Some(("timer", wait)) => Ok(Swept::Timer(wait.parse()?)),
            Some(("client", in_flight)) => Ok(Swept::Client(in_flight.parse()?)),
            _ => Ok(Swept::Sizes(
                parts(text)
                    .iter()
                    .map(|part| size(part))
                    .collect::<Result<_>>()?,
            )),
        };
        parse().map_err(|error: anyhow::Error| {
            anyhow!("sizes `{text}`: {error:#}; allowed are those of a sweep, such as tasks=10,latency=5ms")
        })
    }
}

/// The `name=value` parts; a latency may hold a comma itself.
fn parts(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for part in text.split(',') {
        match parts.last_mut() {
            Some(before) if !part.contains('=') => *before += &format!(",{part}"),
            _ => parts.push(part.to_owned()),
        }
    }
    parts
}

fn size(text: &str) -> Result<Size> {
    let (name, value) = text
        .split_once('=')
        .with_context(|| format!("`{text}` has no value"))?;
    Ok(Size {
        name: name.to_owned(),
        value: Value::parse(name, value).with_context(|| format!("`{text}`"))?,
    })
}

impl TryFrom<String> for Swept {
    type Error = anyhow::Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<Swept> for String {
    fn from(swept: Swept) -> String {
        swept.to_string()
    }
}

impl From<u64> for Value {
    fn from(count: u64) -> Value {
        Value::Number(count)
    }
}

impl From<usize> for Value {
    fn from(count: usize) -> Value {
        Value::Number(count as u64)
    }
}

impl From<Latency> for Value {
    fn from(latency: Latency) -> Value {
        Value::Wait(latency)
    }
}

impl From<ComputeTime> for Value {
    fn from(time: ComputeTime) -> Value {
        Value::Time(time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_can_be_read() {
        for text in [
            "tasks=10",
            "latency=uniform:10ms,30ms,concurrency=4",
            "tasks=1,latency=lognormal:20ms,80ms",
            "compute=1ms500us",
            "rounds=7,over_rounds=1",
            "timer,5ms",
            "client,64",
        ] {
            let swept: Swept = text.parse().unwrap();
            assert_eq!(swept.to_string(), text);
        }
        let swept: Swept = "latency=uniform:10ms,30ms,rounds=4".parse().unwrap();
        let numbers = swept.sizes().iter().map(|size| size.value.number());
        assert_eq!(numbers.collect::<Vec<_>>(), [20.0, 4.0]);
        assert!("client,64".parse::<Swept>().unwrap().sizes().is_empty());
    }

    #[test]
    fn what_is_no_size_is_refused() {
        for text in [
            "",
            "tasks",
            "tasks=",
            "tasks=x",
            "latency=10",
            "=",
            "timer,x",
            "client,",
        ] {
            let error = text.parse::<Swept>().unwrap_err().to_string();
            assert!(error.starts_with(&format!("sizes `{text}`: ")), "{error}");
        }
    }

    #[test]
    fn a_size_is_left_out_by_its_name() {
        let swept: Swept = "over_rounds=1,rounds=7".parse().unwrap();
        let rest = swept.without("rounds").unwrap();
        assert_eq!(rest.to_string(), "over_rounds=1");
        assert_eq!(rest.without("over_rounds"), None);
        let timer: Swept = "timer,5ms".parse().unwrap();
        assert_eq!(timer.without("timer"), Some(timer.clone()));
    }
}
