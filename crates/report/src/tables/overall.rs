//! Rows over all workloads.

use model::{Overall, OverallRow};

use crate::note::Note;
use crate::table::{Column, Table};
use crate::value::Value;

/// How far each row is from the best of each workload.
pub(crate) fn overall(overall: &Overall) -> Table {
    let row = |row: &OverallRow| {
        vec![
            Value::name(&row.row.to_string()),
            Value::Times(row.geometric_mean),
            Value::Times(row.worst),
            Value::name(&row.worst_in),
        ]
    };
    let columns = [
        Column::text("strategy"),
        Column::number("to the best"),
        Column::number("at worst").note("the largest of these ratios"),
        Column::text("in"),
    ];
    let title = format!(
        "All {} workloads: geometric mean of the ratios to the best row of each",
        overall.workloads.len()
    );
    let mut notes = vec![Note::caveat(
        "these means have no intervals; a difference within the noise floors is no finding",
    )];
    if !overall.left_out.is_empty() {
        let left_out: Vec<String> = overall.left_out.iter().map(ToString::to_string).collect();
        let left_out = left_out.join(", ");
        notes.push(Note::caveat(format!("not in all of them: {left_out}")));
    }
    Table {
        notes,
        ..Table::new(title, columns, overall.rows.iter().map(row))
    }
}
