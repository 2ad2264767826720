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
use crate::runs::stored::{not_there_or_unreadable, refer};

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
    let stands = arguments.reference.is_some() || as_stored(arguments, &summary, &recorded)?;
    match stands && summary.troubles.is_empty() {
        true => Ok(()),
        false => Err(Exit::Rows),
    }
}

/// Says of each file whether it is as the samples have it. Writes those that are not, if that was asked for.
fn as_stored(
    arguments: &Arguments,
    summary: &Summary,
    recorded: &Recorded,
) -> anyhow::Result<bool> {
    let mut same = true;
    for file in compared(&arguments.run, summary, recorded)? {
        // A run of an older makespan has no pages and pictures.
        let older = file.wrong == Some(MISSING) && file.page;
        if older && !arguments.write {
            continue;
        }
        file.settle(&arguments.run, arguments.write)?;
        same &= file.wrong.is_none() || arguments.write;
    }
    Ok(same)
}

const MISSING: &str = "missing";

/// Whether all files of a run follow from its samples; with `write`, those that do not are written anew. Those that do not are named.
pub(crate) fn follows(run: &Path, write: bool) -> Result<bool, Exit> {
    let recorded = journal::read(run).map_err(not_there_or_unreadable)?;
    let files = compared(run, &Summary::new(&recorded), &recorded)?;
    let mut differing = files.iter().filter(|file| file.wrong.is_some());
    differing.try_for_each(|file| file.settle(run, write))?;
    Ok(files.iter().all(|file| file.wrong.is_none()))
}

/// A file of a run, and how it differs from what follows from the samples.
struct Derived {
    name: String,
    text: String,
    /// Whether it is a page or a picture, and no numbers.
    page: bool,
    wrong: Option<&'static str>,
}

impl Derived {
    /// Says what is wrong with it, and writes it anew if that was asked for.
    fn settle(&self, run: &Path, write: bool) -> anyhow::Result<()> {
        let path = run.join(&self.name);
        let shown = path.display();
        match self.wrong {
            None => eprintln!("{shown}: the same"),
            Some(wrong) if write => {
                store::write(&path, &self.text)?;
                eprintln!("{shown}: {wrong}, written anew");
            }
            Some(wrong) => eprintln!("{shown}: {wrong}"),
        }
        Ok(())
    }
}

/// Compares the files of a run with what follows from its samples.
fn compared(run: &Path, summary: &Summary, recorded: &Recorded) -> anyhow::Result<Vec<Derived>> {
    let numbers = report::files(summary)?.into_iter();
    let numbers = numbers.map(|(name, text)| (name.to_owned(), text, false));
    let pages = report::pages(summary, recorded)?.into_iter();
    let pages = pages.map(|(name, text)| (name, text, true));
    let derived = |(name, text, page): (String, String, bool)| {
        let wrong = match fs::read_to_string(run.join(&name)) {
            Ok(stored) if stored == text => None,
            Ok(_) => Some("differs from what its samples say"),
            Err(_) => Some(MISSING),
        };
        Derived {
            name,
            text,
            page,
            wrong,
        }
    };
    Ok(numbers.chain(pages).map(derived).collect())
}
