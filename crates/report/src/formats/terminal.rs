//! For a terminal of some width.

use std::iter;

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ContentArrangement, Table as Grid};
use unicode_width::UnicodeWidthStr;

use crate::formats::escape::terminal as escape;
use crate::formats::footnotes::footnotes;
use crate::formats::screen::{Screen, Shade, shaded};
use crate::table::{Column, Fit, Table};
use crate::value::{Tone, Value};

/// Columns of a terminal that says nothing of its size.
pub const WIDTH: usize = 80;

/// Bars are drawn where they have this many columns, and get no more than the second.
const BAR: (usize, usize) = (6, 24);

/// A table with its title above and its notes below, in lines that fit the screen.
///
/// Where a line would be longer, heads are broken between words, then columns are left out as their [`Fit`] says, then texts are
/// broken between words, and last the other columns follow in a second grid below. Names and numbers are never broken.
pub fn terminal(table: &Table, screen: Screen) -> String {
    let width = screen.columns;
    let title = wrap_to("", &escape(&table.title), width);
    let mut text: String = title
        .lines()
        .map(|line| shaded(line, Shade::Strong) + "\n")
        .collect();
    let shown = shown(table, width);
    let blocks = blocks(&shown, width);
    let grids = blocks.iter().map(|block| grid(block, width));
    text += &grids.collect::<Vec<_>>().join("\n");
    for note in footnotes(shown.iter().map(|it| it.column), &table.notes) {
        text += &wrap_to("* ", &escape(&note.to_string()), width);
    }
    screen.painted(&text)
}

/// A column with the texts of its cells.
#[derive(Clone)]
struct Texts<'a> {
    column: &'a Column,
    head: String,
    cells: Vec<String>,
}

impl Texts<'_> {
    fn widest_cell(&self) -> usize {
        self.cells
            .iter()
            .map(|cell| cell.width())
            .max()
            .unwrap_or_default()
    }

    /// As narrow as it can be without breaking a name or a number.
    fn least(&self) -> usize {
        if self.column.fit == Fit::Wraps {
            return 24.min(self.full());
        }
        let words = self.head.split(' ').map(|word| word.width());
        words.max().unwrap_or_default().max(self.widest_cell())
    }

    fn full(&self) -> usize {
        self.head.width().max(self.widest_cell())
    }
}

fn line<'a>(columns: &[Texts<'a>], of: impl Fn(&Texts<'a>) -> usize) -> usize {
    columns
        .iter()
        .map(|it| of(it) + 1)
        .sum::<usize>()
        .saturating_sub(1)
}

/// The text of a cell. Where bars will stand is nothing but their room.
fn cell(value: &Value) -> String {
    let shade = match value {
        Value::Bar { .. } => return " ".repeat(BAR.0),
        Value::Word { tone, .. } => Some(*tone),
        _ => None,
    };
    let text = escape(&value.to_string());
    match shade {
        None => text,
        Some(Tone::Good) => shaded(&text, Shade::Good),
        Some(Tone::Bad) => shaded(&text, Shade::Bad),
        Some(Tone::Quiet) => shaded(&text, Shade::Quiet),
    }
}

/// A bar in eighths of a column.
fn bar(value: &Value, wide: usize) -> String {
    let Value::Bar { part } = value else {
        return String::new();
    };
    let eighths = (part.clamp(0.0, 1.0) * wide as f64 * 8.0).round() as usize;
    let mut bar = "\u{2588}".repeat(eighths / 8);
    bar.extend(match eighths % 8 {
        0 => None,
        rest => char::from_u32(0x2590 - rest as u32),
    });
    shaded(&bar, Shade::Bar)
}

