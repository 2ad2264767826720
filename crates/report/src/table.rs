//! A table: columns, cells and notes, before any format has made text of them.

use std::borrow::Cow;

use crate::note::Note;
use crate::value::Value;

/// Cells with their values, the same for all formats.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// What was done, and what the table shows of it.
    pub title: String,
    /// Whether it compares makespans. Other tables show what was seen beside them.
    pub makespans: bool,
    /// Heads of the columns. The first column names the row.
    pub columns: Vec<Column>,
    /// Cells by row. Each row has as many as there are columns.
    pub rows: Vec<Vec<Value>>,
    /// What to know beside the cells.
    pub notes: Vec<Note>,
}

impl Table {
    /// A table without notes, of what was seen beside the makespans.
    pub(crate) fn new(
        title: impl Into<String>,
        columns: impl Into<Vec<Column>>,
        rows: impl IntoIterator<Item = Vec<Value>>,
    ) -> Self {
        Table {
            title: title.into(),
            makespans: false,
            columns: columns.into(),
            rows: rows.into_iter().collect(),
            notes: Vec::new(),
        }
    }

    /// Puts a column before the first one that has less room, or at the end.
    pub(crate) fn insert_before(&mut self, fit: Fit, filled: Option<(Column, Vec<Value>)>) {
        let Some((column, cells)) = filled else {
            return;
        };
        let first = self.columns.iter().position(|it| it.fit == fit);
        let at = first.unwrap_or(self.columns.len());
        self.columns.insert(at, column);
        for (row, value) in self.rows.iter_mut().zip(cells) {
            row.insert(at, value);
        }
    }
}

/// The head of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name. What follows a comma says which interval its cells have.
    pub name: Cow<'static, str>,
    /// Whether it holds numbers, which formats set to the right.
    pub number: bool,
    /// What becomes of it in a format that has little room.
    pub fit: Fit,
    /// How to read it. Formats show this wherever they show the column.
    pub note: Option<&'static str>,
}

/// What becomes of a column where lines would be too long. A format with room for everything ignores it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// It is always shown, and nothing in it is broken.
    Stays,
    /// It is always shown, and its texts are broken between words.
    Wraps,
    /// It is left out. Columns with the smallest number go first.
    LeftOut(u8),
    /// It is only shown where all columns before it fit too. A document leaves it out.
    WideOnly,
    /// It holds bars, and is only drawn on a terminal where there is room for them. Other formats have pictures.
    Bar,
}

impl Column {
    /// A column of names or words.
    pub(crate) fn text(name: impl Into<Cow<'static, str>>) -> Self {
        Column {
            name: name.into(),
            number: false,
            fit: Fit::Stays,
            note: None,
        }
    }

    /// A column of numbers.
    pub(crate) fn number(name: impl Into<Cow<'static, str>>) -> Self {
        Column {
            number: true,
            ..Column::text(name)
        }
    }

    /// The same, where there is little room.
    pub(crate) fn fit(self, fit: Fit) -> Self {
        Column { fit, ..self }
    }

    /// The same, with how to read it.
    pub(crate) fn note(self, note: &'static str) -> Self {
        Column {
            note: Some(note),
            ..self
        }
    }

    /// How to read it, after its name without the interval.
    pub(crate) fn explanation(&self) -> Option<String> {
        let name = self.name.split(',').next().unwrap_or_default();
        self.note.map(|note| format!("{name}: {note}"))
    }
}
