//! For a terminal of 80 columns.

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ContentArrangement, Table as Grid};

use crate::Table;

/// Widest line of a table.
const WIDTH: u16 = 80;

/// A table with its title above and its notes below.
pub fn terminal(table: &Table) -> String {
    let mut grid = Grid::new();
    grid.load_style(NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(WIDTH);
    grid.set_header(table.columns.iter().map(|column| &column.name))
        .add_rows(&table.rows);
    let last = table.columns.len() - 1;
    for (index, column) in table.columns.iter().enumerate() {
        let grid_column = grid
            .column_mut(index)
            .expect("the header has made all columns");
        // A name that is too long is cut at a hyphen, a text between words.
        grid_column.set_delimiter(if index == 0 { '-' } else { ' ' });
        grid_column.set_padding((0, u16::from(index < last)));
        if column.number {
            grid_column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let mut text = wrap("", &table.title);
    for line in grid.lines() {
        text += line.trim_end();
        text.push('\n');
    }
    for note in &table.notes {
        text += &wrap("* ", note);
    }
    text
}

/// A text on lines that fit, the later ones set in as far as the first mark.
pub fn wrap(mark: &str, text: &str) -> String {
    let mut lines = vec![mark.to_owned()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().expect("there is a first line");
        if line.chars().count() + word.chars().count() > usize::from(WIDTH) {
            lines.push(format!("{:1$}{word} ", "", mark.len()));
        } else {
            *line += word;
            line.push(' ');
        }
    }
    lines
        .iter()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect()
}
