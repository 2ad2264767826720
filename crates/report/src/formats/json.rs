//! For programs: everything that is known, as the published schema says.

use anyhow::{Context, Result};
use serde::Serialize;
use serde_json::{Map, Value as Json, json as object};

use crate::table::Table;
use crate::value::Value;

/// A value, indented, with a line break at its end.
///
/// # Errors
///
/// If the value cannot be written as JSON, because it has a map whose keys are no texts, say.
pub fn json(value: &impl Serialize) -> Result<String> {
    let text = serde_json::to_string_pretty(value).context("cannot write JSON")?;
    Ok(text + "\n")
}

/// Tables for programs: each row by the names of its columns. A cell has the text that people see, its exact number where it is one, and both ends
/// of its interval where it has one.
///
/// # Errors
///
/// As [`json`].
pub fn tables_json(tables: &[Table]) -> Result<String> {
    let cell = |value: &Value| {
        let mut cell = object!({"text": value.to_string()});
        if let Some(exact) = value.exact() {
            cell["value"] = object!(exact);
        }
        if let Some((low, high)) = value.interval() {
            cell["interval"] = object!([low, high]);
        }
        cell
    };
    let row = |table: &Table, row: &Vec<Value>| {
        let named = table.columns.iter().zip(row);
        let cells: Map<String, Json> = named
            .map(|(column, value)| (column.name.to_string(), cell(value)))
            .collect();
        Json::from(cells)
    };
    let table = |table: &Table| {
        let rows: Vec<Json> = table.rows.iter().map(|it| row(table, it)).collect();
        let notes: Vec<String> = table.notes.iter().map(ToString::to_string).collect();
        object!({"title": table.title, "rows": rows, "notes": notes})
    };
    json(&tables.iter().map(table).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Column;

    #[test]
    fn a_cell_has_its_text_its_number_and_its_interval() {
        let ratio = Value::Ratio {
            estimate: 2.0,
            interval: Some((1.5, 2.5)),
        };
        let rows = [vec![Value::name("a\"b"), ratio], vec![Value::Nothing; 2]];
        let columns = [Column::text("strategy"), Column::number("ratio, 95 % CI")];
        let table = Table::new("made up", columns, rows);
        let text = tables_json(&[table]).unwrap();
        let read: Json = serde_json::from_str(&text).unwrap();
        let rows = &read[0]["rows"];
        assert_eq!(rows[0]["strategy"], object!({"text": "a\"b"}));
        let ratio = object!({"text": "2.00 (1.50-2.50)", "value": 2.0, "interval": [1.5, 2.5]});
        assert_eq!(rows[0]["ratio, 95 % CI"], ratio);
        assert_eq!(rows[1]["strategy"], object!({"text": "-"}));
    }
}
