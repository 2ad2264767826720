//! What stands under a table, in the order of all formats.

use std::fmt;

use crate::note::Note;
use crate::table::Column;

/// One line under a table. Its texts are not escaped.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Footnote {
    /// What it says.
    pub(crate) text: String,
    /// Where to read more: an address.
    pub(crate) source: Option<String>,
}

/// How to read the columns that are shown, then the notes by their kind.
pub(crate) fn footnotes<'a>(
    shown: impl Iterator<Item = &'a Column>,
    notes: &[Note],
) -> Vec<Footnote> {
    let mut notes: Vec<&Note> = notes.iter().collect();
    notes.sort_by_key(|note| note.kind);
    let notes = notes.into_iter().map(|note| Footnote {
        text: note.to_string(),
        source: note.source.clone(),
    });
    let columns = shown.filter_map(Column::explanation);
    let columns = columns.map(|text| Footnote { text, source: None });
    columns.chain(notes).collect()
}

impl Footnote {
    /// The source, if it is an address that needs no escaping anywhere. Otherwise it is text.
    pub(crate) fn link(&self) -> Option<&str> {
        let plain = |it: char| it.is_ascii_alphanumeric() || ":/._%#?=&-".contains(it);
        let source = self.source.as_deref()?;
        (source.starts_with("https://") && source.chars().all(plain)).then_some(source)
    }
}

/// For a format without links.
impl fmt::Display for Footnote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        let mut source = self.source.iter();
        source.try_for_each(|source| write!(f, "; see {source}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note::NoteKind;

    #[test]
    fn columns_are_explained_first_and_notes_follow_by_kind() {
        let columns = [
            Column::text("strategy"),
            Column::number("change, 95 % CI").note("below 1 the row needs less time"),
        ];
        let notes = [
            Note::statement("b"),
            Note::caveat("c"),
            Note::statement("a"),
            Note::finding("d"),
            Note::new(NoteKind::Reason, "e").from("https://example.org/"),
        ];
        let expected = [
            "change: below 1 the row needs less time",
            "d",
            "e; see https://example.org/",
            "c",
            "b",
            "a",
        ];
        let found = footnotes(columns.iter(), &notes);
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(found, expected);
    }
}
