//! The published form of `summary.json`.

use model::Summary;
use schemars::schema_for;

use crate::exit::Exit;
use crate::output;

pub(crate) fn schema() -> Result<(), Exit> {
    output::line(format_args!(
        "{:#}",
        serde_json::to_value(schema_for!(Summary)).map_err(|error| Exit::Crash(error.into()))?
    ));
    Ok(())
}
