//! A folder with one run of each scenario, under the name of the scenario.

use std::cell::OnceCell;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use report::{ORDERS, Shown, gallery_document};

use crate::exit::Exit;
use crate::names::known;
use crate::output;
use crate::runs::splicing::{self, Splicing, Written};
use crate::runs::stored::Stored;
use crate::scenario;

/// Runs that are measured, or were interrupted, are here until they are complete.
const UNFINISHED: &str = ".unfinished";

/// A gallery.
pub(crate) struct Gallery {
    folder: PathBuf,
}

impl Gallery {
    pub(crate) fn at(folder: &Path) -> Self {
        Gallery {
            folder: folder.to_owned(),
        }
    }

    /// The folder of a scenario's run.
    pub(crate) fn place(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The parent of a run that is not complete.
    pub(crate) fn unfinished(&self, name: &str) -> PathBuf {
        self.folder.join(UNFINISHED).join(name)
    }

    /// The run of a scenario that was interrupted.
    ///
    /// # Errors
    ///
    /// If there are several.
    pub(crate) fn interrupted(&self, name: &str) -> Result<Option<PathBuf>> {
        let parent = self.unfinished(name);
        let found = folders(&parent)?;
        match found.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some(one.clone())),
            _ => bail!(
                "{} holds several runs; allowed is one: remove the others",
                parent.display()
            ),
        }
    }

    /// Puts the complete run of a scenario into its place. An older one goes once the new one is there.
    pub(crate) fn take(&self, name: &str) -> Result<()> {
        let (parent, place) = (self.unfinished(name), self.place(name));
        let Some(run) = self.interrupted(name)? else {
            bail!("{} holds no run", parent.display());
        };
        let old = parent.join("old");
        let cannot = || {
            format!(
                "cannot put {} into its place {}",
                run.display(),
                place.display()
            )
        };
        if place.exists() {
            fs::rename(&place, &old).with_context(cannot)?;
        }
        fs::rename(&run, &place).with_context(cannot)?;
        fs::remove_dir_all(&parent).with_context(cannot)?;
        // Others may still be there.
        let _ = fs::remove_dir(self.folder.join(UNFINISHED));
        Ok(())
    }

    /// The names of the scenarios that it has, in the order of `list scenarios`; others follow by name.
    pub(crate) fn names(&self) -> Result<Vec<String>> {
        let name = |path: &PathBuf| Some(path.file_name()?.to_str()?.to_owned());
        let mut names: Vec<String> = folders(&self.folder)?.iter().filter_map(name).collect();
        let usual = |name: &String| scenario::answering().position(|it| it == *name);
        names.sort_by_key(|name| (usual(name).unwrap_or(usize::MAX), name.clone()));
        Ok(names)
    }

    /// Writes its page from all runs that it has, or only looks whether it would change.
    pub(crate) fn write_page(&self, check: bool) -> Result<Written, Exit> {
        let mut runs = Vec::new();
        for name in self.names()? {
            let run = Stored::read(&self.place(&name))?;
            run.warnings().iter().for_each(output::complain);
            runs.push((scenario::about(&name).unwrap_or_default(), name, run));
        }
        let shown: Vec<Shown> = runs
            .iter()
            .map(|(about, name, run)| Shown {
                name,
                about,
                summary: &run.summary,
            })
            .collect();
        let page = self.folder.join("README.md");
        Ok(Written::new(&page, &gallery_document(&shown), check)?)
    }

    /// Rewrites what stands between the marks of a file. A mark names a scenario, or a scenario and what `report --splice` knows of its
    /// run: `flags/get`.
    pub(crate) fn splice(&self, document: &Path, check: bool) -> Result<Written> {
        let names = self.names()?;
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        // Only what is named is read, and once.
        let runs: Vec<OnceCell<Stored>> = names.iter().map(|_| OnceCell::new()).collect();
        splicing::rewrite(document, check, |kind, mark| {
            let Some(mark) = mark else {
                bail!("allowed are SCENARIO and SCENARIO/NAME, such as core/get");
            };
            let (name, part) = match mark.split_once('/') {
                Some((name, part)) => (name, Some(part)),
                None => (mark, None),
            };
            known("scenario", name, &names)?;
            let at = names.iter().position(|it| *it == name);
            let cell = &runs[at.context("a known name has a place")?];
            if cell.get().is_none() {
                let run = Stored::read(&self.place(name)).and_then(|it| it.believed(false));
                let run = run.map_err(|exit| exit.because(&self.place(name)))?;
                let _ = cell.set(run);
            }
            let run = cell.get().context("it was read")?;
            let splicing = Splicing {
                run,
                chosen: &run.summary,
                order: ORDERS[0],
                makespans: true,
            };
            splicing.fill(kind, part, document)
        })
    }
}

/// The folders in a folder, by name, without hidden ones. Where there is no such folder, there are none.
fn folders(parent: &Path) -> Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(parent) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => {
            return Err(error).with_context(|| format!("cannot read {}", parent.display()));
        }
    };
    let hidden = |path: &PathBuf| {
        let name = path.file_name().and_then(|it| it.to_str());
        name.is_none_or(|it| it.starts_with('.'))
    };
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut folders: Vec<PathBuf> = paths.filter(|it| it.is_dir() && !hidden(it)).collect();
    folders.sort();
    Ok(folders)
}
