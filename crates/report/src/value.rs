//! What stands in a cell of a table.

use std::fmt;

use model::{Ratio, VerdictKind};

use crate::numbers::{
    bytes, deviating, digits, duration, percent, ratio_within, share_within, times, within,
};

/// One cell. It keeps the exact number, so a format can sort by it or show it in full.
///
/// `Display` rounds it for people, through `numbers`. Each format escapes that text in its own way.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// Nothing is known here. People see a dash.
    #[default]
    Nothing,
    /// The name of a row, a workload, a client or a kind of noise.
    Name(String),
    /// Words: letters, what happened, or why there is no number.
    Text(String),
    /// A word that tells good from bad. The word alone says all; some formats also colour it.
    Word {
        /// The word.
        text: &'static str,
        /// What it means to whoever reads it.
        tone: Tone,
    },
    /// A bar that fills this part of its room. It stands for the number in another column.
    Bar {
        /// From 0 to 1.
        part: f64,
    },
    /// The row that the ratios are taken against. Its ratio is 1 by definition.
    Reference,
    /// A number that a person typed. It is shown as it was typed.
    Typed {
        /// The number.
        value: f64,
        /// How it was typed.
        text: String,
    },
    /// How many.
    Count(u64),
    /// An amount of memory.
    Bytes(u64),
    /// A duration.
    Time {
        /// In nanoseconds.
        ns: u64,
    },
    /// A duration with its 95 % interval. Without an interval, a dash follows it.
    TimeWithin {
        /// In nanoseconds.
        ns: u64,
        /// Both ends of the interval, in nanoseconds.
        interval_ns: Option<(u64, u64)>,
    },
    /// A mean duration with its standard deviation.
    Mean {
        /// In nanoseconds.
        ns: u64,
        /// In nanoseconds.
        deviation_ns: Option<u64>,
    },
    /// A ratio without an interval.
    Number(f64),
    /// How many times something is as large as something else, such as `1.08x`.
    Times(f64),
    /// A ratio with its 95 % interval. Without an interval, a dash follows it.
    Ratio {
        /// The ratio.
        estimate: f64,
        /// Both ends of the interval.
        interval: Option<(f64, f64)>,
    },
    /// How many times as fast as the reference a row is. Files keep its inverse, the ratio of the makespans.
    SpeedUp {
        /// Above 1 the row is faster.
        estimate: f64,
        /// Both ends of the interval.
        interval: Option<(f64, f64)>,
    },
    /// A share of 1, shown as a percentage.
    Share(f64),
    /// How often something happened, with the 95 % interval of its rate.
    Rate {
        /// How often it happened.
        hits: u64,
        /// How often it could have happened.
        trials: u64,
        /// Both ends of the interval, as shares of 1.
        interval: (f64, f64),
    },
    /// How often made-up runs are wrong, as shares of 1.
    Errors {
        /// Of all runs.
        all: f64,
        /// Without a flag that warns of it.
        unflagged: f64,
    },
}

/// What a word means to whoever reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Better than what it is compared with.
    Good,
    /// Worse, or failed.
    Bad,
    /// Neither.
    Quiet,
}

impl Value {
    /// A verdict.
    pub(crate) fn verdict(kind: VerdictKind) -> Self {
        let tone = match kind {
            VerdictKind::Faster => Tone::Good,
            VerdictKind::Slower => Tone::Bad,
            VerdictKind::Same | VerdictKind::Unclear => Tone::Quiet,
        };
        Value::Word {
            text: kind.name(),
            tone,
        }
    }

    /// A name.
    pub(crate) fn name(name: &str) -> Self {
        Value::Name(name.to_owned())
    }

    /// Words.
    pub(crate) fn text(text: &str) -> Self {
        Value::Text(text.to_owned())
    }

    /// The inverse of a ratio to the reference.
    pub(crate) fn speed_up(ratio: &Ratio) -> Self {
        let interval = ratio.low.zip(ratio.high);
        Value::SpeedUp {
            estimate: 1.0 / ratio.estimate,
            interval: interval.map(|(low, high)| (1.0 / high, 1.0 / low)),
        }
    }
}

impl Value {
    /// The exact number, where the cell is one.
    pub(crate) fn exact(&self) -> Option<f64> {
        match self {
            Value::Nothing
            | Value::Name(_)
            | Value::Text(_)
            | Value::Word { .. }
            | Value::Bar { .. } => None,
            Value::Reference => Some(1.0),
            Value::Typed { value, .. } => Some(*value),
            Value::Count(count) | Value::Bytes(count) => Some(*count as f64),
            Value::Time { ns } | Value::TimeWithin { ns, .. } | Value::Mean { ns, .. } => {
                Some(*ns as f64)
            }
            Value::Number(number) | Value::Times(number) | Value::Share(number) => Some(*number),
            Value::Ratio { estimate, .. } | Value::SpeedUp { estimate, .. } => Some(*estimate),
            Value::Rate { hits, trials, .. } => Some(*hits as f64 / (*trials).max(1) as f64),
            Value::Errors { all, .. } => Some(*all),
        }
    }

