//! What a line of a journal is: one JSON object, with its kind first.

use serde::{Deserialize, Serialize};

/// The name of the journal in a run folder.
pub const JOURNAL: &str = "samples.jsonl";

/// A line. Its kind comes first, so lines can be told apart without reading the rest.
#[derive(Serialize)]
pub(super) struct Line<'a, T> {
    pub(super) record: Kind,
    #[serde(flatten)]
    pub(super) value: &'a T,
}

/// What a line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Kind {
    /// The header, which begins a run.
    Run,
    Sample,
    /// What else the machine did during a block.
    Block,
    /// The run was interrupted, and goes on here.
    Resumed,
    /// How the run ended.
    End,
}

/// A line of which only the kind is read.
#[derive(Deserialize)]
pub(super) struct OfKind {
    pub(super) record: Kind,
}

/// One line of a file.
pub(super) struct Found<'a> {
    /// Its number, from 1.
    pub(super) number: usize,
    /// How many bytes come before it.
    pub(super) begins: usize,
    pub(super) bytes: &'a [u8],
    /// Whether it ends with a line break. If not, it was cut off.
    pub(super) whole: bool,
}

/// The lines of a file, one after the other.
pub(super) struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    number: usize,
}

impl<'a> Lines<'a> {
    /// From the first line on.
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        Lines {
            bytes,
            at: 0,
            number: 0,
        }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Found<'a>;

    fn next(&mut self) -> Option<Found<'a>> {
        let rest = self.bytes.get(self.at..).filter(|rest| !rest.is_empty())?;
        let end = rest.iter().position(|byte| *byte == b'\n');
        let bytes = &rest[..end.unwrap_or(rest.len())];
        self.number += 1;
        let line = Found {
            number: self.number,
            begins: self.at,
            bytes,
            whole: end.is_some(),
        };
        self.at += bytes.len() + 1;
        Some(line)
    }
}