/// The columns that there is room for.
fn shown(table: &Table, width: usize) -> Vec<Texts<'_>> {
    let columns = table.columns.iter().enumerate();
    let filled = columns.map(|(index, column)| Texts {
        head: escape(&column.name),
        cells: table.rows.iter().map(|row| cell(&row[index])).collect(),
        column,
    });
    let mut shown: Vec<Texts> = filled.collect();
    // A column that is only for wide terminals must fit with its head in one piece.
    let wide_only = |it: &Texts| matches!(it.column.fit, Fit::WideOnly | Fit::Bar);
    while line(&shown, Texts::full) > width {
        let Some(last) = shown.iter().rposition(wide_only) else {
            break;
        };
        shown.remove(last);
    }
    let room = width.saturating_sub(line(&shown, Texts::full));
    for (index, column) in table.columns.iter().enumerate() {
        let bars = shown.iter_mut().find(|it| it.column == column);
        if let Some(texts) = bars.filter(|_| column.fit == Fit::Bar) {
            let wide = (BAR.0 + room).min(BAR.1);
            let bar = |row: &Vec<Value>| bar(&row[index], wide);
            texts.cells = table.rows.iter().map(bar).collect();
        }
    }
    while line(&shown, Texts::least) > width {
        let rank = |it: &Texts| match it.column.fit {
            Fit::LeftOut(rank) => Some(rank),
            _ => None,
        };
        let Some(first) = shown.iter().filter_map(rank).min() else {
            break;
        };
        shown.retain(|it| rank(it) != Some(first));
    }
    shown
}

/// Columns that stand beside each other, each time with the first.
fn blocks<'a>(shown: &[Texts<'a>], width: usize) -> Vec<Vec<Texts<'a>>> {
    let Some((first, others)) = shown.split_first() else {
        return Vec::new();
    };
    let mut blocks = vec![vec![first.clone()]];
    for other in others {
        let block = blocks.last_mut().expect("there is a first block");
        let long = line(block, Texts::least) + 1 + other.least() > width;
        if long && block.len() > 1 {
            blocks.push(vec![first.clone(), other.clone()]);
        } else {
            block.push(other.clone());
        }
    }
    blocks
}

fn grid(block: &[Texts], width: usize) -> String {
    let narrow = line(block, Texts::full) > width;
    let room = width.saturating_sub(line(block, Texts::least));
    let wide = |it: &Texts| match (narrow, it.column.fit) {
        (false, _) => it.full(),
        (true, Fit::Wraps) => it.least() + room,
        (true, _) => it.least(),
    };
    let mut grid = Grid::new();
    grid.load_style(NOTHING)
        .set_content_arrangement(ContentArrangement::Disabled);
    grid.set_header(block.iter().map(|it| broken(&it.head, wide(it))));
    let rows = block
        .iter()
        .map(|it| it.cells.len())
        .max()
        .unwrap_or_default();
    for row in 0..rows {
        let cell = |it: &Texts| match it.column.fit {
            Fit::Wraps => broken(&it.cells[row], wide(it)),
            _ => it.cells[row].clone(),
        };
        grid.add_row(block.iter().map(cell));
    }
    for (index, it) in block.iter().enumerate() {
        let column = grid.column_mut(index);
        let column = column.expect("the header has made all columns");
        column.set_padding((0, u16::from(index + 1 < block.len())));
        if it.column.number {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    grid.lines()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect()
}

/// A text with a line break instead of a space wherever a line would be longer.
fn broken(text: &str, width: usize) -> String {
    let mut lines = Vec::new();
    let mut current = String::new();
    for word in text.split(' ') {
        if !current.is_empty() && current.width() + 1 + word.width() > width {
            lines.push(std::mem::take(&mut current));
        }
        if !current.is_empty() {
            current.push(' ');
        }
        current += word;
    }
    lines.push(current);
    lines.join("\n")
}

/// A text on lines of 80 columns, the later ones set in as far as the first mark.
pub fn wrap(mark: &str, text: &str) -> String {
    wrap_to(mark, &escape(text), WIDTH)
}

pub(crate) fn wrap_to(mark: &str, text: &str, width: usize) -> String {
    let mut lines = vec![mark.to_owned()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().expect("there is a first line");
        let started = line.len() > mark.len();
        if started && line.width() + word.width() > width {
            lines.push(format!("{:1$}{word} ", "", mark.len()));
        } else {
            *line += word;
            line.push(' ');
        }
    }
    let lines = lines.iter().map(|line| line.trim_end());
    lines
        .flat_map(|line| iter::once(line).chain(iter::once("\n")))
        .collect()
}
