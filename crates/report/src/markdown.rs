//! For GitHub.

use crate::Table;

/// A table with its title above and its notes below.
pub fn markdown(table: &Table) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut text = format!("**{}**\n\n", escape(&table.title));
    text += &line(
        table
            .columns
            .iter()
            .map(|column| escape(&column.name))
            .collect(),
    );
    text += &line(
        table
            .columns
            .iter()
            .map(|column| if column.number { "---:" } else { "---" }.to_owned())
            .collect(),
    );
    for row in &table.rows {
        text += &line(row.iter().map(|cell| escape(cell)).collect());
    }
    text.push('\n');
    for note in &table.notes {
        text += &format!("- {}\n", escape(note));
    }
    text
}

/// Takes the meaning from what Markdown would read as more than text.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(
            character,
            '|' | '*' | '_' | '<' | '>' | '`' | '[' | ']' | '\\'
        ) {
            escaped.push('\\');
        }
        escaped.push(if character == '\n' { ' ' } else { character });
    }
    escaped
}
