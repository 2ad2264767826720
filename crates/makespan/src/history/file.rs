//! A history in a file.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::Path;

use anyhow::{Context, Result};

use crate::history::lines::joined;

/// All text; none where there is no file.
pub(super) fn read(path: &Path) -> Result<String> {
    match fs::read(path) {
        Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

/// Adds text at the end. Others that want to add wait meanwhile.
pub(super) fn append(path: &Path, text: &str) -> Result<()> {
    let write = || -> std::io::Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file = OpenOptions::new()
            .create(true)
            .read(true)
            .append(true)
            .open(path)?;
        file.lock()?;
        let mut before = Vec::new();
        file.read_to_end(&mut before)?;
        let before = String::from_utf8_lossy(&before);
        // In one call: if the disk is full, one line is cut off at most, and the next one begins anew.
        file.write_all(joined(&before, text).as_bytes())?;
        file.sync_data()
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}
