//! A table as a part of a page.

use std::fmt::Write;

use crate::formats::anchors::Anchors;
use crate::formats::footnotes::footnotes;
use crate::scene::escape;
use crate::table::{Fit, Table};
use crate::value::Value;

/// The table with its title and its notes. Each row has an anchor, and each cell that is a number has it in full, to sort by.
pub(crate) fn html(table: &Table, number: usize, anchors: &mut Anchors) -> String {
    let anchor = anchors.take(&format!("t{number}"));
    let title = anchors.take(&format!("{anchor}-title"));
    let mut text = format!(
        "<figure class=\"table\" id=\"{anchor}\">\n<figcaption id=\"{title}\">{}</figcaption>\n",
        escape(&table.title)
    );
    // Who has no pointer scrolls what has the focus.
    let _ = write!(
        text,
        "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-labelledby=\"{title}\">\n<table aria-labelledby=\"{title}\">\n<thead><tr>"
    );
    // A page has pictures.
    let columns = || {
        let all = table.columns.iter().enumerate();
        all.filter(|(_, column)| column.fit != Fit::Bar)
    };
    for (_, column) in columns() {
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
        let id = anchors.take(&format!("{anchor}-{}", name));
        let _ = write!(text, "<tr id=\"{id}\">");
        for (index, column) in columns() {
            text += &cell(&row[index], index == 0, column.number, &id);
        }
        text += "</tr>\n";
    }
    text += "</tbody>\n</table>\n</div>\n";
    let notes = footnotes(columns().map(|it| it.1), &table.notes);
    if !notes.is_empty() {
        text += "<ul class=\"notes\">\n";
        for note in notes {
            let text_of = match note.link() {
                Some(link) => escape(&note.text) + &anchor_to(link),
                None => escape(&note.to_string()),
            };
            let _ = writeln!(text, "<li>{text_of}</li>");
        }
        text += "</ul>\n";
    }
    text + "</figure>\n"
}

/// Where to read more.
fn anchor_to(link: &str) -> String {
    let shown = escape(link);
    format!("; see <a class=\"source\" rel=\"noreferrer\" href=\"{shown}\">{shown}</a>")
}

fn cell(value: &Value, head: bool, number: bool, id: &str) -> String {
    let shown = escape(&value.to_string());
    if head {
        return format!("<th scope=\"row\"><a href=\"#{id}\">{shown}</a></th>");
    }
    let class = if number { " class=\"n\"" } else { "" };
    // What is infinite has no place in an order by numbers.
    match value.exact().filter(|exact| exact.is_finite()) {
        Some(exact) => {
            let unit = value.unit();
            format!("<td{class} data-v=\"{exact}\" title=\"{exact}{unit}\">{shown}</td>")
        }
        None => format!("<td{class}>{shown}</td>"),
    }
}
