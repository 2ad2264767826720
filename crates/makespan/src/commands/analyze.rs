//! The numbers and tables of a stored run, computed anew from its samples alone.

use std::fs;

use harness::{journal, store};
use model::Summary;

use super::run::print;
use crate::cli::AnalyzeArguments;
use crate::exit::Exit;
use crate::output;
use crate::stored::{not_there_or_unreadable, refer};

pub(crate) fn analyze(arguments: &AnalyzeArguments) -> Result<(), Exit> {
    let mut recorded = journal::read(&arguments.run).map_err(not_there_or_unreadable)?;
    if let Some(reference) = &arguments.reference {
        refer(&mut recorded, &arguments.run, reference).map_err(Exit::Usage)?;
    }
    let summary = Summary::new(&recorded);
    print(&summary);
    for trouble in &summary.troubles {
        output::complain(trouble);
    }
    let stands = arguments.reference.is_some() || as_stored(arguments, &summary)?;
    match stands && summary.troubles.is_empty() {
        true => Ok(()),
        false => Err(Exit::Rows),
    }
}

/// Compares the files of the run with what follows from its samples, and writes them anew if that is wanted.
fn as_stored(arguments: &AnalyzeArguments, summary: &Summary) -> anyhow::Result<bool> {
    let mut same = true;
    for (name, text) in report::files(summary)? {
        let path = arguments.run.join(name);
        let state = match fs::read_to_string(&path) {
            Ok(stored) if stored == text => "the same",
            Ok(_) => "differs from what its samples say",
            Err(_) => "missing",
        };
        if state != "the same" && arguments.write {
            store::write(&path, &text)?;
            eprintln!("{name}: {state}, written anew");
        } else {
            same &= state == "the same";
            eprintln!("{name}: {state}");
        }
    }
    Ok(same)
}
