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
    output::line(output::json(&schema_for!(Summary))?.trim_end());
    Ok(())
}
