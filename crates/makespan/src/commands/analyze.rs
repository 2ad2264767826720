//! The numbers and tables of a stored run, computed anew from its samples alone.

use std::fs;
use std::path::Path;

use anyhow::Context;
use harness::{journal, store};
use model::{Recorded, Summary};

use super::run::{files, print};
use crate::cli::AnalyzeArguments;
use crate::exit::Exit;
use crate::selection::select;

pub(crate) fn analyze(arguments: &AnalyzeArguments) -> Result<(), Exit> {
    let recorded = recorded(&arguments.run, arguments.reference.as_deref()).map_err(Exit::Usage)?;
    let summary = Summary::new(&recorded);
    print(&summary);
    for trouble in &summary.troubles {
        eprintln!("makespan: {trouble}");
    }
    let stands = arguments.reference.is_some() || as_stored(arguments, &summary)?;
    match stands && summary.troubles.is_empty() {
        true => Ok(()),
        false => Err(Exit::Rows),
    }
}

/// The lines of a run, with another reference if one is wanted.
pub(crate) fn recorded(run: &Path, reference: Option<&str>) -> anyhow::Result<Recorded> {
    let mut recorded = journal::read(run)?;
    if let Some(reference) = reference {
        let cells = recorded
            .header
            .cells
            .iter()
            .filter(|cell| !cell.calibration);
        let mut names: Vec<&str> = cells.map(|cell| cell.strategy.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        select("strategy", &[reference.to_owned()], &names)
            .with_context(|| format!("reference in {}", run.display()))?;
        recorded.header.spec.reference = reference.to_owned();
    }
    Ok(recorded)
}

/// Compares the files of the run with what follows from its samples, and writes them anew if that is wanted.
fn as_stored(arguments: &AnalyzeArguments, summary: &Summary) -> anyhow::Result<bool> {
    let mut same = true;
    for (name, text) in files(summary)? {
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
