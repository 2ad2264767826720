//! Measures the scenarios that a gallery lacks, and writes its page.

use std::path::PathBuf;

use anyhow::anyhow;
use clap::Args;
use harness::{Interrupt, Registry};

use super::{analyze, run};
use crate::exit::Exit;
use crate::flags::RunArguments;
use crate::names::known;
use crate::runs::gallery::Gallery;
use crate::signal::interrupt_on_signal;
use crate::{output, scenario};

/// Measure each scenario that a gallery lacks, and write a page of all
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Only these scenarios. By default, all that answer a question
    #[arg(value_name = "SCENARIO")]
    scenarios: Vec<String>,
    /// Measure them again. A run that is there is replaced when the new one is complete
    #[arg(long)]
    again: bool,
    /// Measure nothing. Write all files of all runs anew from the samples, and the page
    #[arg(long, conflicts_with_all = ["again", "scenarios"])]
    pages: bool,
    /// Measure nothing. Put tables, pictures and answers of the gallery into this Markdown file, as `report --splice` does. A mark names the
    /// scenario first: <!-- makespan:table core/get -->. Repeatable
    #[arg(long, value_name = "FILE", conflicts_with_all = ["again", "scenarios"])]
    splice: Vec<PathBuf>,
    /// Write nothing, and say which files would change. The exit code is then 1
    #[arg(long, conflicts_with_all = ["again", "scenarios"])]
    check: bool,
    /// The folder of the gallery
    #[arg(long, value_name = "DIR", default_value = "results/gallery")]
    out: PathBuf,
    /// Measure with a build without optimisation; every row is flagged
    #[arg(long, hide = true)]
    allow_debug: bool,
}

pub(crate) fn carry_out(registry: &Registry, arguments: &Arguments) -> Result<(), Exit> {
    let gallery = Gallery::at(&arguments.out);
    if arguments.pages || arguments.check || !arguments.splice.is_empty() {
        return write(arguments, &gallery);
    }
    let ended = measure_missing(registry, arguments, &gallery);
    // What was measured until then is shown.
    if !matches!(ended, Err(Exit::Usage(_))) {
        output::line(gallery.write_page(false)?.path.display());
    }
    ended
}

/// Writes what follows from the samples, or only says what would change.
fn write(arguments: &Arguments, gallery: &Gallery) -> Result<(), Exit> {
    let check = arguments.check;
    if !arguments.pages && arguments.splice.is_empty() {
        let error =
            anyhow!("--check alone checks nothing; allowed is with --pages, --splice or both");
        return Err(Exit::Usage(error));
    }
    let mut same = true;
    if arguments.pages {
        for name in gallery.names()? {
            same &= analyze::follows(&gallery.place(&name), !check)?;
        }
        let page = gallery.write_page(check)?;
        same &= page.is_same(check);
    }
    for document in &arguments.splice {
        let spliced = gallery.splice(document, check).map_err(Exit::Usage)?;
        same &= spliced.is_same(check);
    }
    match check && !same {
        true => Err(Exit::Rows),
        false => Ok(()),
    }
}

/// Measures one scenario after the other. One that fails does not keep the others from being measured.
fn measure_missing(
    registry: &Registry,
    arguments: &Arguments,
    gallery: &Gallery,
) -> Result<(), Exit> {
    let names = names(arguments).map_err(Exit::Usage)?;
    let interrupt = interrupt_on_signal()?;
    let mut all = Ok(());
    for name in &names {
        if gallery.place(name).exists() && !arguments.again {
            eprintln!("makespan: {name} is there already; --again measures it again");
            continue;
        }
        eprintln!("makespan: {name}");
        match measure(registry, gallery, name, arguments.allow_debug, &interrupt) {
            Ok(()) => {}
            Err(Exit::Crash(error)) => {
                output::complain(format_args!("{name}: {error:#}"));
                all = Err(Exit::Rows);
            }
            Err(Exit::Rows) => all = Err(Exit::Rows),
            Err(exit) => return Err(exit),
        }
    }
    all
}

/// Measures one scenario, or goes on where it was interrupted, and puts it into its place.
pub(crate) fn measure(
    registry: &Registry,
    gallery: &Gallery,
    name: &str,
    allow_debug: bool,
    interrupt: &Interrupt,
) -> Result<(), Exit> {
    let resume = gallery.interrupted(name)?;
    let asked = RunArguments {
        scenario: resume.is_none().then(|| name.to_owned()),
        resume,
        trace: scenario::drawn(name),
        yes: true,
        out: gallery.unfinished(name),
        allow_debug,
        ..RunArguments::default()
    };
    let ended = run::measure(registry, &asked, interrupt);
    if matches!(ended, Ok(()) | Err(Exit::Rows)) {
        gallery.take(name)?;
    }
    ended
}

/// The scenarios to measure, each of which is known.
fn names(arguments: &Arguments) -> anyhow::Result<Vec<String>> {
    let all: Vec<&str> = scenario::answering().collect();
    if arguments.scenarios.is_empty() {
        return Ok(all.iter().map(ToString::to_string).collect());
    }
    for name in &arguments.scenarios {
        known("scenario", name, &all)?;
    }
    Ok(arguments.scenarios.clone())
}
