//! When a sample that was too slow to be believed speaks against its row, and when against its round.

use std::collections::BTreeSet;

use crate::{RefusalKind, Sample, SampleOutcome};

/// So many samples must be too slow before their row has no result. A machine that stands still for a moment makes one of them.
pub const SUSPICIONS_THAT_CONVICT: usize = 3;

/// Whether a row with so many suspicions among all its samples has no result: three, or all where there are fewer.
pub fn convicted(suspicions: usize, samples: usize) -> bool {
    suspicions >= SUSPICIONS_THAT_CONVICT || (suspicions > 0 && suspicions == samples)
}

/// Why a row has no result, by its samples.
pub(crate) fn reason(own: &[&Sample]) -> Option<String> {
    let proof = own.iter().find_map(|sample| match &sample.outcome {
        SampleOutcome::Refused {
            reason,
            kind: RefusalKind::Proof,
            ..
        }
        | SampleOutcome::Failed { reason } => Some(reason.clone()),
        SampleOutcome::Measured(_) | SampleOutcome::Refused { .. } => None,
    });
    proof.or_else(|| {
        let suspicions: Vec<&str> = own.iter().filter_map(|it| suspicion(it)).collect();
        let (some, all) = (suspicions.len(), own.len());
        let first = suspicions.first().filter(|_| convicted(some, all))?;
        Some(format!("in {some} of {all} rounds, as in this: {first}"))
    })
}

fn suspicion(sample: &Sample) -> Option<&str> {
    match &sample.outcome {
        SampleOutcome::Refused {
            reason,
            kind: RefusalKind::Suspicion,
            ..
        } => Some(reason),
        _ => None,
    }
}

/// Rounds that count but for a sample that was too slow to be believed, in a row that has a result: they are dropped for all rows of
/// the workload alike.
pub(crate) fn spoilt<'a>(rows: impl Iterator<Item = &'a [&'a Sample]>) -> BTreeSet<u32> {
    let believed = rows.filter(|own| reason(own).is_none());
    let spoilt = believed.flat_map(|own| own.iter().filter(|it| suspicion(it).is_some()));
    spoilt
        .filter(|sample| sample.kept)
        .map(|sample| sample.round)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Measurement, Outcome, fixtures};

    /// Two rows over 24 rounds; `tokio` was too slow in some of them.
    fn summary(slow: &[u32]) -> crate::Summary {
        let mut samples = Vec::new();
        for round in 0..25 {
            for strategy in ["tokio", "smol"] {
                let mut sample =
                    fixtures::sample("get", strategy, round, 50_000_000 + u64::from(round));
                if strategy == "tokio" && slow.contains(&round) {
                    sample.outcome = SampleOutcome::Refused {
                        reason: "no less than one by one".into(),
                        kind: RefusalKind::Suspicion,
                        measurement: Measurement::default(),
                    };
                }
                samples.push(sample);
            }
        }
        fixtures::summary(&["tokio", "smol"].map(fixtures::cell), &samples)
    }

    #[test]
    fn a_sample_that_stalled_costs_its_round_and_not_its_row() {
        let summary = summary(&[7, 9]);
        for row in &summary.cells {
            assert_eq!((row.outcome, row.samples), (Outcome::Measured, 22));
        }
        let workload = &summary.workloads[0];
        assert_eq!(workload.rounds, 22);
        let dropped: Vec<_> = workload.dropped.iter().map(|it| it.rounds).collect();
        assert_eq!(dropped, [2]);
    }

    #[test]
    fn a_round_that_does_not_count_is_not_dropped() {
        let summary = summary(&[0]);
        assert_eq!(summary.workloads[0].dropped, []);
        assert_eq!(summary.cells[0].samples, 24);
    }

    #[test]
    fn several_that_say_the_same_cost_the_row_and_no_round() {
        let summary = summary(&[3, 7, 9]);
        let [tokio, smol] = &summary.cells[..] else {
            panic!("two rows")
        };
        assert_eq!(tokio.outcome, Outcome::Failed);
        assert_eq!(
            tokio.reason.as_deref(),
            Some("in 3 of 25 rounds, as in this: no less than one by one")
        );
        assert_eq!((smol.outcome, smol.samples), (Outcome::Measured, 24));
        assert_eq!(summary.workloads[0].dropped, []);
    }

    #[test]
    fn where_there_are_fewer_rounds_all_of_them_must_say_so() {
        assert!(convicted(1, 1) && convicted(2, 2) && convicted(3, 24));
        assert!(!convicted(0, 0) && !convicted(0, 2) && !convicted(1, 2) && !convicted(2, 3));
    }

    #[test]
    fn files_from_before_know_only_proofs() {
        let text = "outcome = 'refused'\nreason = 'it took long'\nwall_ns = 1\n[tally]\ncount = 0\ndigest = 0";
        let SampleOutcome::Refused { kind, .. } = toml::from_str(text).unwrap() else {
            panic!("it is refused")
        };
        assert_eq!(kind, RefusalKind::Proof);
    }
}
