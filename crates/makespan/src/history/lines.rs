//! The lines of a history, as text.

use anyhow::{Result, ensure};
use model::history::{Line, NEWEST};
use serde::Deserialize;

/// What a history holds.
pub(crate) struct History {
    pub(crate) lines: Vec<Line>,
    /// Lines that cannot be understood, and why.
    pub(crate) damage: Vec<String>,
}

/// The text that is added to what is there. A line that was cut off is ended first.
pub(super) fn joined(before: &str, text: &str) -> String {
    match before.is_empty() || before.ends_with('\n') {
        true => text.to_owned(),
        false => format!("\n{text}"),
    }
}

/// Reads the lines of a text.
///
/// # Errors
///
/// If a newer version of makespan wrote one of them.
pub(super) fn parse(text: &str, name: &str) -> Result<History> {
    #[derive(Deserialize)]
    struct Version {
        version: u32,
    }
    let mut history = History {
        lines: Vec::new(),
        damage: Vec::new(),
    };
    for (index, line) in text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
    {
        let number = index + 1;
        if let Ok(Version { version }) = serde_json::from_str(line) {
            ensure!(
                version <= NEWEST,
                "{name}, line {number}: version = {version} is newer than {NEWEST}, the newest that this makespan knows"
            );
        }
        match serde_json::from_str(line) {
            Ok(line) => history.lines.push(line),
            Err(error) => {
                history
                    .damage
                    .push(format!("{name}, line {number} is left out: {error}"));
            }
        }
    }
    Ok(history)
}
