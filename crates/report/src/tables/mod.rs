//! One file for each kind of table.

pub(crate) mod calibration;
pub(crate) mod columns;
pub(crate) mod comparison;
pub(crate) mod computing;
pub(crate) mod crossover;
pub(crate) mod notes;
pub(crate) mod simulation;
pub(crate) mod sweep;
pub(crate) mod trial;
