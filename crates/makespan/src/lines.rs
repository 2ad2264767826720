//! A file of results, one on each line, that a later call of the same command continues.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use harness::store;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The results so far, and the file that takes more.
pub(crate) struct Lines<T> {
    path: PathBuf,
    file: File,
    pub(crate) all: Vec<T>,
}

impl<T: Serialize + DeserializeOwned> Lines<T> {
    /// Reads the file, or makes it. `check` refuses a result that does not belong to its place. An incomplete last line, which a crash
    /// leaves, is cut off.
    ///
    /// # Errors
    ///
    /// If a line cannot be understood or is refused. The error names the file and the line.
    pub(crate) fn open(path: &Path, check: impl Fn(usize, &T) -> Result<()>) -> Result<Lines<T>> {
        let cannot = |what: &str| format!("cannot {what} {}", path.display());
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)
                .with_context(|| format!("cannot make the folder {}", folder.display()))?;
        }
        let text = match fs::read_to_string(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            other => other.with_context(|| cannot("read"))?,
        };
        let whole = &text[..text.rfind('\n').map_or(0, |end| end + 1)];
        let mut all = Vec::new();
        for (index, line) in whole.lines().enumerate() {
            let at = || format!("{}, line {}", path.display(), index + 1);
            let result: T = serde_json::from_str(line).with_context(at)?;
            check(index, &result).with_context(at)?;
            all.push(result);
        }
        if whole.len() < text.len() {
            store::write(path, whole)?;
        }
        let file = OpenOptions::new().create(true).append(true).open(path);
        Ok(Lines {
            path: path.to_owned(),
            file: file.with_context(|| cannot("open"))?,
            all,
        })
    }

    /// Adds a result. It is in the file before this returns.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub(crate) fn push(&mut self, result: T) -> Result<()> {
        let line = serde_json::to_string(&result).context("cannot write a result")?;
        writeln!(self.file, "{line}")
            .with_context(|| format!("cannot write into {}", self.path.display()))?;
        self.all.push(result);
        Ok(())
    }
}
