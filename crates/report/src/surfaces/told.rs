//! What is shown.

use model::gate::{Gate, GateRow};

/// A gate, and how one row of it is repeated.
pub struct Told<'a> {
    /// What it found.
    pub gate: &'a Gate,
    /// The command that measures one row again.
    pub repeat: &'a dyn Fn(&GateRow) -> String,
}
