//! One life of the worker processes, as it was.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Sample, SampleOutcome};

/// How a launch spent its time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Launched {
    /// Which one, from 0.
    pub launch: u32,
    /// Samples taken, discarded ones included.
    pub samples: usize,
    /// From the start of the first sample to the end of the last.
    pub elapsed_ns: u64,
    /// Part of it inside samples, from 0 to 1.
    pub in_samples: f64,
}

impl Launched {
    /// All launches of a run, in order.
    pub(crate) fn all(samples: &[Sample]) -> Vec<Launched> {
        let mut launches: BTreeMap<u32, Vec<&Sample>> = BTreeMap::new();
        for sample in samples {
            launches.entry(sample.launch).or_default().push(sample);
        }
        let launched = |(launch, samples): (u32, Vec<&Sample>)| {
            let wall = |sample: &Sample| match &sample.outcome {
                SampleOutcome::Measured(taken)
                | SampleOutcome::Refused {
                    measurement: taken, ..
                } => taken.wall_ns,
                SampleOutcome::Failed { .. } => 0,
            };
            let first = samples
                .iter()
                .map(|sample| sample.at_ns)
                .min()
                .unwrap_or_default();
            let last = samples
                .iter()
                .map(|sample| sample.at_ns.saturating_add(wall(sample)))
                .max();
            let elapsed = last.unwrap_or_default().saturating_sub(first);
            let inside: f64 = samples.iter().map(|sample| wall(sample) as f64).sum();
            Launched {
                launch,
                samples: samples.len(),
                elapsed_ns: elapsed,
                in_samples: inside / elapsed.max(1) as f64,
            }
        };
        launches.into_iter().map(launched).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures;

    #[test]
    fn what_lies_between_samples_is_not_inside_them() {
        let sample = |launch, at_ns, wall_ns| Sample {
            launch,
            at_ns,
            ..fixtures::sample("get", "tokio", 0, wall_ns)
        };
        let launches = Launched::all(&[sample(1, 500, 50), sample(0, 100, 40), sample(0, 160, 40)]);
        let expected = |launch, samples, elapsed_ns, in_samples| Launched {
            launch,
            samples,
            elapsed_ns,
            in_samples,
        };
        assert_eq!(
            launches,
            [expected(0, 2, 100, 0.8), expected(1, 1, 50, 1.0)]
        );
    }
}