    /// Both ends of its interval, where it has one.
    pub(crate) fn interval(&self) -> Option<(f64, f64)> {
        match self {
            Value::TimeWithin { interval_ns, .. } => {
                interval_ns.map(|(low, high)| (low as f64, high as f64))
            }
            Value::Ratio { interval, .. } | Value::SpeedUp { interval, .. } => *interval,
            Value::Rate { interval, .. } => Some(*interval),
            _ => None,
        }
    }

    /// What follows the exact number where it is not a mere count or ratio.
    pub(crate) fn unit(&self) -> &'static str {
        match self {
            Value::Time { .. } | Value::TimeWithin { .. } | Value::Mean { .. } => " ns",
            Value::Bytes(_) => " bytes",
            _ => "",
        }
    }
}

impl From<&Ratio> for Value {
    fn from(ratio: &Ratio) -> Self {
        Value::Ratio {
            estimate: ratio.estimate,
            interval: ratio.low.zip(ratio.high),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Value::Nothing => "-".to_owned(),
            Value::Name(text) | Value::Text(text) | Value::Typed { text, .. } => text.clone(),
            Value::Word { text, .. } => (*text).to_owned(),
            Value::Bar { part } => percent(*part),
            Value::Reference => "1 (reference)".to_owned(),
            Value::Count(count) => count.to_string(),
            Value::Bytes(amount) => bytes(*amount),
            Value::Time { ns } => duration(*ns),
            Value::TimeWithin { ns, interval_ns } => within(*ns, *interval_ns),
            Value::Mean { ns, deviation_ns } => {
                deviation_ns.map_or_else(|| duration(*ns), |deviation| deviating(*ns, deviation))
            }
            Value::Number(number) => digits(*number),
            Value::Times(ratio) => times(*ratio),
            Value::Ratio { estimate, interval } => ratio_within("", *estimate, *interval),
            Value::SpeedUp { estimate, interval } => ratio_within("x", *estimate, *interval),
            Value::Share(share) => percent(*share),
            Value::Rate {
                hits,
                trials,
                interval,
            } => share_within(*hits as f64 / (*trials).max(1) as f64, *interval),
            Value::Errors { all, unflagged } if all == unflagged => percent(*all),
            Value::Errors { all, unflagged } => {
                format!("{} ({} unflagged)", percent(*all), percent(*unflagged))
            }
        };
        f.write_str(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_see_a_rounded_number_and_the_cell_keeps_the_exact_one() {
        let ratio = Ratio {
            estimate: 0.034_229,
            low: Some(0.033_91),
            high: Some(0.035_11),
            reference: model::Row::plain("sequential"),
            pairs: 9,
        };
        let speed_up = Value::speed_up(&ratio);
        assert_eq!(speed_up.to_string(), "29.2x (28.5-29.5)");
        let interval = Some((1.0 / 0.035_11, 1.0 / 0.033_91));
        let estimate = 1.0 / 0.034_229;
        assert_eq!(speed_up, Value::SpeedUp { estimate, interval });
        let ratio = Value::from(&Ratio { low: None, ..ratio });
        assert_eq!(ratio.to_string(), "0.0342 -");
        let time = Value::Time { ns: 41_249_001 };
        assert_eq!(time.to_string(), "41.2 ms");
    }

    #[test]
    fn every_kind_of_value_has_a_text() {
        let rate = Value::Rate {
            hits: 1,
            trials: 0,
            interval: (0.0, 1.0),
        };
        let errors = |unflagged| Value::Errors {
            all: 0.02,
            unflagged,
        };
        let mean = |deviation_ns| Value::Mean {
            ns: 41_300_000,
            deviation_ns,
        };
        for (value, text) in [
            (Value::default(), "-"),
            (Value::Reference, "1 (reference)"),
            (Value::verdict(VerdictKind::Slower), "slower"),
            (Value::Bar { part: 0.5 }, "50%"),
            (Value::Count(1_440), "1440"),
            (Value::Bytes(1536), "1.50 KiB"),
            (Value::Number(0.033_49), "0.0335"),
            (Value::Times(15.15), "15.2x"),
            (Value::Share(0.031), "3.1%"),
            (rate, "100% (0%-100%)"),
            (errors(0.02), "2.0%"),
            (errors(0.01), "2.0% (1.0% unflagged)"),
            (mean(None), "41.3 ms"),
            (mean(Some(310_000)), "41.3 +- 0.310 ms"),
        ] {
            assert_eq!(value.to_string(), text);
        }
    }
}
