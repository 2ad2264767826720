//! What somebody published: tables of numbers, with the machine and the versions that they are from.

use serde::{Deserialize, Serialize};

/// What somebody published, as its file has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Published {
    /// Its name here.
    pub name: String,
    /// What it asks.
    pub about: String,
    /// Who published it.
    pub by: String,
    /// Where, if that is known.
    pub url: Option<String>,
    /// When: a year, or a year and a month.
    pub date: String,
    /// On which machine, as far as it says so.
    pub machine: String,
    /// With which versions, as far as it says so.
    pub versions: String,
    /// The scenario that does the same here; none where there is no such work.
    pub scenario: Option<String>,
    /// How the run here differs, where that may matter.
    pub differs: Vec<String>,
    /// Its tables.
    #[serde(rename = "table")]
    pub tables: Vec<PublishedTable>,
}

/// One of its tables.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublishedTable {
    /// What it shows.
    pub title: String,
    /// Which number.
    pub quantity: Quantity,
    /// The unit of the published numbers, such as `MB`.
    pub unit: String,
    /// The line that the others are compared with.
    pub against: String,
    /// Its lines.
    #[serde(rename = "line")]
    pub lines: Vec<PublishedLine>,
}

/// A number of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Quantity {
    /// The time until all units are done, in nanoseconds.
    Makespan,
    /// The highest resident memory of the process, in bytes.
    Memory,
    /// The processor time of the client, in nanoseconds.
    Cpu,
}

/// One of its lines.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublishedLine {
    /// What was measured.
    pub what: String,
    /// The published number, in the unit of the table.
    pub theirs: f64,
    /// What the same process had before the work, in the same unit; it is taken off.
    #[serde(default)]
    pub before: f64,
    /// The row here that does the same.
    pub row: Option<String>,
    /// The workload here, with its swept sizes.
    pub workload: Option<String>,
    /// The workload here whose number is what that row had before the work; it is taken off.
    pub before_workload: Option<String>,
    /// Why there is no such row here, in place of both.
    pub absent: Option<String>,
}

impl PublishedLine {
    /// The published number without what was there before.
    pub(crate) fn grown(&self) -> f64 {
        self.theirs - self.before
    }
}

impl Published {
    /// Why the file is not one; nothing if it is. Each fault names its table and its line.
    pub fn faults(&self) -> Vec<String> {
        let faults = |table: &PublishedTable| {
            let title = &table.title;
            let mut faults = Vec::new();
            if !table.lines.iter().any(|it| it.what == table.against) {
                let all: Vec<&str> = table.lines.iter().map(|it| it.what.as_str()).collect();
                let all = all.join("`, `");
                faults.push(format!(
                    "table `{title}`: against = `{}` is no line; allowed are `{all}`",
                    table.against
                ));
            }
            for line in &table.lines {
                let what = &line.what;
                if !(line.grown() > 0.0 && line.grown().is_finite() && line.before >= 0.0) {
                    faults.push(format!(
                        "table `{title}`: line `{what}`: theirs = {} and before = {}: allowed is more than 0 in theirs, and less in before",
                        line.theirs, line.before
                    ));
                }
                let here = line.row.is_some() && line.workload.is_some();
                let nothing = line.row.is_none() && line.workload.is_none();
                if !(here && line.absent.is_none() || nothing && line.absent.is_some()) {
                    faults.push(format!(
                        "table `{title}`: line `{what}`: allowed are row and workload, or absent alone"
                    ));
                }
            }
            faults
        };
        self.tables.iter().flat_map(faults).collect()
    }
}
