//! Which rounds of a workload count, by what else the machine did.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Conditions;
use crate::record::conditions::{DROPPED_AT_MOST, Disturbance};
use crate::statistics::median;

/// Rounds that do not count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Dropped {
    /// What disturbed them.
    pub because: String,
    /// How many.
    pub rounds: usize,
}

/// What else the machine did, as medians over the rounds of a workload.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Machine {
    /// Part of all processors' time that other processes used; null where the system does not tell.
    pub others_share: Option<f64>,
    /// Part of all processors' time that the hypervisor gave to somebody else.
    pub steal_share: Option<f64>,
    /// Highest load average over the last minute.
    pub load: Option<f64>,
    /// How long a fixed number of integer steps took.
    pub spin_ns: u64,
    /// Rounds in which any of it was too much.
    pub disturbed: usize,
}

/// Which rounds of a workload count, by what else the machine did.
pub(crate) struct Disturbed {
    pub(crate) dropped: Vec<(u32, Disturbance)>,
    pub(crate) machine: Option<Machine>,
    /// Too many to drop.
    pub(crate) kept: Option<(usize, usize)>,
}

impl Disturbed {
    /// Judges the kept rounds of one workload.
    pub(crate) fn of(blocks: &[&Conditions], usual_spin_ns: f64) -> Self {
        let found = blocks
            .iter()
            .filter_map(|it| Some((it.round, it.disturbance(usual_spin_ns)?)));
        let found: Vec<_> = found.collect();
        let few = found.len() as f64 <= DROPPED_AT_MOST * blocks.len() as f64;
        let middle = |value: &dyn Fn(&Conditions) -> Option<f64>| {
            median(&blocks.iter().filter_map(|it| value(it)).collect::<Vec<_>>())
        };
        let machine = (!blocks.is_empty()).then(|| Machine {
            others_share: middle(&|it| Some(it.share(it.others_ns()?))),
            steal_share: middle(&|it| Some(it.share(it.steal_ns?))),
            load: blocks
                .iter()
                .filter_map(|it| it.load_hundredths)
                .max()
                .map(|it| f64::from(it) / 100.0),
            spin_ns: middle(&|it| Some(it.spin_ns as f64)).unwrap_or_default() as u64,
            disturbed: found.len(),
        });
        let kept = (!few).then_some((found.len(), blocks.len()));
        Disturbed {
            dropped: if few { found } else { Vec::new() },
            machine,
            kept,
        }
    }

    /// What was dropped, with the rounds that a sample spoilt which was too slow to be believed.
    pub(crate) fn counts(&self, spoilt: usize) -> Vec<Dropped> {
        let mut causes: Vec<(Disturbance, usize)> = Vec::new();
        for (_, cause) in &self.dropped {
            match causes.iter_mut().find(|(known, _)| known == cause) {
                Some((_, rounds)) => *rounds += 1,
                None => causes.push((*cause, 1)),
            }
        }
        let counted = |(cause, rounds): (Disturbance, usize)| Dropped {
            because: cause.name().to_owned(),
            rounds,
        };
        let mut counts: Vec<Dropped> = causes.into_iter().map(counted).collect();
        if spoilt > 0 {
            counts.push(Dropped {
                because: "a sample as slow as one by one".to_owned(),
                rounds: spoilt,
            });
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(disturbed: usize) -> Vec<Conditions> {
        let block = |index: usize| Conditions {
            round: index as u32,
            elapsed_ns: 1_000_000_000,
            processors: 2,
            busy_ns: Some(if index < disturbed {
                900_000_000
            } else {
                300_000_000
            }),
            own_ns: 290_000_000,
            spin_ns: 1_000_000,
            ..Conditions::default()
        };
        (0..12).map(block).collect()
    }

    fn of(disturbed: usize) -> Disturbed {
        let blocks = blocks(disturbed);
        Disturbed::of(&blocks.iter().collect::<Vec<_>>(), 1e6)
    }

    #[test]
    fn few_disturbed_rounds_are_dropped_and_counted() {
        let disturbed = of(3);
        assert_eq!(
            disturbed.counts(0),
            [Dropped {
                because: "other processes".into(),
                rounds: 3
            }]
        );
        assert_eq!((disturbed.dropped.len(), disturbed.kept), (3, None));
    }

    #[test]
    fn where_most_are_disturbed_none_is_dropped_and_that_is_said() {
        let disturbed = of(4);
        assert_eq!(
            (disturbed.dropped.len(), disturbed.kept),
            (0, Some((4, 12)))
        );
        assert_eq!(disturbed.machine.unwrap().disturbed, 4);
    }
}
