//! Timelines of a run, in a file of their own beside its journal.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result};
use model::Timeline;

use crate::store::file;

/// The name of the file.
const TIMELINES: &str = "timelines.json";

/// Writes the timelines into a run folder.
///
/// # Errors
///
/// If the file cannot be written.
pub fn write_timelines(folder: &Path, timelines: &[Timeline]) -> Result<()> {
    let text = serde_json::to_string(timelines).context("cannot write the timelines")?;
    file::write(&folder.join(TIMELINES), &(text + "\n"))
}

/// The timelines in a run folder; none where there is no such file.
pub(crate) fn read(folder: &Path) -> Result<Vec<Timeline>> {
    let path = folder.join(TIMELINES);
    let text = match fs::read(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    serde_json::from_slice(&text)
        .with_context(|| format!("{} does not hold timelines", path.display()))
}
