//! The published form of `summary.json`.

use clap::Args;
use harness::Registry;
use model::Summary;
use schemars::schema_for;

use crate::exit::Exit;
use crate::output;

/// Print the JSON Schema of summary.json
#[derive(Args, Debug)]
pub(crate) struct Arguments {}

pub(crate) fn carry_out(_: &Registry, _: &Arguments) -> Result<(), Exit> {
    // A value has its keys in the order of their names.
    let schema = serde_json::to_value(schema_for!(Summary)).map_err(anyhow::Error::from)?;
    output::line(report::json(&schema)?.trim_end());
    Ok(())
}
