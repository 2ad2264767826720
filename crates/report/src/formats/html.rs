//! A table as a part of a page.

use std::fmt::Write;

use crate::formats::footnotes::footnotes;
use crate::scene::escape;
use crate::table::Table;
use crate::value::Value;

/// The table with its title and its notes. Each row has an anchor, and each cell that is a number has it in full, to sort by.
pub(crate) fn html(table: &Table, anchor: &str) -> String {
    let mut text = format!(
        "<figure class=\"table\" id=\"{}\">\n<figcaption>{}</figcaption>\n",
        escape(anchor),
        escape(&table.title)
    );
    text += "<div class=\"scroll\" tabindex=\"0\">\n<table>\n<thead><tr>";
    for column in &table.columns {
        let class = if column.number { " class=\"n\"" } else { "" };
        let _ = write!(
            text,
            "<th scope=\"col\"{class}><button type=\"button\">{}</button></th>",
            escape(&column.name)
        );
    }
    text += "</tr></thead>\n<tbody>\n";
    for row in &table.rows {
        let name = row.first().map(ToString::to_string).unwrap_or_default();
        let id = format!("{anchor}-{}", plain(&name));
        let _ = write!(text, "<tr id=\"{}\">", escape(&id));
        for (index, (value, column)) in row.iter().zip(&table.columns).enumerate() {
            text += &cell(value, index == 0, column.number, &id);
        }
        text += "</tr>\n";
    }
    text += "</tbody>\n</table>\n</div>\n";
    let notes = footnotes(table.columns.iter(), &table.notes);
    if !notes.is_empty() {
        text += "<ul class=\"notes\">\n";
        for note in notes {
            let _ = writeln!(text, "<li>{}</li>", escape(&note));
        }
        text += "</ul>\n";
    }
    text + "</figure>\n"
}

fn cell(value: &Value, head: bool, number: bool, id: &str) -> String {
    let shown = escape(&value.to_string());
    if head {
        return format!(
            "<th scope=\"row\"><a href=\"#{}\">{shown}</a></th>",
            escape(id)
        );
    }
    let class = if number { " class=\"n\"" } else { "" };
    match value.exact() {
        Some(exact) => format!("<td{class} data-v=\"{exact}\" title=\"{exact}\">{shown}</td>"),
        None => format!("<td{class}>{shown}</td>"),
    }
}

/// The same text as a part of an anchor.
pub(crate) fn plain(text: &str) -> String {
    let kept = text.chars().map(|it| {
        if it.is_ascii_alphanumeric() {
            it.to_ascii_lowercase()
        } else {
            '-'
        }
    });
    let kept: String = kept.take(80).collect();
    let parts = kept.split('-').filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("-")
}
