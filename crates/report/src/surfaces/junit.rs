//! JUnit XML: a suite for each workload, a case for each row. GitLab, Jenkins and others show it.

use std::time::Duration;

use anyhow::{Context, Result};
use model::gate::{GateKind, GateRow};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::formats::escape::terminal;
use crate::surfaces::sentence::{is_red, of_row};
use crate::surfaces::told::Told;

/// The whole gate.
pub(crate) fn junit(told: &Told) -> Result<String> {
    let mut report = Report::new("makespan gate");
    let rows = &told.gate.rows;
    let mut workloads: Vec<&str> = Vec::new();
    for row in rows {
        if !workloads.contains(&row.workload.as_str()) {
            workloads.push(&row.workload);
        }
    }
    for workload in workloads {
        let mut suite = TestSuite::new(terminal(workload));
        let own = rows.iter().filter(|row| row.workload == workload);
        suite.add_test_cases(own.map(|row| case(told, row)));
        report.add_test_suite(suite);
    }
    report.to_string().context("cannot write JUnit XML")
}

fn case(told: &Told, row: &GateRow) -> TestCase {
    let said = terminal(&of_row(row));
    let status = if is_red(row) {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        let repeat = terminal(&(told.repeat)(row));
        status.set_type(row.kind.name()).set_message(said.clone());
        status.set_description(format!("{said}\nto repeat it alone: {repeat}"));
        status
    } else if matches!(row.kind, GateKind::Clean | GateKind::Improved) {
        TestCaseStatus::success()
    } else {
        let mut status = TestCaseStatus::skipped();
        status.set_message(said.clone());
        status
    };
    let mut case = TestCase::new(terminal(&row.strategy), status);
    case.set_classname(terminal(&row.workload));
    if let Some(look) = row.looks.last() {
        case.set_time(Duration::from_nanos(look.head_ns));
        case.add_property(("ratio", look.ratio.to_string().as_str()));
        case.add_property(("pairs", look.pairs.to_string().as_str()));
        if let Some((low, high)) = look.low.zip(look.high) {
            case.add_property(("ratio_low", low.to_string().as_str()));
            case.add_property(("ratio_high", high.to_string().as_str()));
        }
    }
    case.add_property(("verdict", row.kind.name()));
    case
}
