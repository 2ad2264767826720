//! Tables of a stored run.

use std::fs;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use harness::{Registry, store};
use model::{Load, Summary};
use report::Table;

use crate::exit::Exit;
use crate::names::{known, select};
use crate::output;
use crate::runs::Stored;

/// Print the tables of a stored run, or put them into a document
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// A run folder
    run: PathBuf,
    /// Only these workloads. Repeatable
    #[arg(long = "workload", value_name = "NAME")]
    workloads: Vec<String>,
    /// In Markdown
    #[arg(long)]
    markdown: bool,
    /// Only the tables of makespans
    #[arg(long)]
    makespans: bool,
    /// Put the Markdown into this file: after each line <!-- makespan:table NAME --> that of the workload NAME, after <!--
    /// makespan:table --> that of all chosen ones; what stood there, up to the line <!-- /makespan:table -->, goes
    #[arg(long, value_name = "FILE")]
    splice: Option<PathBuf>,
    /// Show a run that was changed or cut off all the same, computed from the samples that are left; the output says so
    #[arg(long)]
    allow_damaged: bool,
}

pub(crate) fn carry_out(_: &Registry, arguments: &Arguments) -> Result<(), Exit> {
    let run = Stored::read(&arguments.run)?.believed(arguments.allow_damaged)?;
    let chosen = chosen(&run.summary, &arguments.workloads).map_err(Exit::Usage)?;
    let warnings = run.warnings();
    let Some(path) = &arguments.splice else {
        let text = match arguments.markdown {
            true => markdown(&warnings, &tables(arguments, &chosen)),
            false => terminal(&warnings, &tables(arguments, &chosen)),
        };
        output::line(text.trim_end());
        return Ok(());
    };
    let splice = || {
        let document = fs::read_to_string(path)?;
        report::splice(&document, |name| {
            let tables = match name {
                None => tables(arguments, &chosen),
                Some(name) => tables(arguments, &named(&run.summary, name)?),
            };
            Ok(markdown(&warnings, &tables))
        })
    };
    let document = splice()
        .with_context(|| format!("cannot put the tables into {}", path.display()))
        .map_err(Exit::Usage)?;
    Ok(store::write(path, &document)?)
}

fn tables(arguments: &Arguments, summary: &Summary) -> Vec<Table> {
    let mut tables = report::tables(summary);
    if arguments.makespans {
        tables.retain(Table::has_makespans);
    }
    tables
}

fn markdown(warnings: &[String], tables: &[Table]) -> String {
    let warnings = warnings.iter().map(|it| report::bold(it));
    let parts: Vec<String> = warnings
        .chain(tables.iter().map(report::markdown))
        .collect();
    parts.join("\n")
}

fn terminal(warnings: &[String], tables: &[Table]) -> String {
    let width = output::width();
    let warnings = warnings.iter().map(|it| report::one_line(it) + "\n");
    let tables = tables.iter().map(|table| report::terminal(table, width));
    warnings.chain(tables).collect::<Vec<_>>().join("\n")
}

/// The workloads that are compared, by their names with the swept sizes.
fn labels(summary: &Summary) -> Vec<String> {
    let loads = summary.spec.workloads.iter();
    loads
        .filter(|load| !load.calibration)
        .map(Load::label)
        .collect()
}

/// Those that match any of the patterns; everything where there is none.
fn chosen(summary: &Summary, patterns: &[String]) -> anyhow::Result<Summary> {
    if patterns.is_empty() {
        return Ok(summary.clone());
    }
    let names = labels(summary);
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    Ok(only(summary, &select("workload", patterns, &names)?))
}

/// The workload of that name, with all its sizes where those are swept and none of them is meant alone.
fn named(summary: &Summary, name: &str) -> anyhow::Result<Summary> {
    let labels = labels(summary);
    if labels.iter().any(|label| label == name) {
        return Ok(only(summary, &[name.to_owned()]));
    }
    let loads = summary.spec.workloads.iter();
    let sizes = loads.filter(|load| !load.calibration && load.name == name);
    let sizes: Vec<String> = sizes.map(Load::label).collect();
    if sizes.is_empty() {
        // A name and no pattern: what is spliced must not change with what else was measured.
        let names: Vec<_> = labels.iter().map(String::as_str).collect();
        known("workload", name, &names)?;
    }
    Ok(only(summary, &sizes))
}

/// What is about all workloads belongs to none of them.
fn only(summary: &Summary, labels: &[String]) -> Summary {
    let mut summary = summary.clone();
    (summary.calibration, summary.overall) = (Vec::new(), None);
    let loads = &mut summary.spec.workloads;
    loads.retain(|load| !load.calibration && labels.contains(&load.label()));
    summary
}
