//! Prints the tables of a stored run, or puts them into a document.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use harness::{Registry, store};
use model::Summary;
use report::{FORMATS, Format, Writes};

use crate::exit::Exit;
use crate::flags::SortArguments;
use crate::output;
use crate::png::Painter;
use crate::runs::chosen::chosen;
use crate::runs::splicing::{self, Splicing, markdown, tables};
use crate::runs::stored::Stored;

/// Print the tables of a stored run, or put them into a document
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// A run folder
    run: PathBuf,
    /// Only these workloads. Repeatable
    #[arg(long = "workload", value_name = "NAME")]
    workloads: Vec<String>,
    /// The format: tables (terminal, markdown), or the whole run as its files have it (json, csv, document, html, samples, hyperfine, vega-lite, bmf, benchmark-action)
    #[arg(long, value_name = "NAME", default_value = "terminal", value_parser = format())]
    format: Format,
    /// Make the page with this template instead. Its language is that of Jinja
    #[arg(long, value_name = "FILE", conflicts_with_all = ["splice", "markdown", "makespans"])]
    template: Option<PathBuf>,
    /// The same as --format markdown
    #[arg(long, conflicts_with = "format")]
    markdown: bool,
    #[command(flatten)]
    sort: SortArguments,
    /// Only the tables of makespans
    #[arg(long)]
    makespans: bool,
    /// Put tables into this Markdown file, between the lines <!-- makespan:table NAME --> and <!-- /makespan:table -->. Without NAME all
    /// chosen workloads stand there. In place of table, picture and answer are allowed
    #[arg(long, value_name = "FILE", conflicts_with = "format")]
    splice: Option<PathBuf>,
    /// Write the pictures as PNG, beside plots/*.svg and twice as large. Only in builds with the feature png
    #[arg(long, conflicts_with_all = ["format", "template", "markdown", "makespans", "splice"])]
    png: bool,
    /// Write the rows as criterion keeps them into this folder, for critcmp and others. Usually target/criterion
    #[arg(long, value_name = "DIR", conflicts_with_all = ["format", "template", "markdown", "makespans", "splice", "png"])]
    criterion: Option<PathBuf>,
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
        let splicing = Splicing {
            run: &run,
            chosen: &chosen,
            order: arguments.sort.order,
            makespans: arguments.makespans,
        };
        let fill = |kind, name: Option<&str>| splicing.fill(kind, name, path);
        splicing::rewrite(path, false, fill).map_err(Exit::Usage)?;
        return Ok(());
    }
    if let Some(folder) = &arguments.criterion {
        warnings.iter().for_each(output::complain);
        return Ok(criterion(folder, &chosen, &run)?);
    }
    let tables = || tables(&chosen, arguments.sort.order, arguments.makespans);
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
        (true, _) => markdown(&warnings, &tables()),
        (_, Writes::Tables { table, warning }) => {
            let (screen, tables) = (output::screen(), tables());
            let tables = tables.iter().map(|it| table(it, screen));
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

/// Writes the files of criterion, and names them by the folder that they are in.
fn criterion(folder: &Path, chosen: &Summary, run: &Stored) -> anyhow::Result<()> {
    let made = report::criterion(chosen, &run.recorded)?;
    for (name, text) in &made.files {
        store::write(&folder.join(name), text)?;
    }
    for row in &made.left_out {
        output::complain(format_args!("{row} has no samples and is left out"));
    }
    output::line(folder.display());
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
