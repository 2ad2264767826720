//! For GitHub.

use crate::Table;
use crate::formats::escape::markdown as escape;
use crate::table::Fit;

/// A table with its title above and its notes below. Columns that only wide terminals have room for are left out.
pub fn markdown(table: &Table) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let shown: Vec<usize> = (0..table.columns.len())
        .filter(|index| table.columns[*index].fit != Fit::WideOnly)
        .collect();
    let columns = || shown.iter().map(|index| &table.columns[*index]);
    let mut text = format!("**{}**\n\n", escape(&table.title));
    text += &line(columns().map(|column| escape(&column.name)).collect());
    text += &line(
        columns()
            .map(|column| if column.number { "---:" } else { "---" }.to_owned())
            .collect(),
    );
    for row in &table.rows {
        text += &line(shown.iter().map(|index| escape(&row[*index])).collect());
    }
    text.push('\n');
    for note in columns()
        .filter_map(|it| it.note)
        .chain(table.notes.iter().map(String::as_str))
    {
        text += &format!("- {}\n", escape(note));
    }
    text
}

/// A sentence that must not be missed, as a paragraph.
pub fn bold(text: &str) -> String {
    format!("**{}**\n", escape(text))
}
