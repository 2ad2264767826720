//! Puts what others published beside a run of the same work here.

use std::path::PathBuf;

use anyhow::ensure;
use clap::Args;
use harness::Registry;
use model::{Published, Reproduction};

use super::gallery::measure;
use crate::exit::Exit;
use crate::output;
use crate::published::{names, read};
use crate::runs::gallery::Gallery;
use crate::runs::stored::Stored;
use crate::signal::interrupt_on_signal;

/// Put what others published beside a run of the same work here
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Published tables: names, or paths of .toml files. By default all that come with makespan
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// The gallery with the runs. What it lacks is measured, unless --no-run is given
    #[arg(long, value_name = "DIR", default_value = "results/gallery")]
    gallery: PathBuf,
    /// Take this run for all of them
    #[arg(long, value_name = "RUN", conflicts_with = "gallery")]
    from: Option<PathBuf>,
    /// Measure nothing. What the gallery lacks has no numbers
    #[arg(long)]
    no_run: bool,
    /// Print Markdown
    #[arg(long, conflicts_with = "json")]
    markdown: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Measure with a build without optimisation; every row is flagged
    #[arg(long, hide = true)]
    allow_debug: bool,
}

pub(crate) fn carry_out(registry: &Registry, arguments: &Arguments) -> Result<(), Exit> {
    let all = published(arguments).map_err(Exit::Usage)?;
    if arguments.from.is_none() && !arguments.no_run {
        measure_missing(registry, arguments, &all)?;
    }
    let mut reproductions = Vec::new();
    for published in all {
        reproductions.push(reproduced(arguments, &published)?);
    }
    if arguments.json {
        output::line(report::json(&reproductions)?.trim_end());
    } else if arguments.markdown {
        output::line(report::reproductions_document(&reproductions).trim_end());
    } else {
        reproductions.iter().for_each(print);
    }
    Ok(())
}

fn published(arguments: &Arguments) -> anyhow::Result<Vec<Published>> {
    let named = arguments.names.iter().map(String::as_str);
    match arguments.names.is_empty() {
        true => names().map(read).collect(),
        false => named.map(read).collect(),
    }
}

/// Measures the scenarios that the gallery lacks.
fn measure_missing(
    registry: &Registry,
    arguments: &Arguments,
    all: &[Published],
) -> Result<(), Exit> {
    let gallery = Gallery::at(&arguments.gallery);
    let interrupt = interrupt_on_signal()?;
    for scenario in all.iter().filter_map(|it| it.scenario.as_ref()) {
        if !gallery.place(scenario).exists() {
            eprintln!("makespan: {scenario}");
            match measure(
                registry,
                &gallery,
                scenario,
                arguments.allow_debug,
                &interrupt,
            ) {
                // Rows that failed have reasons, and those stand in the tables.
                Ok(()) | Err(Exit::Rows) => {}
                Err(exit) => return Err(exit),
            }
        }
    }
    Ok(())
}

/// One of them beside its run. Without a run, each line says why it has no number.
fn reproduced(arguments: &Arguments, published: &Published) -> Result<Reproduction, Exit> {
    let gallery = Gallery::at(&arguments.gallery);
    let place = published.scenario.as_ref().map(|it| gallery.place(it));
    let place = arguments.from.clone().or(place);
    let Some(place) = place.filter(|place| arguments.from.is_some() || place.exists()) else {
        return Ok(Reproduction::without_a_run(published));
    };
    let run = Stored::read(&place)?.believed(false)?;
    is_of(&run, published).map_err(Exit::Usage)?;
    Ok(Reproduction::new(published, &run.recorded, &run.summary))
}

/// Refuses a run of another scenario: the same names would stand for other work.
fn is_of(run: &Stored, published: &Published) -> anyhow::Result<()> {
    let (name, at) = (&run.summary.spec.name, run.folder().display());
    let wanted = published.scenario.as_ref().unwrap_or(name);
    ensure!(
        name == wanted,
        "{at} is a run of `{name}`; allowed for {} is one of `{wanted}`",
        published.name
    );
    Ok(())
}

fn print(reproduction: &Reproduction) {
    let screen = output::screen();
    for table in report::reproduction(reproduction) {
        output::line(report::terminal(&table, screen));
    }
    let answer = report::reproduction_answer(reproduction);
    output::line(report::wrap("", &answer));
}
