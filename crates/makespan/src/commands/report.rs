//! Tables of a stored run.

use std::fs;

use anyhow::Context;
use harness::store;

use crate::cli::ReportArguments;
use crate::exit::Exit;
use crate::output;
use crate::selection::select;

pub(crate) fn report(arguments: &ReportArguments) -> Result<(), Exit> {
    let text = text(arguments).map_err(Exit::Usage)?;
    let Some(path) = &arguments.splice else {
        output::line(format_args!("{}", text.trim_end()));
        return Ok(());
    };
    let splice = || {
        let document = fs::read_to_string(path)?;
        report::splice(&document, "table", &text)
    };
    let document = splice()
        .with_context(|| format!("cannot put the tables into {}", path.display()))
        .map_err(Exit::Usage)?;
    Ok(store::write(path, &document)?)
}

fn text(arguments: &ReportArguments) -> anyhow::Result<String> {
    let mut summary = store::read_summary(&arguments.run)?;
    let names: Vec<_> = summary
        .spec
        .workloads
        .iter()
        .map(model::Load::label)
        .collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let chosen = select("workload", &arguments.workloads, &names)?;
    if !arguments.workloads.is_empty() {
        // What is about all workloads belongs to none of them.
        (summary.calibration, summary.overall) = (Vec::new(), None);
    }
    summary
        .spec
        .workloads
        .retain(|load| chosen.contains(&load.label()));
    let markdown = arguments.markdown || arguments.splice.is_some();
    let write = if markdown {
        report::markdown
    } else {
        report::terminal
    };
    let mut tables = report::tables(&summary);
    if arguments.makespans {
        tables.retain(report::Table::has_makespans);
    }
    Ok(tables.iter().map(write).collect::<Vec<_>>().join("\n"))
}
