//! The published form of `summary.json`.

use model::Summary;
use schemars::schema_for;

use crate::exit::Exit;

pub(crate) fn schema() -> Result<(), Exit> {
    println!(
        "{:#}",
        serde_json::to_value(schema_for!(Summary)).map_err(|error| Exit::Crash(error.into()))?
    );
    Ok(())
}
