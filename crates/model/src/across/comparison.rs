//! Two runs side by side.

use anyhow::{Result, ensure};
use serde::Serialize;

use crate::{CellSummary, Host, MARGIN, Outcome, Ratio, Row, SCHEMA_VERSION, Summary, VerdictKind};

/// What two runs say of the workloads that both have. As JSON it is what `makespan compare --json` prints.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// See [`SCHEMA_VERSION`]: that of the runs.
    pub schema_version: u32,
    /// What is wrong with the runs, where they were compared all the same.
    pub troubles: Vec<String>,
    /// The row that ratios of both are taken against.
    pub reference: Row,
    /// Whether both were made on one machine, so that makespans can be compared at all.
    pub same_host: bool,
    /// The machines.
    pub hosts: [String; 2],
    /// The commits.
    pub commits: [Option<String>; 2],
    /// Workloads that both have.
    pub workloads: Vec<Compared>,
    /// What only one of them has, or has otherwise, in plain words.
    pub differences: Vec<String>,
}

/// A workload that both have.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Compared {
    /// Its name, with the swept sizes.
    pub workload: String,
    /// Rows that both have; without the second entries of A/A pairs.
    pub rows: Vec<Change>,
}

/// One row in both runs. Pairs are of the first run and of the second.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// The row.
    #[serde(rename = "strategy")]
    pub row: Row,
    /// Median makespans; null where the row has no result.
    pub wall_ns: [Option<u64>; 2],
    /// Makespan over the reference's, in each run.
    pub ratio: [Option<Ratio>; 2],
    /// Median makespan over the floor, in each run.
    pub floor_ratio: [Option<f64>; 2],
    /// The second ratio over the first: by how much the row changed against its reference. Null where one has no interval.
    pub change: Option<Moved>,
}

/// By how much something moved between two runs that were made one after the other.
///
/// The interval reaches from the lower end of one over the upper end of the other to the opposite: it holds the truth wherever both
/// do, so at 90 % at least, and is wider than pairing would make it. Whether a change between two builds is real is a matter for one run
/// that holds both.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Moved {
    /// The second over the first: below 1 the row needs less time than before.
    pub estimate: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// What the interval says.
    pub kind: VerdictKind,
    /// Whether the row and its reference have the very same samples in both runs, so that nothing moved at all.
    pub identical: bool,
}

impl Moved {
    fn new(before: &Ratio, after: &Ratio, identical: bool) -> Option<Self> {
        let (low, high) = (after.low? / before.high?, after.high? / before.low?);
        if identical {
            return Some(Moved {
                estimate: 1.0,
                low: 1.0,
                high: 1.0,
                kind: VerdictKind::Same,
                identical,
            });
        }
        Some(Moved {
            estimate: after.estimate / before.estimate,
            low,
            high,
            kind: kind(low, high),
            identical,
        })
    }

    /// Whether the estimate lies within what is called the same.
    pub fn is_small(&self) -> bool {
        (1.0 - MARGIN..=1.0 + MARGIN).contains(&self.estimate)
    }
}

/// What an interval says.
fn kind(low: f64, high: f64) -> VerdictKind {
    match (low, high) {
        (low, high) if low > 1.0 - MARGIN && high < 1.0 + MARGIN => VerdictKind::Same,
        (_, high) if high < 1.0 => VerdictKind::Faster,
        (low, _) if low > 1.0 => VerdictKind::Slower,
        _ => VerdictKind::Unclear,
    }
}

impl Comparison {
    /// Compares what both have; with `times` also makespans.
    ///
    /// # Errors
    ///
    /// If they have nothing in common, if their ratios are taken against different rows, or if makespans of two machines are to be
    /// compared.
    pub fn new(before: &Summary, after: &Summary, times: bool) -> Result<Self> {
        let references = [&before.spec.reference, &after.spec.reference];
        ensure!(
            references[0] == references[1],
            "their ratios are taken against different rows, {} and {}: choose one with --reference",
            references[0],
            references[1]
        );
        let hosts = [&before.host, &after.host].map(name);
        let same_host = hosts[0] == hosts[1];
        ensure!(
            same_host || !times,
            "makespans of different machines say nothing about each other: {} and {}; allowed is without --times, by ratios and distances to the floor",
            hosts[0],
            hosts[1]
        );
        let mut differences = Vec::new();
        let mut workloads = Vec::new();
        for load in before
            .spec
            .workloads
            .iter()
            .filter(|load| !load.calibration)
        {
            let label = load.label();
            match after
                .spec
                .workloads
                .iter()
                .find(|other| other.label() == label)
            {
                None => differences.push(format!("{label} is only in the first")),
                Some(other) if other != load => {
                    differences.push(format!(
                        "{label} has other sizes in the second, and is left out"
                    ));
                }
                Some(_) => workloads.push(Compared {
                    rows: changes(before, after, &label, &mut differences),
                    workload: label,
                }),
            }
        }
        let only_second = after.spec.workloads.iter().filter(|load| {
            !load.calibration
                && !before
                    .spec
                    .workloads
                    .iter()
                    .any(|other| other.label() == load.label())
        });
        differences
            .extend(only_second.map(|load| format!("{} is only in the second", load.label())));
        ensure!(
            !workloads.is_empty(),
            "they have no workload of the same sizes in common: {}",
            differences.join("; ")
        );
        differences.extend(settings(before, after));
        Ok(Comparison {
            schema_version: SCHEMA_VERSION,
            troubles: Vec::new(),
            reference: references[0].clone(),
            same_host,
            hosts,
            commits: [
                before.host.build.commit.clone(),
                after.host.build.commit.clone(),
            ],
            workloads,
            differences,
        })
    }

