//! The files that some workloads read. They are written before a run and removed after it.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::cells::prepared::Prepared;

/// The folder with all files of a run. Dropping this value removes it.
#[derive(Debug)]
pub struct Files(#[expect(dead_code, reason = "dropping it removes the folder")] Option<TempDir>);

impl Files {
    /// Writes the files of the cells, once for each workload, and tells the cells where they are.
    pub fn write(cells: &mut [Prepared]) -> Result<Files> {
        if cells.iter().all(|cell| cell.files.is_empty()) {
            return Ok(Files(None));
        }
        let folder = tempfile::Builder::new().prefix("makespan-").tempdir();
        let folder = folder.context("cannot make a folder for the files to read")?;
        let mut written = BTreeMap::new();
        for cell in cells.iter_mut().filter(|cell| !cell.files.is_empty()) {
            let number = written.len();
            let path = written
                .entry(cell.cell.workload.clone())
                .or_insert_with(|| folder.path().join(number.to_string()));
            if !path.exists() {
                fs::create_dir(&path).with_context(|| format!("cannot make {}", path.display()))?;
                for (name, content) in cell.files.iter() {
                    let file = path.join(name);
                    fs::write(&file, content)
                        .with_context(|| format!("cannot write {}", file.display()))?;
                }
            }
            cell.params.folder = Some(path.clone());
        }
        Ok(Files(Some(folder)))
    }
}
