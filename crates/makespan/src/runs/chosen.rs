//! Parts of a stored run: the workloads that a pattern or a mark names.

use model::{Load, Series, Summary};

use crate::names::{known, select};

/// The labels of the workloads that are compared: their names with the swept sizes.
pub(crate) fn labels(summary: &Summary) -> Vec<String> {
    let loads = summary.spec.workloads.iter();
    loads
        .filter(|load| !load.calibration)
        .map(Load::label)
        .collect()
}

/// The part of the run that matches any of the patterns. Without a pattern, it is the whole run.
pub(crate) fn chosen(summary: &Summary, patterns: &[String]) -> anyhow::Result<Summary> {
    if patterns.is_empty() {
        return Ok(summary.clone());
    }
    let names = labels(summary);
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    Ok(only(summary, &select("workload", patterns, &names)?))
}

/// The part of the run that a mark in a document names: one label, or all sizes of a workload.
pub(crate) fn named(summary: &Summary, name: &str) -> anyhow::Result<Summary> {
    let labels = labels(summary);
    if labels.iter().any(|label| label == name) {
        return Ok(only(summary, &[name.to_owned()]));
    }
    let loads = summary.spec.workloads.iter();
    let sizes = loads.filter(|load| !load.calibration && load.name == name);
    let sizes: Vec<String> = sizes.map(Load::label).collect();
    if sizes.is_empty() {
        // A mark holds a name and no pattern, so that the result does not depend on what else was measured.
        let names: Vec<_> = labels.iter().map(String::as_str).collect();
        known("workload", name, &names)?;
    }
    Ok(only(summary, &sizes))
}

/// The run with these workloads alone. A size of a sweep brings the other sizes, because they share a table.
fn only(summary: &Summary, labels: &[String]) -> Summary {
    let mut summary = summary.clone();
    // These are about all workloads together.
    (summary.calibration, summary.overall) = (Vec::new(), None);
    let loads = &mut summary.spec.workloads;
    loads.retain(|load| !load.calibration && labels.contains(&load.label()));
    let points = |series: &Series| series.points.iter().map(|it| it.label.clone()).collect();
    let swept = |series: &Series| series.points.iter().any(|it| labels.contains(&it.label));
    summary.series.retain(swept);
    let sizes: Vec<Vec<String>> = summary.series.iter().map(points).collect();
    let shown = |label: &String| labels.contains(label) || sizes.concat().contains(label);
    summary.workloads.retain(|it| shown(&it.workload));
    summary.cells.retain(|cell| shown(&cell.workload));
    summary
}
