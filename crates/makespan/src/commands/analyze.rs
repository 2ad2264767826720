//! Computes the numbers and tables of a stored run anew, from its samples alone.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use harness::{Registry, journal, store};
use model::{Recorded, Summary};
use report::ORDERS;

use super::run::print;
use crate::exit::Exit;
use crate::output;
use crate::runs::{not_there_or_unreadable, refer};

/// Compute all numbers and tables of a stored run again, from its samples alone
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// A run folder
    run: PathBuf,
    /// Take ratios against this row instead
    #[arg(long, value_name = "NAME")]
    reference: Option<String>,
    /// Replace files of the run that do not follow from its samples
    #[arg(long, conflicts_with = "reference")]
    write: bool,
    /// Print the numbers as summary.json has them, instead of the tables
    #[arg(long)]
    json: bool,
}

pub(crate) fn carry_out(_: &Registry, arguments: &Arguments) -> Result<(), Exit> {
    let mut recorded = journal::read(&arguments.run).map_err(not_there_or_unreadable)?;
    if let Some(reference) = &arguments.reference {
        refer(&mut recorded, &arguments.run, reference).map_err(Exit::Usage)?;
    }
    let summary = Summary::new(&recorded);
    match arguments.json {
        true => output::line(report::json(&summary)?.trim_end()),
        false => print(&summary, ORDERS[0]),
    }
    for trouble in &summary.troubles {
        output::complain(trouble);
    }
    let as_stored = || as_stored(&arguments.run, arguments.write, &summary, &recorded);
    let stands = arguments.reference.is_some() || as_stored()?;
    match stands && summary.troubles.is_empty() {
        true => Ok(()),
        false => Err(Exit::Rows),
    }
}

/// Writes all files of a run that do not follow from its samples.
pub(crate) fn write_anew(run: &Path) -> Result<(), Exit> {
    let recorded = journal::read(run).map_err(not_there_or_unreadable)?;
    as_stored(run, true, &Summary::new(&recorded), &recorded)?;
    Ok(())
}

/// Compares the files of the run with what follows from its samples. Writes those that differ, if that was asked for. Pages and pictures may be
/// missing: a run of an older makespan has none.
fn as_stored(
    run: &Path,
    write: bool,
    summary: &Summary,
    recorded: &Recorded,
) -> anyhow::Result<bool> {
    let numbers = report::files(summary)?.into_iter();
    let numbers = numbers.map(|(name, text)| (name.to_owned(), text, true));
    let pages = report::pages(summary, recorded)?.into_iter();
    let files = numbers.chain(pages.map(|(name, text)| (name, text, false)));
    let mut same = true;
    for (name, text, needed) in files {
        let path = run.join(&name);
        let wrong = match fs::read_to_string(&path) {
            Ok(stored) if stored == text => None,
            Ok(_) => Some("differs from what its samples say"),
            Err(_) if !needed && !write => continue,
            Err(_) => Some("missing"),
        };
        match wrong {
            None => eprintln!("{name}: the same"),
            Some(wrong) if write => {
                store::write(&path, &text)?;
                eprintln!("{name}: {wrong}, written anew");
            }
            Some(wrong) => {
                same = false;
                eprintln!("{name}: {wrong}");
            }
        }
    }
    Ok(same)
}
