//! A stored run, and whether it can be believed: whoever shows it, or compares it, looks first.

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

/// What a run folder holds.
pub(crate) struct Stored {
    folder: PathBuf,
    recorded: Recorded,
    /// What its samples say.
    pub(crate) summary: Summary,
    /// Why it is not what was measured; nothing where it is.
    pub(crate) damage: Vec<String>,
}

impl Stored {
    /// Reads a run, computes its numbers anew, and compares them with the stored ones.
    ///
    /// # Errors
    ///
    /// If a file is not there, or was written by a version that this one does not know.
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

    /// What stands above the tables of a run that is damaged.
    pub(crate) fn warnings(&self) -> Vec<String> {
        let folder = self.folder.display();
        let damage = self.damage.iter();
        damage
            .map(|damage| format!("damaged run {folder}: {damage}"))
            .collect()
    }

    /// The same against another reference.
    pub(crate) fn against(mut self, reference: &str) -> Result<Self, Exit> {
        if self.recorded.header.spec.reference != reference {
            refer(&mut self.recorded, &self.folder, reference).map_err(Exit::Usage)?;
            self.summary = Summary::new(&self.recorded);
        }
        Ok(self)
    }
}

/// Takes ratios against another row.
pub(crate) fn refer(recorded: &mut Recorded, folder: &Path, reference: &str) -> anyhow::Result<()> {
    let cells = recorded
        .header
        .cells
        .iter()
        .filter(|cell| !cell.calibration);
    let mut names: Vec<&str> = cells.map(|cell| cell.strategy.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    select("strategy", &[reference.to_owned()], &names)
        .with_context(|| format!("reference in {}", folder.display()))?;
    recorded.header.spec.reference = reference.to_owned();
    Ok(())
}

/// A path with no run is a wrong command line; a file that cannot be understood is a failure.
pub(crate) fn not_there_or_unreadable(error: ReadError) -> Exit {
    match error {
        ReadError::NotThere { .. } => Exit::Usage(error.into()),
        ReadError::Unreadable { .. } | ReadError::NotARun { .. } => Exit::Crash(error.into()),
    }
}

/// What is wrong with the stored numbers.
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
