//! The machine that a run is on.

pub mod affinity;
pub mod doctor;
pub mod host;
pub mod kernel;
pub mod limits;
pub(crate) mod pace;
