//! A specification of Vega-Lite 5 with its data in it: for whoever draws pictures of their own.

use anyhow::Result;
use model::{CellSummary, Outcome, Summary};
use serde_json::{Value, json};

use crate::formats::escape::terminal;
use crate::order::ORDERS;

/// Makespans with their intervals and floors, a panel for each workload.
pub(crate) fn vega_lite(summary: &Summary) -> Result<String> {
    let summary = ORDERS[0].of(summary);
    let rows = summary.cells.iter();
    let rows = rows.filter(|cell| cell.row.twin_of().is_none());
    let values: Vec<Value> = rows.map(row).collect();
    let strategy = json!({"field": "strategy", "type": "nominal", "sort": null, "title": null});
    let time = |field: &str| json!({"field": field, "type": "quantitative", "title": "makespan, ns", "scale": {"type": "log"}});
    let tooltip: Vec<Value> = [
        "strategy",
        "makespan_ns",
        "low_ns",
        "high_ns",
        "floor_ns",
        "samples",
    ]
    .map(|field| json!({"field": field}))
    .into();
    let specification = json!({
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "title": terminal(&summary.spec.name),
        "description": "Medians with 95 % intervals. The rule without a mark is the floor. Rows without a result are in the data, with the reason.",
        "data": {"values": values},
        "transform": [{"filter": "datum.makespan_ns !== null"}],
        "facet": {"field": "workload", "type": "nominal", "columns": 1, "title": null},
        "resolve": {"scale": {"x": "independent", "y": "independent"}},
        "spec": {
            "layer": [
                {"mark": {"type": "tick", "color": "#b3541e", "thickness": 2}, "encoding": {"y": strategy, "x": time("floor_ns")}},
                {"mark": "rule", "encoding": {"y": strategy, "x": time("low_ns"), "x2": {"field": "high_ns"}}},
                {"mark": {"type": "point", "filled": true}, "encoding": {"y": strategy, "x": time("makespan_ns"), "tooltip": tooltip}},
            ],
        },
    });
    Ok(serde_json::to_string_pretty(&specification)? + "\n")
}

fn row(cell: &CellSummary) -> Value {
    let wall = cell.wall_ns.filter(|_| cell.outcome == Outcome::Measured);
    json!({
        "workload": terminal(&cell.workload),
        "strategy": terminal(&cell.row.to_string()),
        "makespan_ns": wall.map(|it| it.median),
        "low_ns": wall.and_then(|it| it.low),
        "high_ns": wall.and_then(|it| it.high),
        "floor_ns": cell.floor_ns,
        "samples": cell.samples,
        "reason": cell.reason.as_deref().map(terminal),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::summary;

    /// All fields that encodings and transforms name.
    fn fields(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(keys) => {
                if let Some(field) = keys.get("field").and_then(Value::as_str) {
                    found.push(field.to_owned());
                }
                keys.values().for_each(|it| fields(it, found));
            }
            Value::Array(items) => items.iter().for_each(|it| fields(it, found)),
            _ => {}
        }
    }

    #[test]
    fn every_field_that_is_drawn_is_in_the_data() {
        let text = vega_lite(&summary()).unwrap();
        let mut specification: Value = serde_json::from_str(&text).unwrap();
        let data = specification["data"]["values"].take();
        let rows = data.as_array().unwrap();
        assert_eq!(rows.len(), 4);
        let mut named = Vec::new();
        fields(&specification, &mut named);
        assert!(named.len() > 8, "{named:?}");
        for field in named {
            assert!(rows.iter().all(|row| row.get(&field).is_some()), "{field}");
        }
        let failed = rows.last().unwrap();
        assert!(failed["makespan_ns"].is_null() && failed["reason"].is_string());
        assert!(rows[0]["makespan_ns"].as_u64() < rows[2]["makespan_ns"].as_u64());
    }
}
