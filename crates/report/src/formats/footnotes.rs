//! What stands under a table, in the order of all formats.

use crate::note::Note;
use crate::table::Column;

/// How to read the columns that are shown, then the notes by their kind. The texts are not escaped.
pub(crate) fn footnotes<'a>(
    shown: impl Iterator<Item = &'a Column>,
    notes: &[Note],
) -> Vec<String> {
    let mut notes: Vec<&Note> = notes.iter().collect();
    notes.sort_by_key(|note| note.kind);
    let notes = notes.into_iter().map(ToString::to_string);
    shown.filter_map(Column::explanation).chain(notes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

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
        ];
        let expected = [
            "change: below 1 the row needs less time",
            "d",
            "c",
            "b",
            "a",
        ];
        assert_eq!(footnotes(columns.iter(), &notes), expected);
    }
}
