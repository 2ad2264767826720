//! Judgements of cells of which the truth is known: how often they err, and how often they find what is there.

use serde::{Deserialize, Serialize};

use crate::statistics::{clopper_pearson, median};
use crate::{Arm, CellSummary, Percent, Ratio, Row, Summary, VerdictKind};

/// One whole judgement. A line of `judgements.jsonl`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    /// What was tried: judgements of different trials are never counted together.
    pub trial: String,
    /// Its number, from 0.
    pub number: u32,
    /// What its delays, bodies and orders were drawn from.
    pub seed: u64,
    /// `git describe` of the folder it was started in.
    pub commit: Option<String>,
    /// The strategy that all of its cells are.
    pub strategy: String,
    /// What was said of each cell but the reference.
    pub rows: Vec<JudgedRow>,
    /// What was said of all rows of a workload together.
    #[serde(default)]
    pub families: Vec<Family>,
    /// How long it took.
    pub elapsed_ns: u64,
    /// Part of the processors' time that other processes used, as the median over all rounds of the busiest workload.
    pub others_share: Option<f64>,
}

/// What was said of one cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JudgedRow {
    /// The workload.
    pub workload: String,
    /// The row.
    pub row: Row,
    /// Its makespan over the reference's.
    pub ratio: Option<Ratio>,
    /// The verdict; none where the cell has no result.
    pub kind: Option<VerdictKind>,
    /// Its adjusted p.
    pub p: Option<f64>,
    /// The difference below which it would be missed in at least half of such judgements.
    pub missed_below: Option<f64>,
    /// Why the cell has no result, if it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The rows of one workload, as a whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Family {
    /// The workload.
    pub workload: String,
    /// The smallest adjusted p of its rows; none without a verdict.
    pub p: Option<f64>,
    /// Pairs of its rows.
    pub pairs: u32,
    /// Those of them that share no letter: they are called different.
    pub told_apart: u32,
}

impl Family {
    fn of(workload: &str, cells: &[&CellSummary]) -> Family {
        let verdicts = cells.iter().filter_map(|cell| cell.verdict.as_ref());
        let ties: Vec<&str> = cells
            .iter()
            .filter_map(|cell| cell.tie.as_deref())
            .collect();
        let pairs = (0..ties.len()).flat_map(|a| (0..a).map(move |b| (a, b)));
        let apart =
            |(a, b): &(usize, usize)| !ties[*a].chars().any(|letter| ties[*b].contains(letter));
        Family {
            workload: workload.to_owned(),
            p: verdicts.map(|verdict| verdict.p).reduce(f64::min),
            pairs: pairs.clone().count() as u32,
            told_apart: pairs.filter(apart).count() as u32,
        }
    }

    /// All workloads of a run.
    pub fn all(summary: &Summary) -> Vec<Family> {
        let of = |workload: &crate::WorkloadSummary| {
            let here = summary
                .cells
                .iter()
                .filter(|it| it.workload == workload.workload);
            Family::of(&workload.workload, &here.collect::<Vec<_>>())
        };
        summary.workloads.iter().map(of).collect()
    }
}

impl JudgedRow {
    fn differs(&self) -> bool {
        matches!(self.kind, Some(VerdictKind::Faster | VerdictKind::Slower))
    }
}

impl Judgement {
    /// Whether every cell has a verdict and every workload a noise floor. What lacks them can err in nothing, so it does not count.
    pub fn is_complete(&self) -> bool {
        let judged = |row: &JudgedRow| {
            row.kind.is_some() && row.ratio.as_ref().is_some_and(|ratio| ratio.low.is_some())
        };
        !self.rows.is_empty() && self.rows.iter().all(judged)
    }

    /// What a summary says of all cells but the reference.
    pub fn rows(summary: &Summary) -> Vec<JudgedRow> {
        let others = summary
            .cells
            .iter()
            .filter(|cell| cell.row != summary.spec.reference);
        // Without the reference no row has a ratio, so what became of it is told with each.
        let reference = |workload: &str| {
            let row = &summary.spec.reference;
            let mut cells = summary.cells.iter();
            let found = cells.find(|it| it.workload == workload && it.row == *row)?;
            Some(format!("{row}: {}", found.reason.as_ref()?))
        };
        let row = |cell: &crate::CellSummary| JudgedRow {
            workload: cell.workload.clone(),
            row: cell.row.clone(),
            ratio: cell.ratio.clone(),
            kind: cell.verdict.as_ref().map(|verdict| verdict.kind),
            p: cell.verdict.as_ref().map(|verdict| verdict.p),
            missed_below: cell
                .verdict
                .as_ref()
                .and_then(|verdict| verdict.missed_below),
            reason: cell.reason.clone().or_else(|| reference(&cell.workload)),
        };
        others.map(row).collect()
    }
}

/// How often something was so.
#[derive(Clone, Debug, PartialEq)]
pub struct Rate {
    /// Of what.
    pub name: String,
    /// Where, if not everywhere.
    pub workload: Option<String>,
    /// How often it was.
    pub hits: u64,
    /// Out of so many.
    pub trials: u64,
    /// 95 % interval of the rate (Clopper and Pearson, Biometrika 1934).
    pub interval: (f64, f64),
    /// Verdicts in these trials.
    pub verdicts: u64,
    /// Those of them that say *the same*.
    pub same: u64,
    /// Median of the ratios seen.
    pub ratio: Option<f64>,
    /// Median of the differences below which rows would be missed in at least half of such judgements.
    pub missed_below: Option<f64>,
}

