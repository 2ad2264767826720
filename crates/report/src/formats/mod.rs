//! The list of formats, and of the files of a run. A format is one file here and one line in [`FORMATS`].

pub(crate) mod anchors;
pub(crate) mod criterion;
pub(crate) mod csv;
pub(crate) mod escape;
pub(crate) mod footnotes;
pub(crate) mod html;
mod hyperfine;
pub(crate) mod json;
pub(crate) mod markdown;
mod samples;
pub(crate) mod screen;
pub(crate) mod terminal;
mod vega_lite;

use anyhow::Result;
use model::{Recorded, Summary};

use crate::document::document;
use crate::formats::screen::Screen;
use crate::page::page;
use crate::surfaces::{benchmark_action_of_run, bmf_of_run};
use crate::table::Table;

/// One way to write results down.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// What `--format` takes.
    pub name: &'static str,
    /// Its file in the folder of a run. Without one, it is only printed.
    pub file: Option<&'static str>,
    /// What it writes, and how.
    pub writes: Writes,
}

/// What a format writes.
#[derive(Clone, Copy, Debug)]
pub enum Writes {
    /// Tables, one after the other.
    Tables {
        /// A table, for such a screen where the format is one for screens.
        table: fn(&Table, Screen) -> String,
        /// A sentence above the tables that must not be missed.
        warning: fn(&str) -> String,
    },
    /// A whole run: a document that people read, or all its numbers.
    Run(fn(&Summary) -> Result<String>),
    /// A whole run with its samples: a page with pictures, or the samples themselves.
    Samples(fn(&Summary, &Recorded) -> Result<String>),
}

/// All formats.
pub const FORMATS: [Format; 11] = [
    Format {
        name: "terminal",
        file: None,
        writes: Writes::Tables {
            table: terminal::terminal,
            warning: |text| escape::terminal(text) + "\n",
        },
    },
    Format {
        name: "markdown",
        file: None,
        writes: Writes::Tables {
            table: |table, _| markdown::markdown(table),
            warning: markdown::bold,
        },
    },
    Format {
        name: "json",
        file: Some("summary.json"),
        writes: Writes::Run(json::json),
    },
    Format {
        name: "csv",
        file: Some("summary.csv"),
        writes: Writes::Run(csv::csv),
    },
    Format {
        name: "document",
        file: Some("README.md"),
        writes: Writes::Run(|summary| Ok(document(summary))),
    },
    Format {
        name: "html",
        file: None,
        writes: Writes::Samples(|summary, recorded| page(summary, recorded, None)),
    },
    Format {
        name: "samples",
        file: None,
        writes: Writes::Samples(samples::samples),
    },
    Format {
        name: "hyperfine",
        file: None,
        writes: Writes::Samples(hyperfine::hyperfine),
    },
    Format {
        name: "vega-lite",
        file: None,
        writes: Writes::Run(vega_lite::vega_lite),
    },
    Format {
        name: "bmf",
        file: None,
        writes: Writes::Run(bmf_of_run),
    },
    Format {
        name: "benchmark-action",
        file: None,
        writes: Writes::Run(benchmark_action_of_run),
    },
];

/// The files of a run that follow from its samples: names and texts.
///
/// # Errors
///
/// If a format cannot write the summary.
pub fn files(summary: &Summary) -> Result<Vec<(&'static str, String)>> {
    let file = |format: &Format| match (format.file, format.writes) {
        (Some(name), Writes::Run(write)) => Some(write(summary).map(|text| (name, text))),
        _ => None,
    };
    FORMATS.iter().filter_map(file).collect()
}
