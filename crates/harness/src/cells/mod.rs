//! What is run: from the names in a spec to cells that are ready to be opened and judged.
//!
//! A [`Registry`](registry::Registry) knows all strategies and workloads of this executable. [`prepare`] makes cells of a spec,
//! each with its [`Backend`](backend::Backend). [`fit`] takes out what this machine has no room for, [`pairs`] enters the A/A
//! pairs, and [`draws`] says what a cell must show in a round.

pub(crate) mod backend;
pub(crate) mod calibrate;
pub(crate) mod draws;
pub mod fit;
pub(crate) mod pairs;
pub(crate) mod prepare;
pub(crate) mod prepared;
pub(crate) mod registry;