impl Rate {
    fn of(name: &str, workload: Option<&str>, trials: &[(bool, Vec<&JudgedRow>)]) -> Rate {
        let hits = trials.iter().filter(|(hit, _)| *hit).count() as u64;
        let rows = || trials.iter().flat_map(|(_, rows)| rows.iter());
        let middle = |value: &dyn Fn(&JudgedRow) -> Option<f64>| {
            median(&rows().filter_map(|row| value(row)).collect::<Vec<_>>())
        };
        Rate {
            name: name.to_owned(),
            workload: workload.map(str::to_owned),
            hits,
            trials: trials.len() as u64,
            interval: clopper_pearson(hits, trials.len() as u64, 0.95),
            verdicts: rows().filter(|row| row.kind.is_some()).count() as u64,
            same: rows()
                .filter(|row| row.kind == Some(VerdictKind::Same))
                .count() as u64,
            ratio: middle(&|row| Some(row.ratio.as_ref()?.estimate)),
            missed_below: middle(&|row| row.missed_below),
        }
    }
}

/// In how many judgements of identical cells at least one was called faster or slower, for each strategy and for all. Judgements
/// that are not complete are left out: what has no result can err in nothing.
pub fn false_alarms(judgements: &[Judgement]) -> Vec<Rate> {
    let complete: Vec<&Judgement> = judgements.iter().filter(|it| it.is_complete()).collect();
    let of = |name: &str, only: Option<&str>| {
        let here = complete
            .iter()
            .filter(|it| only.is_none_or(|only| it.strategy == only));
        let trials = here.map(|it| {
            (
                it.rows.iter().any(JudgedRow::differs),
                it.rows.iter().collect(),
            )
        });
        Rate::of(name, None, &trials.collect::<Vec<_>>())
    };
    let each = distinct(complete.iter().map(|it| it.strategy.as_str()));
    let each = each.into_iter().map(|name| of(name, Some(name)));
    each.chain([of("all", None)]).collect()
}

/// How often something happened that has a nominal rate.
#[derive(Clone, Debug, PartialEq)]
pub struct Share {
    /// What.
    pub name: String,
    /// How often at most it should, from 0 to 1; none where nothing is stated.
    pub nominal: Option<f64>,
    /// How often it did.
    pub hits: u64,
    /// Out of so many.
    pub trials: u64,
    /// 95 % interval of the rate (Clopper and Pearson, Biometrika 1934).
    pub interval: (f64, f64),
}

impl Share {
    pub(crate) fn new(
        name: impl Into<String>,
        nominal: Option<f64>,
        hits: u64,
        trials: u64,
    ) -> Share {
        Share {
            name: name.into(),
            nominal,
            hits,
            trials,
            interval: clopper_pearson(hits, trials, 0.95),
        }
    }
}

/// How often the p-values of identical rows are small, and how often letters tell such rows apart. Verdicts alone prove too
/// little: on a quiet machine nearly every row is *the same* before anything else is asked.
pub fn p_shares(judgements: &[Judgement]) -> Vec<Share> {
    let complete = judgements.iter().filter(|it| it.is_complete());
    let families: Vec<&Family> = complete.flat_map(|it| &it.families).collect();
    let all = families.len() as u64;
    let count = |is: &dyn Fn(&Family) -> bool| families.iter().filter(|it| is(it)).count() as u64;
    let share = |nominal: f64| {
        let hits = count(&|it| it.p.is_some_and(|p| p <= nominal));
        Share::new(
            format!("smallest p at most {nominal}"),
            Some(nominal),
            hits,
            all,
        )
    };
    let mut shares = vec![share(0.01), share(0.05), share(0.1)];
    let apart = count(&|it| it.told_apart > 0);
    shares.push(Share::new(
        "letters tell two rows apart",
        Some(crate::ALPHA),
        apart,
        all,
    ));
    shares
}

/// In how many judgements the row whose waits last longer by that share was called slower, for each strategy and workload, and for all.
pub fn found(judgements: &[Judgement], longer: Percent) -> Vec<Rate> {
    let complete = judgements.iter().filter(|it| it.is_complete());
    let entries = complete.flat_map(|judgement| {
        let entries = judgement
            .rows
            .iter()
            .filter(|row| row.row.arm == Arm::Delayed(longer));
        entries.map(|row| (judgement.strategy.as_str(), row))
    });
    let entries: Vec<(&str, &JudgedRow)> = entries.collect();
    let names = distinct(
        entries
            .iter()
            .map(|(strategy, row)| (*strategy, row.workload.as_str())),
    );
    let rate = |name: &str, only: Option<(&str, &str)>| {
        let here = entries.iter().filter(|(name, row)| {
            only.is_none_or(|(strategy, workload)| *name == strategy && row.workload == workload)
        });
        let trials = here.map(|(_, row)| (row.kind == Some(VerdictKind::Slower), vec![*row]));
        let workload = only.map(|(_, workload)| workload);
        Rate::of(name, workload, &trials.collect::<Vec<_>>())
    };
    let each = names
        .iter()
        .map(|(strategy, workload)| rate(strategy, Some((strategy, workload))));
    each.chain([rate("all", None)]).collect()
}

/// Each value once, in the order of its first appearance.
fn distinct<T: PartialEq>(values: impl Iterator<Item = T>) -> Vec<T> {
    let mut distinct = Vec::new();
    for value in values {
        if !distinct.contains(&value) {
            distinct.push(value);
        }
    }
    distinct
}

#[cfg(test)]
mod tests {
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
}
