//! For GitHub.

use crate::formats::escape::markdown as escape;
use crate::formats::footnotes::footnotes;
use crate::table::{Column, Fit, Table};

/// A table with its title above and its notes below. Columns that only wide terminals have room for are left out.
pub fn markdown(table: &Table) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let columns = table.columns.iter().enumerate();
    let shown: Vec<(usize, &Column)> = columns
        .filter(|(_, column)| !matches!(column.fit, Fit::WideOnly | Fit::Bar))
        .collect();
    let columns = || shown.iter().map(|(_, column)| *column);
    let mut text = format!("**{}**\n\n", escape(&table.title));
    text += &line(columns().map(|column| escape(&column.name)).collect());
    let alignment = |column: &Column| if column.number { "---:" } else { "---" };
    text += &line(columns().map(|it| alignment(it).to_owned()).collect());
    for row in &table.rows {
        let cells = shown.iter().map(|(index, _)| row[*index].to_string());
        text += &line(cells.map(|cell| escape(&cell)).collect());
    }
    text.push('\n');
    for note in footnotes(columns(), &table.notes) {
        text += &match note.link() {
            Some(link) => format!("- {}; see <{link}>\n", escape(&note.text)),
            None => format!("- {}\n", escape(&note.to_string())),
        };
    }
    text
}

/// A sentence that must not be missed, as a paragraph.
pub fn bold(text: &str) -> String {
    format!("**{}**\n", escape(text))
}
