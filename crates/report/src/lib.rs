//! How results look.
//!
//! # Layout
//!
//! - [`tables()`] makes the [`Table`]s of a summary, one per workload, or a few for all sizes of a sweep; [`all_tables`] has each size
//!   too. What people see of a row is decided in `tables/columns` and, for sweeps, in `tables/sweep`; of a workload in `tables/notes`.
//! - [`terminal()`], for a width that it is told, [`markdown()`] and [`csv()`] write it down; [`document()`] is a run's whole README; [`splice()`] puts a text
//!   into another; [`wrap`] makes lines that fit.
//! - [`comparison()`] puts two runs side by side; [`false_alarms()`], [`p_shares()`], [`power()`], [`simulation()`] and [`trial()`] are about the judgement itself.
//! - `numbers` rounds for people. Files keep them whole. `formats/escape` has one function per format, which every text passes.
//!
//! # Invariants
//!
//! - Pure: values in, text out. Nothing is measured, judged or estimated here.
//! - No estimate without its interval, or a dash where there is none.

#![forbid(unsafe_code)]

mod document;
mod formats;
mod note;
mod numbers;
mod splice;
mod table;
mod tables;
mod value;

pub use document::{document, trial_document};
pub use formats::csv::csv;
pub use formats::escape::{lines, terminal as one_line};
pub use formats::json::json;
pub use formats::markdown::{bold, markdown};
pub use formats::terminal::{WIDTH, terminal, wrap};
pub use formats::{FORMATS, Format, Writes, files};
pub use note::{Note, NoteKind, NotedRows};
pub use numbers::duration;
pub use splice::splice;
pub use table::{Column, Fit, Table};
pub use tables::comparison::comparison;
pub use tables::gate::gate;
pub use tables::notes::caveats;
pub use tables::run::{all_tables, tables};
pub use tables::simulation::simulation;
pub use tables::trial::{false_alarms, p_shares, power};
pub use value::Value;

#[cfg(test)]
mod tests;