    /// Whether all rows have the very same samples in both runs.
    pub fn is_identical(&self) -> bool {
        let mut moved = self
            .workloads
            .iter()
            .flat_map(|it| &it.rows)
            .filter_map(|row| row.change)
            .peekable();
        moved.peek().is_some() && moved.all(|it| it.identical)
    }
}

/// What two runs must share for their times to mean the same.
fn name(host: &Host) -> String {
    let cpu = host.computer.cpu.as_deref().unwrap_or("unknown processor");
    format!(
        "{} ({cpu}, {} processors)",
        host.computer.name, host.computer.processors
    )
}

/// Settings under which the same workload is another one.
fn settings(before: &Summary, after: &Summary) -> Vec<String> {
    let (a, b) = (&before.spec, &after.spec);
    let settings = [
        ("seed", a.seed.to_string(), b.seed.to_string()),
        (
            "concurrency",
            a.concurrency.to_string(),
            b.concurrency.to_string(),
        ),
        ("workers", a.workers.to_string(), b.workers.to_string()),
        (
            "rustc",
            before.host.build.rustc.clone(),
            after.host.build.rustc.clone(),
        ),
        (
            "profile",
            before.host.build.profile.clone(),
            after.host.build.profile.clone(),
        ),
    ];
    let versions = before
        .host
        .build
        .packages
        .iter()
        .filter_map(|(package, version)| {
            let other = after.host.build.packages.get(package)?;
            Some((package.as_str(), version.clone(), other.clone()))
        });
    let changed = settings
        .into_iter()
        .chain(versions)
        .filter(|(_, a, b)| a != b);
    changed
        .map(|(what, a, b)| format!("{what} is {a} in the first and {b} in the second"))
        .collect()
}

fn changes(
    before: &Summary,
    after: &Summary,
    label: &str,
    differences: &mut Vec<String>,
) -> Vec<Change> {
    fn cell<'a>(summary: &'a Summary, label: &str, row: &Row) -> Option<&'a CellSummary> {
        summary
            .cells
            .iter()
            .find(|cell| cell.workload == label && cell.row == *row)
    }
    let rows = before
        .cells
        .iter()
        .filter(|cell| cell.workload == label && cell.row.twin_of().is_none());
    // A summary of samples has so many numbers, in nanoseconds, that only the same samples give all of them again.
    let identical = |row: &Row| {
        let first = cell(before, label, row);
        first.is_some() && first == cell(after, label, row)
    };
    let reference = identical(&before.spec.reference);
    let mut changes = Vec::new();
    let others = after
        .cells
        .iter()
        .filter(|it| it.workload == label && it.row.twin_of().is_none());
    let unknown = others.filter(|it| cell(before, label, &it.row).is_none());
    differences.extend(unknown.map(|it| format!("{label}/{} is only in the second", it.row)));
    for first in rows {
        let Some(second) = cell(after, label, &first.row) else {
            differences.push(format!("{label}/{} is only in the first", first.row));
            continue;
        };
        let measured = |cell: &CellSummary| cell.outcome == Outcome::Measured;
        let ratio = [first, second].map(|cell| cell.ratio.clone().filter(|_| measured(cell)));
        let change = match &ratio {
            [Some(before), Some(after)] if first.row != before.reference => {
                Moved::new(before, after, reference && first == second)
            }
            _ => None,
        };
        changes.push(Change {
            row: first.row.clone(),
            wall_ns: [first, second]
                .map(|cell| Some(cell.wall_ns.filter(|_| measured(cell))?.median)),
            floor_ratio: [first, second].map(|cell| cell.floor_ratio.filter(|_| measured(cell))),
            ratio,
            change,
        });
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_only_what_its_interval_says() {
        assert_eq!(kind(0.97, 1.04), VerdictKind::Same);
        assert_eq!(kind(0.80, 0.95), VerdictKind::Faster);
        assert_eq!(kind(1.01, 1.30), VerdictKind::Slower);
        assert_eq!(kind(0.90, 1.10), VerdictKind::Unclear);
    }

    #[test]
    fn the_interval_of_a_change_holds_what_both_intervals_hold() {
        let ratio = |estimate: f64| Ratio {
            estimate,
            low: Some(estimate * 0.9),
            high: Some(estimate * 1.1),
            reference: crate::fixtures::row("sequential"),
            pairs: 9,
        };
        let moved = Moved::new(&ratio(0.5), &ratio(0.25), false).unwrap();
        assert_eq!(moved.estimate, 0.5);
        assert!(
            (moved.low - 0.225 / 0.55).abs() < 1e-12 && (moved.high - 0.275 / 0.45).abs() < 1e-12
        );
        let none = Ratio {
            low: None,
            ..ratio(0.5)
        };
        assert_eq!(Moved::new(&none, &ratio(0.5), false), None);
        // Wide as the intervals are, what is identical did not move.
        let moved = Moved::new(&ratio(0.5), &ratio(0.5), true).unwrap();
        assert_eq!((moved.kind, moved.estimate), (VerdictKind::Same, 1.0));
        let apart = Moved::new(&ratio(0.5), &ratio(0.5), false).unwrap();
        assert_eq!(apart.kind, VerdictKind::Unclear);
    }
}
