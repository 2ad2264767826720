//! What stands under a table and is no cell.

use std::fmt;

/// One note. Formats decide in which order notes stand, and how they are marked.
///
/// How to read a column is no note but part of the column, because it is only shown with the column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What kind of note it is.
    pub kind: NoteKind,
    /// The workload that it is about, where the table holds several.
    pub workload: Option<String>,
    /// The rows that it is about; empty where it is about all of them.
    pub rows: Vec<NotedRows>,
    /// What it says.
    pub text: String,
    /// Where to read more: an address.
    pub source: Option<String>,
}

/// Kinds of notes, in the order in which people read them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoteKind {
    /// What the table shows, in words.
    Finding,
    /// Why rows have no result.
    NoResult,
    /// Why rows have the numbers that they have.
    Reason,
    /// What to know before quoting the table.
    Caveat,
    /// What the numbers rest on.
    Statement,
}

/// Rows of which a note says the same, with the same numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotedRows {
    /// Their names.
    pub names: Vec<String>,
    /// Their numbers.
    pub detail: Option<String>,
}

impl Note {
    /// A note about all rows.
    pub(crate) fn new(kind: NoteKind, text: impl Into<String>) -> Self {
        Note {
            kind,
            workload: None,
            rows: Vec::new(),
            text: text.into(),
            source: None,
        }
    }

    pub(crate) fn finding(text: impl Into<String>) -> Self {
        Note::new(NoteKind::Finding, text)
    }

    pub(crate) fn caveat(text: impl Into<String>) -> Self {
        Note::new(NoteKind::Caveat, text)
    }

    pub(crate) fn statement(text: impl Into<String>) -> Self {
        Note::new(NoteKind::Statement, text)
    }

    /// The same with the address of something to read.
    pub(crate) fn from(self, source: &str) -> Self {
        Note {
            source: Some(source.to_owned()),
            ..self
        }
    }

    /// The same about these rows alone.
    pub(crate) fn of_rows(self, rows: Vec<NotedRows>) -> Self {
        Note { rows, ..self }
    }

    /// The same about one workload of several.
    pub(crate) fn of_workload(self, label: &str) -> Self {
        Note {
            workload: Some(label.to_owned()),
            ..self
        }
    }
}

impl NotedRows {
    /// Rows without numbers of their own.
    pub(crate) fn named(names: Vec<String>) -> Self {
        NotedRows {
            names,
            detail: None,
        }
    }
}

/// The whole sentence, without its source. Rows stand before the text, or after it where their numbers differ.
impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(workload) = &self.workload {
            write!(f, "{workload}: ")?;
        }
        match self.rows.as_slice() {
            [] => f.write_str(&self.text),
            [rows] => {
                write!(f, "{}: {}", rows.names.join(", "), self.text)?;
                let mut detail = rows.detail.iter();
                detail.try_for_each(|detail| write!(f, "; {detail}"))
            }
            several => {
                let each = several.iter().map(ToString::to_string);
                let each: Vec<String> = each.collect();
                write!(f, "{}: {}", self.text, each.join("; "))
            }
        }
    }
}

impl fmt::Display for NotedRows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.names.join(", ");
        match &self.detail {
            Some(detail) => write!(f, "{names} ({detail})"),
            None => f.write_str(&names),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(names: &[&str], detail: Option<&str>) -> NotedRows {
        NotedRows {
            names: names.iter().map(|&name| name.to_owned()).collect(),
            detail: detail.map(str::to_owned),
        }
    }

    #[test]
    fn a_note_names_its_workload_and_its_rows() {
        let note = Note::caveat("the timer counts in whole steps");
        assert_eq!(note.to_string(), "the timer counts in whole steps");
        let one = note.clone().of_rows(vec![rows(&["a", "b"], Some("1ms"))]);
        assert_eq!(
            one.to_string(),
            "a, b: the timer counts in whole steps; 1ms"
        );
        let plain = note.clone().of_rows(vec![rows(&["a"], None)]);
        assert_eq!(
            plain.of_workload("get").to_string(),
            "get: a: the timer counts in whole steps"
        );
        let two = vec![rows(&["c"], None), rows(&["a", "b"], Some("1ms"))];
        assert_eq!(
            note.of_rows(two).to_string(),
            "the timer counts in whole steps: c; a, b (1ms)"
        );
    }
}
