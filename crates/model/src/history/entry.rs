//! The lines of a history.

use serde::{Deserialize, Serialize};

use crate::{Host, Row, Summary};

/// The newest version of a line that is understood here.
pub const NEWEST: u32 = 1;

/// A line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "kebab-case")]
pub enum Line {
    /// A row of a run.
    Row(Entry),
    /// A change that somebody has accepted.
    Blessing(Blessing),
}

/// One row of one run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Version of the line.
    pub version: u32,
    /// The commit that was measured.
    pub commit: String,
    /// When, in UTC, RFC 3339.
    pub date: String,
    /// What the machine is: only entries of the same one are put side by side.
    pub machine: String,
    /// The workload, with swept sizes.
    pub workload: String,
    /// The row.
    pub strategy: Row,
    /// The row that ratios are taken against.
    pub reference: Row,
    /// Rounds that the ratio rests on.
    pub pairs: usize,
    /// Makespan over that of the reference.
    pub ratio: f64,
    /// Lower end of its 95 % interval.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// Median makespan over the floor.
    pub floor_ratio: Option<f64>,
    /// How far two entries of one row were apart in this run.
    pub noise: Option<f64>,
    /// Median makespan: for information, because it holds for that machine on that day.
    pub wall_ns: Option<u64>,
}

/// A change that is accepted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Blessing {
    /// Version of the line.
    pub version: u32,
    /// The commit that made it.
    pub commit: String,
    /// When it was accepted, in UTC, RFC 3339.
    pub date: String,
    /// The workload; of all where this is not there.
    pub workload: Option<String>,
    /// The strategy; all of them where this is not there.
    pub strategy: Option<String>,
    /// Why.
    pub reason: String,
}

impl Entry {
    /// Whether both are the same row of the same run.
    pub fn is_of_run(&self, other: &Entry) -> bool {
        (&self.commit, &self.date, &self.machine) == (&other.commit, &other.date, &other.machine)
            && (&self.workload, &self.strategy) == (&other.workload, &other.strategy)
    }
}

impl Line {
    /// The version of the line.
    pub fn version(&self) -> u32 {
        match self {
            Line::Row(entry) => entry.version,
            Line::Blessing(blessing) => blessing.version,
        }
    }
}

impl Blessing {
    /// Whether it accepts a change of that row at that commit. Either commit may be cut short.
    pub fn covers(&self, workload: &str, strategy: &str, commit: &str) -> bool {
        let same = |asked: &Option<String>, own: &str| asked.as_deref().is_none_or(|it| it == own);
        let commits = commit.starts_with(&self.commit) || self.commit.starts_with(commit);
        commits && same(&self.workload, workload) && same(&self.strategy, strategy)
    }
}

/// What a machine is, without its name: its processor, how many of them, its memory in GiB and its kernel's version without the patch.
pub(crate) fn fingerprint(host: &Host) -> String {
    let computer = &host.computer;
    let kernel = computer.kernel.as_deref().unwrap_or("unknown kernel");
    let version: Vec<&str> = kernel.split('.').take(2).collect();
    let memory = computer.memory_bytes.unwrap_or_default() as f64 / (1u64 << 30) as f64;
    format!(
        "{} x {}, {:.0} GiB, {} {}",
        computer.processors,
        computer.cpu.as_deref().unwrap_or("unknown processor"),
        memory,
        computer.system,
        version.join(".")
    )
}

/// The entries of a run: one for each row that has a ratio.
pub fn entries(summary: &Summary) -> Vec<Entry> {
    let noise = |workload: &str| {
        let found = summary
            .workloads
            .iter()
            .find(|it| it.workload == workload)?;
        found.noise.as_ref()?.floor
    };
    let entry = |cell: &crate::CellSummary| {
        let ratio = cell.ratio.as_ref()?;
        if cell.row == summary.spec.reference || cell.row.twin_of().is_some() {
            return None;
        }
        Some(Entry {
            version: NEWEST,
            commit: summary
                .host
                .build
                .commit
                .clone()
                .unwrap_or("unknown".to_owned()),
            date: summary.host.started.clone(),
            machine: fingerprint(&summary.host),
            workload: cell.workload.clone(),
            strategy: cell.row.clone(),
            reference: ratio.reference.clone(),
            pairs: ratio.pairs,
            ratio: ratio.estimate,
            low: ratio.low,
            high: ratio.high,
            floor_ratio: cell.floor_ratio,
            noise: noise(&cell.workload),
            wall_ns: cell.wall_ns.as_ref().map(|it| it.median),
        })
    };
    summary.cells.iter().filter_map(entry).collect()
}
