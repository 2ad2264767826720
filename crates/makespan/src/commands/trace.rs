//! Shows what each unit does and when.

use std::path::PathBuf;

use anyhow::{bail, ensure};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use harness::{Files, Prepared, Registry, fit, host, store};
use model::Timeline;
use report::{TIMELINES, TimelineForm};

use crate::exit::Exit;
use crate::flags::{SelectArguments, SizeArguments};
use crate::signal::interrupt_on_signal;
use crate::{output, scenario};

/// Show what each unit does and when: one recorded run of each strategy, as lanes
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// A scenario: a name of `list scenarios`, or the path of a .toml file
    #[arg(value_name = "SCENARIO", default_value = "core")]
    scenario: String,
    #[command(flatten)]
    select: SelectArguments,
    #[command(flatten)]
    sizes: SizeArguments,
    /// The form: terminal, svg, perfetto (trace events, for ui.perfetto.dev) or json
    #[arg(long, value_name = "NAME", default_value = "terminal", value_parser = form())]
    format: TimelineForm,
    /// Also write another form to a file, such as svg=timeline.svg. Repeatable
    #[arg(long = "export", value_name = "NAME=FILE", value_parser = export)]
    exports: Vec<Export>,
}

/// A form, and the file that it goes to.
#[derive(Clone, Debug)]
struct Export {
    form: TimelineForm,
    file: PathBuf,
}

/// The name of a form in the list of all.
fn form() -> impl TypedValueParser<Value = TimelineForm> {
    let named = |name: String| TIMELINES.into_iter().find(|form| form.name == name);
    PossibleValuesParser::new(TIMELINES.map(|form| form.name))
        .try_map(move |name| named(name).ok_or("no such form"))
}

fn export(text: &str) -> Result<Export, String> {
    let names = TIMELINES.map(|form| form.name).join(", ");
    let allowed = || format!("allowed are NAME=FILE with a name of {names}");
    let (name, file) = text.split_once('=').ok_or_else(allowed)?;
    let form = TIMELINES.into_iter().find(|form| form.name == name);
    let file = Some(PathBuf::from(file)).filter(|file| !file.as_os_str().is_empty());
    Ok(Export {
        form: form.ok_or_else(allowed)?,
        file: file.ok_or_else(allowed)?,
    })
}

pub(crate) fn carry_out(registry: &Registry, arguments: &Arguments) -> Result<(), Exit> {
    let mut cells = prepare(registry, arguments).map_err(Exit::Usage)?;
    let _files = Files::write(&mut cells)?;
    let interrupt = interrupt_on_signal()?;
    let timelines = harness::trace(&cells, &interrupt, &mut |_| {})?;
    if interrupt.is_set() {
        return Err(Exit::Interrupted);
    }
    for export in &arguments.exports {
        let text = (export.form.write)(&timelines, output::width())?;
        store::write(&export.file, &text)?;
    }
    let text = (arguments.format.write)(&timelines, output::width())?;
    output::line(text.trim_end());
    match timelines.iter().all(whole) {
        true => Ok(()),
        false => Err(Exit::Rows),
    }
}

fn prepare(registry: &Registry, arguments: &Arguments) -> anyhow::Result<Vec<Prepared>> {
    let (name, sizes) = (&arguments.scenario, &arguments.sizes);
    let mut spec = scenario::of(registry, name, sizes, &arguments.select)?;
    spec.calibration = false;
    harness::calibrate(registry, &mut spec)?;
    let mut cells = registry.prepare(&spec)?;
    cells.retain(|cell| !cell.cell.asks);
    fit::apply(&mut cells, &host::host().computer.limits)?;
    ensure!(
        !cells.is_empty(),
        "there is nothing to trace: all chosen workloads ask what happens, not when"
    );
    let small = |cell: &Prepared| cell.cell.units <= harness::MOST_TRACED;
    if !cells.iter().any(small) {
        let fewest = cells.iter().map(|cell| cell.cell.units).min();
        bail!(
            "{} units cannot be drawn; allowed are at most {}: choose fewer with --tasks",
            fewest.unwrap_or_default(),
            harness::MOST_TRACED
        );
    }
    Ok(cells)
}

/// Whether there is something to see, and nothing that should have run has failed.
fn whole(timeline: &Timeline) -> bool {
    let mut rows = timeline.rows.iter();
    rows.clone().any(|row| row.trace.is_some()) && !rows.any(|row| row.failed)
}
