//! Prints the tables of a stored run, or puts them into a document.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use harness::{Registry, store};
use model::{Load, Series, Summary};
use report::{FORMATS, Format, Table, Writes};

use crate::exit::Exit;
use crate::names::{known, select};
use crate::output;
use crate::png::Painter;
use crate::runs::Stored;

/// Print the tables of a stored run, or put them into a document
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// A run folder
    run: PathBuf,
    /// Only these workloads. Repeatable
    #[arg(long = "workload", value_name = "NAME")]
    workloads: Vec<String>,
    /// The format: tables (terminal, markdown), or the whole run as its files have it (json, csv, document, html, samples, hyperfine, bmf, benchmark-action)
    #[arg(long, value_name = "NAME", default_value = "terminal", value_parser = format())]
    format: Format,
    /// Make the page with this template instead. Its language is that of Jinja
    #[arg(long, value_name = "FILE", conflicts_with_all = ["splice", "markdown", "makespans"])]
    template: Option<PathBuf>,
    /// The same as --format markdown
    #[arg(long, conflicts_with = "format")]
    markdown: bool,
    /// Only the tables of makespans
    #[arg(long)]
    makespans: bool,
    /// Put tables into this Markdown file, between the lines <!-- makespan:table NAME --> and <!-- /makespan:table -->. Without NAME all
    /// chosen workloads stand there
    #[arg(long, value_name = "FILE", conflicts_with = "format")]
    splice: Option<PathBuf>,
    /// Write the pictures as PNG, beside plots/*.svg and twice as large. Only in builds with the feature png
    #[arg(long, conflicts_with_all = ["format", "template", "markdown", "makespans", "splice"])]
    png: bool,
    /// Show also a run that was changed or cut off, from the samples that are left. The output says so
    #[arg(long)]
    allow_damaged: bool,
}

/// The name of a format in the list of all.
fn format() -> impl TypedValueParser<Value = Format> {
    let named = |name: String| FORMATS.into_iter().find(|format| format.name == name);
    PossibleValuesParser::new(FORMATS.map(|format| format.name))
        .try_map(move |name| named(name).ok_or("no such format"))
}

pub(crate) fn carry_out(_: &Registry, arguments: &Arguments) -> Result<(), Exit> {
    let painter = arguments.png.then(Painter::ready).transpose();
    let painter = painter.map_err(Exit::Usage)?;
    let run = Stored::read(&arguments.run)?.believed(arguments.allow_damaged)?;
    let chosen = chosen(&run.summary, &arguments.workloads).map_err(Exit::Usage)?;
    let warnings = run.warnings();
    if let Some(painter) = painter {
        warnings.iter().for_each(output::complain);
        let plots = report::plots(&chosen, &run.recorded);
        let files = painter.save(&arguments.run, &plots)?;
        files.iter().for_each(|file| output::line(file.display()));
        return Ok(());
    }
    if let Some(path) = &arguments.splice {
        return splice(arguments, path, &run.summary, &chosen, &warnings);
    }
    if let Some(template) = &arguments.template {
        warnings.iter().for_each(output::complain);
        output::line(
            page(template, &run, &chosen)
                .map_err(Exit::Usage)?
                .trim_end(),
        );
        return Ok(());
    }
    let text = match (arguments.markdown, arguments.format.writes) {
        (true, _) => markdown(&warnings, &tables(arguments, &chosen)),
        (_, Writes::Tables { table, warning }) => {
            let (width, tables) = (output::width(), tables(arguments, &chosen));
            let tables = tables.iter().map(|it| table(it, width));
            let warnings = warnings.iter().map(|it| warning(it));
            let mut text = warnings.chain(tables).collect::<Vec<_>>().join("\n");
            // As `run` prints them.
            if arguments.format.name == "terminal" && !arguments.makespans {
                text += &answers(&chosen);
            }
            text
        }
        (_, Writes::Run(_) | Writes::Samples(_)) if arguments.makespans => {
            return Err(Exit::Usage(anyhow!(
                "--format {} writes the whole run, and --makespans chooses among its tables: only one of them is allowed",
                arguments.format.name
            )));
        }
        (_, Writes::Samples(write)) => {
            warnings.iter().for_each(output::complain);
            write(&chosen, &run.recorded)?
        }
        (_, Writes::Run(write)) => {
            warnings.iter().for_each(output::complain);
            write(&chosen)?
        }
    };
    output::line(text.trim_end());
    Ok(())
}

/// What each workload says, in words.
fn answers(summary: &Summary) -> String {
    let answers = report::answers(summary).into_iter();
    answers
        .map(|it| format!("\n{}", report::wrap("", &it)))
        .collect()
}

/// The page, made by a template of one's own.
fn page(template: &Path, run: &Stored, chosen: &Summary) -> anyhow::Result<String> {
    let text = fs::read_to_string(template)
        .with_context(|| format!("cannot read {}", template.display()))?;
    report::page(chosen, &run.recorded, Some(&text))
}

/// Puts the tables into a document, in Markdown.
fn splice(
    arguments: &Arguments,
    path: &Path,
    all: &Summary,
    chosen: &Summary,
    warnings: &[String],
) -> Result<(), Exit> {
    let splice = || {
        let document = fs::read_to_string(path)?;
        report::splice(&document, |name| {
            let tables = match name {
                None => tables(arguments, chosen),
                Some(name) => tables(arguments, &named(all, name)?),
            };
            Ok(markdown(warnings, &tables))
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
        tables.retain(|table| table.makespans);
    }
    tables
}

fn markdown(warnings: &[String], tables: &[Table]) -> String {
    let warnings = warnings.iter().map(|it| report::bold(it));
    let tables = tables.iter().map(report::markdown);
    warnings.chain(tables).collect::<Vec<_>>().join("\n")
}

/// The labels of the workloads that are compared: their names with the swept sizes.
fn labels(summary: &Summary) -> Vec<String> {
    let loads = summary.spec.workloads.iter();
    loads
        .filter(|load| !load.calibration)
        .map(Load::label)
        .collect()
}

/// The part of the run that matches any of the patterns. Without a pattern, it is the whole run.
fn chosen(summary: &Summary, patterns: &[String]) -> anyhow::Result<Summary> {
    if patterns.is_empty() {
        return Ok(summary.clone());
    }
    let names = labels(summary);
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    Ok(only(summary, &select("workload", patterns, &names)?))
}

/// The part of the run that a mark in a document names: one label, or all sizes of a workload.
fn named(summary: &Summary, name: &str) -> anyhow::Result<Summary> {
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
