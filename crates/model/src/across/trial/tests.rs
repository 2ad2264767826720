use super::*;

fn judgement(strategy: &str, kinds: &[(&str, VerdictKind)]) -> Judgement {
    let row = |(row, kind): &(&str, VerdictKind)| JudgedRow {
        workload: "get".into(),
        row: format!("{strategy}{row}").parse().unwrap(),
        ratio: Some(Ratio {
            estimate: 1.0,
            low: Some(0.9),
            high: Some(1.1),
            reference: Row::plain(strategy),
            pairs: 24,
        }),
        kind: Some(*kind),
        p: Some(0.5),
        missed_below: Some(0.02),
        reason: None,
    };
    Judgement {
        trial: "test".into(),
        number: 0,
        seed: 0,
        commit: None,
        strategy: strategy.into(),
        rows: kinds.iter().map(row).collect(),
        families: vec![Family {
            workload: "get".into(),
            p: Some(0.03),
            pairs: 3,
            told_apart: 0,
        }],
        elapsed_ns: 1,
        others_share: None,
    }
}

#[test]
fn a_row_without_a_result_says_why_and_so_do_those_whose_reference_has_none() {
    use crate::{SampleOutcome, fixtures};
    let cells = ["sequential", "tokio", "smol"].map(fixtures::cell);
    let sample = |strategy: &str, round| fixtures::sample("get", strategy, round, 50);
    let rows = |failed: &[&str]| {
        let mut samples = Vec::new();
        for round in 1..9 {
            samples.extend(["sequential", "tokio", "smol"].map(|it| sample(it, round)));
        }
        for sample in samples
            .iter_mut()
            .filter(|it| failed.contains(&&*it.row.strategy))
        {
            sample.outcome = SampleOutcome::Failed {
                reason: "it hangs".into(),
            };
        }
        let rows = Judgement::rows(&fixtures::summary(&cells, &samples));
        rows.into_iter().map(|row| row.reason).collect::<Vec<_>>()
    };
    let why = |reason: &str| Some(reason.to_owned());
    assert_eq!(rows(&[]), [None, None]);
    assert_eq!(rows(&["tokio"]), [why("it hangs"), None]);
    assert_eq!(
        rows(&["sequential", "tokio"]),
        [why("it hangs"), why("sequential: it hangs")]
    );
}

#[test]
fn a_judgement_is_false_if_any_of_its_verdicts_is() {
    use VerdictKind::{Faster, Same, Slower, Unclear};
    let all = [
        judgement("tokio", &[("#2", Same), ("#3", Unclear)]),
        judgement("tokio", &[("#2", Faster), ("#3", Slower)]),
        judgement("smol", &[("#2", Same)]),
    ];
    let rates = false_alarms(&all);
    let counts: Vec<_> = rates
        .iter()
        .map(|it| (it.name.as_str(), it.hits, it.trials, it.verdicts))
        .collect();
    assert_eq!(
        counts,
        [("tokio", 1, 2, 4), ("smol", 0, 1, 1), ("all", 1, 3, 5)]
    );
}

#[test]
fn a_judgement_with_a_row_that_failed_errs_in_nothing_and_counts_for_nothing() {
    let mut all = vec![judgement("tokio", &[("#2", VerdictKind::Same)]); 3];
    all[0].rows[0].kind = None;
    let rates = false_alarms(&all);
    assert!(rates.iter().all(|it| it.trials == 2), "{rates:?}");
    let shares = p_shares(&all);
    let counts: Vec<_> = shares.iter().map(|it| (it.hits, it.trials)).collect();
    assert_eq!(counts, [(0, 2), (2, 2), (2, 2), (0, 2)]);
}

#[test]
fn letters_that_share_nothing_tell_rows_apart() {
    let ties = ["a", "ab", "b"].map(|tie| {
        let mut cell =
            crate::fixtures::summary(&[crate::fixtures::cell("tokio")], &[]).cells[0].clone();
        cell.tie = Some(tie.into());
        cell
    });
    let family = Family::of("get", &ties.iter().collect::<Vec<_>>());
    assert_eq!((family.pairs, family.told_apart), (3, 1));
}

#[test]
fn only_the_slower_entry_counts_and_only_if_it_is_called_slower() {
    use VerdictKind::{Faster, Same, Slower};
    let all = [
        judgement("tokio", &[("#2", Slower), ("+10%", Same)]),
        judgement("tokio", &[("#2", Same), ("+10%", Slower)]),
        judgement("tokio", &[("#2", Same), ("+10%", Faster)]),
    ];
    let [rate, over_all] = &found(&all, Percent::of_hundredths(1000))[..] else {
        panic!("one strategy, one workload, and all")
    };
    assert_eq!((over_all.hits, over_all.trials), (1, 3));
    assert_eq!((rate.hits, rate.trials, rate.verdicts), (1, 3, 3));
    assert_eq!(
        (rate.workload.as_deref(), rate.missed_below),
        (Some("get"), Some(0.02))
    );
}
