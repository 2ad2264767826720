//! The tables of a run, in the order in which people read them.

use model::{Load, Series, Summary};

use crate::table::Table;
use crate::tables::calibration::calibration;
use crate::tables::overall::overall;
use crate::tables::{sweep, workload};

/// What a person wants to see first: a table per workload, or a few for all sizes of a sweep.
pub fn tables(summary: &Summary) -> Vec<Table> {
    let series = |load: &Load| {
        let label = load.label();
        let has = |series: &&Series| series.points.iter().any(|point| point.label == label);
        summary.series.iter().find(has)
    };
    let mut tables = calibration(summary);
    let mut shown: Vec<&str> = Vec::new();
    let loads = summary.spec.workloads.iter();
    for load in loads.filter(|load| !load.calibration) {
        match series(load) {
            None => tables.extend(workload::tables(summary, load)),
            Some(series) if shown.contains(&series.points[0].label.as_str()) => {}
            Some(series) => {
                shown.push(&series.points[0].label);
                tables.extend(sweep::tables(summary, series));
            }
        }
    }
    tables.extend(summary.overall.as_ref().map(overall));
    tables
}

/// Every table of a run: those of [`tables`], and those of each size of a sweep.
pub fn all_tables(summary: &Summary) -> Vec<Table> {
    let swept = |load: &&Load| load.swept.is_some() && !load.calibration;
    let loads = summary.spec.workloads.iter().filter(swept);
    let each = loads.flat_map(|load| workload::tables(summary, load));
    let mut all = tables(summary);
    let seen: Vec<String> = all.iter().map(|table| table.title.clone()).collect();
    all.extend(each.filter(|table| !seen.contains(&table.title)));
    all
}
