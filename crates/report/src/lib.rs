//! How results look: values in, text out.
//!
//! # What flows through
//!
//! A [`model::Summary`] comes in. `tables/` makes [`Table`]s of it: typed cells ([`Value`]), [`Column`]s and [`Note`]s. `formats/` makes
//! text of a table, or of the whole summary. [`document()`] makes a run's README of all tables, and [`splice()`] puts text into a
//! document that people write.
//!
//! | file | noun |
//! | --- | --- |
//! | `value` | what stands in a cell, with its exact number |
//! | `note` | what stands under a table, with its rows and its kind |
//! | `table` | a table and its columns |
//! | `numbers` | how a number is rounded for people |
//! | `tables/` | one file per kind of table; `run` lists those of a run, `columns` those of a workload's tables, `notes` what stands under them |
//! | `formats/` | one file per format, and the list of them; `escape` has one function for each, `screen` the width and the colours of a terminal, `footnotes` the order of notes, `anchors` the addresses in a page |
//! | `document` | the README of a run, and of a trial |
//! | `gallery` | the README of a folder with a run of each scenario |
//! | `order` | in which order rows stand, and the list of orders |
//! | `sections` | which tables of a run belong together |
//! | `question` | what a workload asks, and how its lower bound follows from its sizes |
//! | `machine` | the machine and the build, as names and values |
//! | `reasons` | the page of all reasons, made of the catalogue |
//! | `answer` | what a workload says, in sentences made from its verdicts |
//! | `scene/` | marks at places, scales, widths of texts, and how they become SVG |
//! | `plots/` | one file per picture, and the list of them |
//! | `timeline/` | what each unit did and when: one file per form, and the list of them |
//! | `page/` | the whole run as one page, by a template |
//! | `surfaces/` | a gate where CI shows it: one file per surface, and the list of them |
//! | `splice` | marks in a document, and what stands between them |
//!
//! # To add a format
//!
//! 1. Write one file in `formats/`, with a function from a [`Table`] or a [`model::Summary`] to text.
//! 2. Give `formats/escape` a function for it, and pass every text through that function.
//! 3. Add one line to [`FORMATS`]: its name, its file in a run folder if it has one, and the function.
//! 4. Run the tests. `report --format` knows the name, and a run writes the file.
//!
//! # To add a picture or a surface
//!
//! - A picture is one file in `plots/`, with a function from a [`model::Summary`] to a scene, and one line in its list. What changes how it is
//!   read stands inside it. A test looks whether any text lies on another.
//! - A surface, where CI shows a gate, is one file in `surfaces/` and one line in [`SURFACES`].
//!
//! # To add a column or a table
//!
//! - A column of a workload's table is one line in `tables/columns`. If a reader cannot guess what it holds, give it a note.
//! - A table is one file in `tables/`. A table of a run has a line in `tables/run`.
//! - A kind of cell is one variant of [`Value`], with its text in `Display` and its rounding in `numbers`.
//!
//! # Invariants
//!
//! - It is pure. It measures, judges and estimates nothing. It opens no file.
//! - A table knows no width. A format that has room shows every column, and can read exact numbers from the cells.
//! - Only `numbers` rounds. Files keep numbers whole.
//! - Every text passes the `escape` function of its format, because names, reasons and errors may come from outside.
//! - An estimate has an interval beside it, or a dash where there is none. The table over all workloads has none, and says so.

#![forbid(unsafe_code)]

mod answer;
mod document;
mod formats;
mod gallery;
mod machine;
mod note;
mod numbers;
mod order;
mod page;
mod plots;
mod question;
mod reasons;
mod scene;
mod sections;
mod splice;
mod surfaces;
mod table;
mod tables;
mod timeline;
mod value;

pub use answer::{answer, answers};
pub use document::{document, gate_trial_document, measured_on, merged_document, trial_document};
pub use formats::criterion::{CriterionFiles, criterion};
pub use formats::csv::csv;
pub use formats::escape::{lines, markdown as escaped, terminal as one_line};
pub use formats::json::{json, tables_json};
pub use formats::markdown::{bold, markdown};
pub use formats::screen::Screen;
pub use formats::terminal::{WIDTH, terminal, wrap};
pub use formats::{FORMATS, Format, Writes, files};
pub use gallery::{Shown, gallery_document};
pub use note::{Note, NoteKind, NotedRows};
pub use numbers::duration;
pub use order::{ORDERS, Order};
pub use page::{page, pages};
pub use plots::{Plot, plots};
pub use reasons::reasons_document;
pub use splice::{Spliced, splice};
pub use surfaces::{ANNOTATIONS, SUMMARY, SURFACES, Surface, Told};
pub use table::{Column, Fit, Table};
pub use tables::bisect::bisect;
pub use tables::comparison::comparison;
pub use tables::gate::gate;
pub use tables::gate_trial::gate_trials;
pub use tables::history::history;
pub use tables::notes::caveats;
pub use tables::reproduction::{reproduction, reproduction_answer, reproductions_document};
pub use tables::run::{all_tables, tables};
pub use tables::simulation::simulation;
pub use tables::trial::{false_alarms, p_shares, power};
pub use timeline::{TIMELINES, TimelineForm};
pub use value::{Tone, Value};

#[cfg(test)]
mod tests;
