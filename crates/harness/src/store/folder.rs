//! Run folders: what was measured, kept from the first sample on.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use model::{Host, Spec};
use nix::sys::signal::{SigSet, Signal};

use crate::store::file;
use crate::store::journal::{JOURNAL, Journal};

/// The folder of one run. A new run always gets a new folder.
pub struct RunFolder {
    path: PathBuf,
    /// `samples.jsonl`.
    pub journal: Journal,
}

impl RunFolder {
    /// Makes `parent/<UTC time>-<host>`, with the spec and the host in it.
    pub fn create(parent: &Path, host: &Host, spec: &Spec) -> Result<Self> {
        fail_at_the_size_limit();
        fs::create_dir_all(parent)
            .with_context(|| format!("cannot make the folder {}", parent.display()))?;
        let path = new_folder(
            parent,
            &format!(
                "{}-{}",
                host.started.replace(':', ""),
                plain(&host.computer.name)
            ),
        )?;
        let fill = || {
            let folder = RunFolder {
                path: path.clone(),
                journal: Journal::create(&path.join(JOURNAL))?,
            };
            folder.write(
                "spec.toml",
                &toml::to_string(spec).context("cannot write the spec")?,
            )?;
            folder.write_json("host.json", host)?;
            Ok(folder)
        };
        // A folder that cannot be filled is not left behind.
        fill().inspect_err(|_| drop(fs::remove_dir_all(&path)))
    }

    /// Opens the folder of a run that was interrupted, to write on.
    ///
    /// # Errors
    ///
    /// If its journal cannot be continued.
    pub fn go_on(path: &Path) -> Result<Self> {
        fail_at_the_size_limit();
        Ok(RunFolder {
            path: path.to_owned(),
            journal: Journal::go_on(&path.join(JOURNAL))?,
        })
    }

    /// Checks that nobody has removed the folder during the run.
    ///
    /// # Errors
    ///
    /// If the folder is gone, or `samples.jsonl` in it.
    pub fn still_there(&self) -> Result<()> {
        for path in [self.path.clone(), self.path.join(JOURNAL)] {
            ensure!(
                path.exists(),
                "{} was removed during the run",
                path.display()
            );
        }
        Ok(())
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a whole file: either it is there in full or not at all.
    pub fn write(&self, name: &str, text: &str) -> Result<()> {
        file::write(&self.path.join(name), text)
    }

    /// Writes a value as indented JSON.
    pub fn write_json(&self, name: &str, value: &impl serde::Serialize) -> Result<()> {
        let text =
            serde_json::to_string_pretty(value).with_context(|| format!("cannot write {name}"))?;
        self.write(name, &(text + "\n"))
    }
}

/// Lets a write beyond the limit of file sizes (`ulimit -f`) fail with an error. Otherwise a signal would end this process, and all
/// results in memory would be lost.
fn fail_at_the_size_limit() {
    let mut signals = SigSet::empty();
    signals.add(Signal::SIGXFSZ);
    // The system refuses this only for sets that do not exist. Only this thread writes.
    let _ = signals.thread_block();
}

/// Makes a new folder of that name. If there is one already, the name gets a number.
fn new_folder(parent: &Path, name: &str) -> Result<PathBuf> {
    for attempt in 1u32.. {
        let path = parent.join(if attempt == 1 {
            name.to_owned()
        } else {
            format!("{name}-{attempt}")
        });
        match fs::create_dir(&path) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => {
                return Err(error)
                    .with_context(|| format!("cannot make the folder {}", path.display()));
            }
        }
    }
    unreachable!("there are fewer runs than numbers")
}

/// A host name as part of a file name.
fn plain(name: &str) -> String {
    name.chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '-' {
                c
            } else {
                '_'
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use tempfile::NamedTempFile;

    use super::*;

    fn spec() -> Spec {
        let text = "name = \"test\"\nseed = 1\nconcurrency = 1\nworkers = 1\nlaunches = 1\nrounds = 1\nlong_rounds = 1\n\
                    reference = \"sequential\"\nanchor = \"tokio\"\nstrategies = [\"*\"]\nworkload = []\n";
        toml::from_str(text).unwrap()
    }

    fn host() -> Host {
        let mut host = Host {
            started: "2026-11-21T20:00:00Z".into(),
            ..Host::default()
        };
        host.computer.name = "a b/c".into();
        host
    }

    #[test]
    fn a_run_never_touches_another_run() {
        let parent = tempfile::tempdir().unwrap();
        let (first, second) = [(); 2]
            .map(|()| {
                RunFolder::create(parent.path(), &host(), &spec())
                    .unwrap()
                    .path()
                    .to_owned()
            })
            .into();
        assert_eq!(first.file_name().unwrap(), "2026-11-21T200000Z-a_b_c");
        assert_eq!(second.file_name().unwrap(), "2026-11-21T200000Z-a_b_c-2");
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let file = NamedTempFile::new().unwrap();
        let error = RunFolder::create(&file.path().join("runs"), &host(), &spec())
            .err()
            .unwrap();
        assert!(format!("{error:#}").contains("runs"), "{error:#}");
    }
}
