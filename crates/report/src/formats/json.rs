//! For programs: everything that is known, as the published schema says.

use anyhow::{Context, Result};
use serde::Serialize;

/// A value, indented, with a line break at its end.
///
/// # Errors
///
/// If the value cannot be written as JSON, because it has a map whose keys are no texts, say.
pub fn json(value: &impl Serialize) -> Result<String> {
    let text = serde_json::to_string_pretty(value).context("cannot write JSON")?;
    Ok(text + "\n")
}
