//! A stored run, and whether it is still what was measured. A command that shows or compares runs checks that first.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, ensure};
use harness::journal::{self, ReadError};
use model::{Recorded, SCHEMA_VERSION, Summary};
use serde::Deserialize;

use crate::exit::Exit;
use crate::names::select;
use crate::output;

/// A run that was read from its folder.
pub(crate) struct Stored {
    folder: PathBuf,
    /// Its samples.
    pub(crate) recorded: Recorded,
    /// What its samples say.
    pub(crate) summary: Summary,
    /// Each way in which it is not what was measured; empty for an intact run.
    pub(crate) damage: Vec<String>,
}

impl Stored {
    /// Reads a run, computes its numbers anew, and compares them with the stored ones.
    ///
    /// # Errors
    ///
    /// If a file is missing, or a newer version wrote it.
    pub(crate) fn read(folder: &Path) -> Result<Self, Exit> {
        let recorded = journal::read(folder).map_err(not_there_or_unreadable)?;
        let summary = Summary::new(&recorded);
        let mut damage = summary.troubles.clone();
        damage.extend(changed(folder, &summary)?);
        Ok(Stored {
            folder: folder.to_owned(),
            recorded,
            summary,
            damage,
        })
    }

    /// Where it is.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Refuses a damaged run, unless that is allowed.
    pub(crate) fn believed(self, allow_damaged: bool) -> Result<Self, Exit> {
        if self.damage.is_empty() || allow_damaged {
            return Ok(self);
        }
        for damage in &self.damage {
            output::complain(format_args!("{}: {damage}", self.folder.display()));
        }
        output::complain("a damaged run is not shown; --allow-damaged shows what its samples say");
        Err(Exit::Rows)
    }

    /// The lines that stand above the tables of a damaged run.
    pub(crate) fn warnings(&self) -> Vec<String> {
        let folder = self.folder.display();
        let damage = self.damage.iter();
        damage
            .map(|damage| format!("damaged run {folder}: {damage}"))
            .collect()
    }

    /// The same run, with its ratios against another reference.
    pub(crate) fn against(mut self, reference: &str) -> Result<Self, Exit> {
        if self.recorded.header.spec.reference.to_string() != reference {
            refer(&mut self.recorded, &self.folder, reference).map_err(Exit::Usage)?;
            self.summary = Summary::new(&self.recorded);
        }
        Ok(self)
    }
}

/// Makes another strategy the reference of a recorded run.
///
/// # Errors
///
/// If the run has no such strategy.
pub(crate) fn refer(recorded: &mut Recorded, folder: &Path, reference: &str) -> anyhow::Result<()> {
    let cells = recorded
        .header
        .cells
        .iter()
        .filter(|cell| !cell.calibration);
    let mut names: Vec<String> = cells.map(|cell| cell.row.to_string()).collect();
    names.sort_unstable();
    names.dedup();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    select("strategy", &[reference.to_owned()], &names)
        .with_context(|| format!("reference in {}", folder.display()))?;
    recorded.header.spec.reference = reference.parse()?;
    Ok(())
}

/// The kind of an error of reading: a path with no run is a wrong command line, a file that cannot be understood is a failure.
pub(crate) fn not_there_or_unreadable(error: ReadError) -> Exit {
    match error {
        ReadError::NotThere { .. } => Exit::Usage(error.into()),
        ReadError::Unreadable { .. } | ReadError::NotARun { .. } => Exit::Crash(error.into()),
    }
}

/// How the stored numbers differ from those that follow from the samples.
fn changed(folder: &Path, summary: &Summary) -> Result<Option<String>, Exit> {
    #[derive(Deserialize)]
    struct Version {
        schema_version: u32,
    }
    let path = folder.join("summary.json");
    let stored = match fs::read(&path) {
        Ok(stored) => stored,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Ok(Some("summary.json is missing".to_owned()));
        }
        Err(error) => {
            let error = anyhow!(error).context(format!("cannot read {}", path.display()));
            return Err(Exit::Crash(error));
        }
    };
    let newer = || {
        let version = serde_json::from_slice::<Version>(&stored);
        let version = version.map_or(SCHEMA_VERSION, |it| it.schema_version);
        ensure!(
            version <= SCHEMA_VERSION,
            "{}: schema_version = {version} is newer than {SCHEMA_VERSION}, the newest that this makespan knows",
            path.display()
        );
        Ok(())
    };
    newer().map_err(Exit::Crash)?;
    let same = stored == report::json(summary)?.as_bytes();
    Ok((!same).then(|| {
        "summary.json is not what the samples say: it was changed, or written by another version of makespan; `makespan analyze --write` writes it anew".to_owned()
    }))
}
