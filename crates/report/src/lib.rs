//! How results look.
//!
//! # Layout
//!
//! - [`tables`] makes one [`Table`] per workload out of a summary: the only place that decides what people see of a row.
//! - [`terminal()`], [`markdown()`] and [`csv()`] write it down; [`document()`] is a run's whole README; [`splice()`] puts a text
//!   into another.
//! - `format` rounds numbers for people. Files keep them whole.
//!
//! # Invariants
//!
//! - Pure: values in, text out. Nothing is measured, judged or estimated here.
//! - No estimate without its interval, or a dash where there is none.

#![forbid(unsafe_code)]

mod csv;
mod document;
mod format;
mod markdown;
mod splice;
mod table;
mod terminal;

pub use csv::csv;
pub use document::document;
pub use format::duration;
pub use markdown::markdown;
pub use splice::splice;
pub use table::{Table, tables};
pub use terminal::terminal;

#[cfg(test)]
mod tests;
