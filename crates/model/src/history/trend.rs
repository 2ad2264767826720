//! The entries of one row on one machine, and where they changed.

use serde::Serialize;

use crate::history::changes::steps;
use crate::history::entry::{Blessing, Entry, Line};

/// One row on one machine, in order of its entries.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Trend {
    /// The machine.
    pub machine: String,
    /// The workload.
    pub workload: String,
    /// The row.
    pub strategy: String,
    /// The row that ratios are taken against.
    pub reference: String,
    /// Ratios, the oldest first.
    pub ratios: Vec<f64>,
    /// Commits of the same entries.
    pub commits: Vec<String>,
    /// Where the ratio changed for good.
    pub shifts: Vec<Shift>,
}

/// A change for good.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Shift {
    /// The first commit with the new level.
    pub commit: String,
    /// When that was measured.
    pub date: String,
    /// Median ratio before.
    pub before: f64,
    /// Median ratio from there on.
    pub after: f64,
    /// The share of permutations in which the best split is at least as good.
    pub p: f64,
    /// Why it was accepted, if it was.
    pub accepted: Option<String>,
}

/// All rows, each machine by itself: entries of two machines are never mixed.
pub fn trends(lines: &[Line]) -> Vec<Trend> {
    let mut groups: Vec<Vec<&Entry>> = Vec::new();
    let mut blessings: Vec<&Blessing> = Vec::new();
    for line in lines {
        match line {
            Line::Blessing(blessing) => blessings.push(blessing),
            Line::Row(entry) => match groups.iter_mut().find(|group| same(group[0], entry)) {
                Some(group) => group.push(entry),
                None => groups.push(vec![entry]),
            },
        }
    }
    groups
        .iter()
        .map(|group| trend(group, &blessings))
        .collect()
}

fn same(one: &Entry, other: &Entry) -> bool {
    let of = |it: &Entry| {
        let parts = (&it.machine, &it.workload, &it.strategy, &it.reference);
        (
            parts.0.clone(),
            parts.1.clone(),
            parts.2.clone(),
            parts.3.clone(),
        )
    };
    of(one) == of(other)
}

fn trend(group: &[&Entry], blessings: &[&Blessing]) -> Trend {
    let first = group[0];
    let strategy = first.strategy.to_string();
    let logs: Vec<f64> = group.iter().map(|entry| entry.ratio.ln()).collect();
    let shift = |step: &crate::history::changes::Step| {
        let at = group[step.at];
        let covers = |it: &&&Blessing| it.covers(&at.workload, &strategy, &at.commit);
        Shift {
            commit: at.commit.clone(),
            date: at.date.clone(),
            before: step.before.exp(),
            after: step.after.exp(),
            p: step.p,
            accepted: blessings.iter().find(covers).map(|it| it.reason.clone()),
        }
    };
    Trend {
        machine: first.machine.clone(),
        workload: first.workload.clone(),
        reference: first.reference.to_string(),
        ratios: group.iter().map(|entry| entry.ratio).collect(),
        commits: group.iter().map(|entry| entry.commit.clone()).collect(),
        shifts: steps(&logs).iter().map(shift).collect(),
        strategy,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures;
    use crate::history::NEWEST;

    fn entry(machine: &str, number: usize, ratio: f64) -> Line {
        Line::Row(Entry {
            version: NEWEST,
            commit: format!("c{number:03}"),
            date: format!("2026-01-{number:02}"),
            machine: machine.to_owned(),
            workload: "get".to_owned(),
            strategy: fixtures::row("smol"),
            reference: fixtures::row("tokio"),
            pairs: 20,
            ratio,
            low: None,
            high: None,
            floor_ratio: None,
            noise: None,
            wall_ns: None,
        })
    }

    #[test]
    fn a_change_names_its_commit_and_machines_are_never_mixed() {
        let level = |number: usize| if number < 12 { 1.0 } else { 1.2 };
        let wiggle = |number: usize| 1.0 + 0.002 * (number % 3) as f64;
        let mut lines: Vec<Line> = (0..24)
            .map(|it| entry("a", it, level(it) * wiggle(it)))
            .collect();
        lines.extend((0..12).map(|it| entry("b", it, 2.0 * wiggle(it))));
        let blessing = Blessing {
            version: NEWEST,
            commit: "c012".to_owned(),
            date: "2026-02-01".to_owned(),
            workload: None,
            strategy: Some("smol".to_owned()),
            reason: "it checks more".to_owned(),
        };
        let found = trends(&lines);
        assert_eq!(found.len(), 2);
        let [shift] = &found[0].shifts[..] else {
            panic!("{found:?}")
        };
        assert_eq!((shift.commit.as_str(), &shift.accepted), ("c012", &None));
        assert!((shift.after / shift.before - 1.2).abs() < 0.01);
        assert!(found[1].shifts.is_empty());
        lines.push(Line::Blessing(blessing));
        let accepted = &trends(&lines)[0].shifts[0].accepted;
        assert_eq!(accepted.as_deref(), Some("it checks more"));
    }
}
