//! Where the files are that the commands of programs name.
//!
//! The programs that come with makespan are inside the executable, so that it can be started in any folder. They are written into a
//! temporary folder when a row needs them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use harness::{Backend, Prepared};
use tempfile::TempDir;

/// Declares the files. All are written together, because they import each other.
macro_rules! files {
    ($($name:literal,)+) => {
        /// The files that come with makespan: what a command calls them, and their text.
        const FILES: &[(&str, &str)] = &[
            $((concat!("programs/", $name), include_str!(concat!("../programs/", $name))),)+
        ];
    };
}

files! {
    "aiohttp_gather.py",
    "asyncio_sleep.py",
    "fetch_all.mjs",
    "fetch_loop.mjs",
    "goroutines.go",
    "requests_in_executor.py",
    "requests_loop.py",
    "requests_on_event_loop.py",
    "requests_session.py",
    "requests_threads.py",
    "waits.py",
    "work.mjs",
    "worker.go",
    "worker.mjs",
    "worker.py",
}

/// The files that were written. They go when this does.
#[derive(Default)]
pub(crate) struct ProgramFiles {
    folder: Option<TempDir>,
}

/// Replaces the names of files in the commands of programs by whole paths.
///
/// A scenario file, whose folder is `beside`, names files beside it; what is not there is looked for in the current folder, and then
/// among the files that come with makespan. A scenario that comes with makespan means only those.
///
/// # Errors
///
/// If the files cannot be written.
pub(crate) fn find(cells: &mut [Prepared], beside: Option<&Path>) -> Result<ProgramFiles> {
    let mut written = ProgramFiles::default();
    let able = |cell: &&mut Prepared| cell.cell.unsupported.is_none();
    for cell in cells.iter_mut().filter(able) {
        let Backend::Program(program) = &mut cell.backend else {
            continue;
        };
        for (index, word) in program.command.iter_mut().enumerate() {
            if let Some(path) = written.place(word, index == 0, beside)? {
                *word = path.display().to_string();
            }
        }
    }
    Ok(written)
}

impl ProgramFiles {
    /// Where the file of this name is; nothing where the word is no such name, or one for the current folder.
    fn place(&mut self, word: &str, first: bool, beside: Option<&Path>) -> Result<Option<PathBuf>> {
        if let Some(folder) = beside {
            // A program without a slash in its name is looked for by the system.
            let named = !first || word.contains('/');
            let file = folder.join(word);
            if named && file.is_file() {
                return Ok(Some(file.canonicalize().unwrap_or(file)));
            }
            if Path::new(word).is_file() {
                return Ok(None);
            }
        }
        match FILES.iter().any(|(name, _)| *name == word) {
            true => Ok(Some(self.folder()?.join(word))),
            false => Ok(None),
        }
    }

    /// The folder of the written files, which is made at the first call.
    fn folder(&mut self) -> Result<&Path> {
        let folder = match self.folder.take() {
            Some(folder) => folder,
            None => write().context("cannot write the programs of makespan")?,
        };
        Ok(self.folder.insert(folder).path())
    }
}

fn write() -> Result<TempDir> {
    let folder = tempfile::Builder::new().prefix("makespan-").tempdir()?;
    for (name, text) in FILES {
        let file = folder.path().join(name);
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_program_of_the_sources_is_in_the_executable() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("programs");
        let there: BTreeSet<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            // An interpreter may leave a folder of what it has compiled.
            .filter(|path| path.is_file())
            .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
            .collect();
        let names = FILES.iter().map(|(name, _)| name.replace("programs/", ""));
        assert_eq!(names.collect::<BTreeSet<_>>(), there);
    }

    #[test]
    fn a_file_is_looked_for_beside_the_scenario_and_then_among_those_of_makespan() {
        let mut files = ProgramFiles::default();
        let folder = tempfile::tempdir().unwrap();
        let beside = Some(folder.path());
        let mut place = |word: &str, first: bool, beside| files.place(word, first, beside).unwrap();
        let own = place("programs/worker.py", false, None).unwrap();
        assert!(own.is_file());
        let current = place("programs/worker.py", false, beside);
        assert_eq!(current, None, "tests run in the folder of the crate");
        assert_eq!(place("programs/other.py", false, beside), None);
        assert_eq!(place("python3", true, beside), None);

        let file = |name: &str| folder.path().join(name);
        fs::create_dir(file("programs")).unwrap();
        fs::write(file("programs/worker.py"), "").unwrap();
        fs::write(file("python3"), "").unwrap();
        let nearer = place("programs/worker.py", false, beside).unwrap();
        assert_eq!(nearer.canonicalize().unwrap(), nearer);
        assert!(nearer != own && nearer.is_file());
        assert_eq!(place("python3", true, beside), None, "the system finds it");
        assert_eq!(place("programs/worker.py", false, None), Some(own.clone()));
        drop(files);
        assert!(!own.exists());
    }
}
