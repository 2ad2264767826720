//! The machine that a run is on: what it is ([`host`]), what it allows ([`limits`], [`affinity`]), how fast it computes (`pace`),
//! what its kernel counts (`kernel`), and what disturbs it ([`doctor`]).

pub mod affinity;
pub mod doctor;
pub mod host;
pub(crate) mod kernel;
pub mod limits;
pub(crate) mod pace;
