//! What a run leaves behind, line by line: `samples.jsonl`. Everything else in a run folder follows from it.

pub(crate) mod build;
pub(crate) mod computer;
pub(crate) mod conditions;
pub(crate) mod expectation;
pub(crate) mod host;
pub(crate) mod sample;
pub(crate) mod timeline;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Cell, Conditions, Host, Sample, Spec, Timeline};

/// Version of the lines of `samples.jsonl` and of `summary.json`. It rises when a field changes its meaning or goes.
pub const SCHEMA_VERSION: u32 = 4;

/// Version of the oldest `samples.jsonl` that can still be read: what came later has its defaults there.
pub const OLDEST_VERSION: u32 = 3;

/// The first line: where, with what, and what was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// See [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// The machine and the build.
    pub host: Host,
    /// What was asked for, as run.
    pub spec: Spec,
    /// All cells, with their floors.
    pub cells: Vec<Cell>,
}

/// The last line. Where it is missing, the run was cut off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// Whether the run ended before its plan did.
    pub interrupted: bool,
    /// Times that the results were looked at to decide whether to go on, the last one included.
    pub looks: u32,
    /// Whether the plan or the budget ended the run, and not what the results looked like.
    pub exhausted: bool,
    /// Samples taken.
    pub samples: u32,
    /// CRC-32 (IEEE) of all bytes before this line: whether somebody changed them later.
    pub checksum: u32,
}

/// A run that was interrupted went on here, with new workers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Resumed {
    /// Samples that were taken before.
    pub samples: u32,
    /// When it went on, in UTC, RFC 3339.
    pub at: String,
}

/// All lines of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// The first line.
    pub header: Header,
    /// Every sample, in order.
    pub samples: Vec<Sample>,
    /// What else the machine did, block by block.
    pub conditions: Vec<Conditions>,
    /// Each time that it was interrupted and went on.
    pub resumed: Vec<Resumed>,
    /// The last line.
    pub end: Option<End>,
    /// What each unit did and when, in runs of their own that are in no line. Empty unless that was asked for.
    pub timelines: Vec<Timeline>,
    /// What is wrong with the lines themselves, in plain words.
    pub troubles: Vec<String>,
}

impl Recorded {
    /// Whether the run ended before its plan did.
    pub fn interrupted(&self) -> bool {
        self.end.as_ref().is_none_or(|end| end.interrupted)
    }
}

/// How much error all verdicts of one workload may have together.
pub const ALPHA: f64 = 0.01;

impl End {
    /// What of [`ALPHA`] may be spent when looking for the last time.
    ///
    /// Looking again and again until the intervals please would raise the error, so look k spends 1 / (k (k + 1)) of it: all looks
    /// together the whole, however many there are. One that is the last whatever it shows, because the plan or the budget is at its
    /// end, spends all that is left, which is 1 / k (Lan and DeMets, Biometrika 1983). The shares fall slowly, so that verdicts
    /// are still possible after many looks.
    pub fn alpha(&self) -> f64 {
        let look = f64::from(self.looks.max(1));
        match self.exhausted {
            true => ALPHA / look,
            false => ALPHA / (look * (look + 1.0)),
        }
    }

    /// The end of a run that has none: cut off at a launch that nobody has looked at.
    pub(crate) fn missing(planned: u32, launches: usize) -> End {
        End {
            interrupted: true,
            looks: 1 + (launches as u32).saturating_sub(planned.max(1)),
            exhausted: true,
            samples: 0,
            checksum: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looking_more_often_never_spends_more_than_the_whole() {
        let alpha = |looks, exhausted| {
            let (interrupted, samples, checksum) = (false, 0, 0);
            End {
                interrupted,
                looks,
                exhausted,
                samples,
                checksum,
            }
            .alpha()
        };
        assert_eq!((alpha(1, true), alpha(1, false)), (ALPHA, ALPHA / 2.0));
        for last in 1..40 {
            let spent: f64 =
                (1..last).map(|look| alpha(look, false)).sum::<f64>() + alpha(last, true);
            assert!(spent <= ALPHA * (1.0 + 1e-12), "{last}: {spent}");
        }
    }
}
