//! How results look.
//!
//! # Layout
//!
//! - [`tables`] makes the [`Table`]s of a summary, one per workload, or a few for all sizes of a sweep; [`all_tables`] has each size
//!   too. What people see of a row is decided in `columns` and, for sweeps, in `series`; of a workload in `shared`.
//! - [`terminal()`], for a width that it is told, [`markdown()`] and [`csv()`] write it down; [`document()`] is a run's whole README; [`splice()`] puts a text
//!   into another; [`wrap`] makes lines that fit.
//! - [`comparison()`] puts two runs side by side; [`false_alarms()`], [`power()`] and [`trial()`] are about the judgement itself.
//! - `format` rounds numbers for people. Files keep them whole. `escape` has one function per format, which every text passes.
//!
//! # Invariants
//!
//! - Pure: values in, text out. Nothing is measured, judged or estimated here.
//! - No estimate without its interval, or a dash where there is none.

#![forbid(unsafe_code)]

mod columns;
mod comparison;
mod csv;
mod document;
mod escape;
mod format;
mod markdown;
mod overview;
mod series;
mod shared;
mod splice;
mod table;
mod terminal;
mod trial;

pub use comparison::comparison;
pub use csv::csv;
pub use document::document;
pub use escape::{lines, terminal as one_line};
pub use format::duration;
pub use markdown::{bold, markdown};
pub use splice::splice;
pub use table::{Column, Fit, Table, all_tables, tables};
pub use terminal::{WIDTH, terminal, wrap};
pub use trial::{false_alarms, power, trial};

#[cfg(test)]
mod tests;
