//! Puts two stored runs side by side.

use std::path::PathBuf;

use clap::Args;
use harness::Registry;
use model::Comparison;

use crate::exit::Exit;
use crate::output;
use crate::runs::Stored;

/// Put two stored runs side by side
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// A run folder
    before: PathBuf,
    /// Another one
    after: PathBuf,
    /// Take ratios against this row; by default against the reference of the first run
    #[arg(long, value_name = "NAME")]
    reference: Option<String>,
    /// Compare makespans too. That means something on one and the same machine only
    #[arg(long)]
    times: bool,
    /// Print Markdown
    #[arg(long, conflicts_with = "json")]
    markdown: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Compare also runs that were changed or cut off, by the samples that are left. The output says so
    #[arg(long)]
    allow_damaged: bool,
}

pub(crate) fn carry_out(_: &Registry, arguments: &Arguments) -> Result<(), Exit> {
    let read = |run| Stored::read(run)?.believed(arguments.allow_damaged);
    let (before, after) = (read(&arguments.before)?, read(&arguments.after)?);
    let stored = || before.summary.spec.reference.to_string();
    let reference = arguments.reference.clone().unwrap_or_else(stored);
    let (before, after) = (before.against(&reference)?, after.against(&reference)?);
    let comparison = Comparison::new(&before.summary, &after.summary, arguments.times);
    let mut comparison = comparison.map_err(Exit::Usage)?;
    comparison.troubles = [before.warnings(), after.warnings()].concat();
    if arguments.json {
        output::line(report::json(&comparison)?.trim_end());
        return Ok(());
    }
    for trouble in &comparison.troubles {
        output::line(match arguments.markdown {
            true => report::bold(trouble),
            false => report::one_line(trouble),
        });
    }
    let screen = output::screen();
    for table in report::comparison(&comparison, arguments.times) {
        output::line(match arguments.markdown {
            true => report::markdown(&table),
            false => report::terminal(&table, screen),
        });
    }
    Ok(())
}
